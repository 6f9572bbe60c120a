// SPDX-License-Identifier: GPL-2.0
// numbers.ts - Numbers of the kernel's interface that Node has no names for
//
// The table of system calls is that of the host; the kernel is built for x86-64.

export const SYS = {
	fstat: 5, lseek: 8, pread64: 17, pwrite64: 18, read: 0, write: 1, close: 3, readv: 19, writev: 20,
	socket: 41, shutdown: 48, bind: 49, listen: 50, getsockname: 51, getpeername: 52, setsockopt: 54,
	fsync: 74, fdatasync: 75, truncate: 76, ftruncate: 77, getcwd: 79, rename: 82, mkdir: 83, rmdir: 84, link: 86, unlink: 87,
	symlink: 88, readlink: 89, chmod: 90, fchmod: 91, chown: 92, fchown: 93, lchown: 94, statfs: 137, sync: 162,
	setxattr: 188, lsetxattr: 189, fsetxattr: 190, getxattr: 191, lgetxattr: 192, fgetxattr: 193, listxattr: 194, llistxattr: 195,
	flistxattr: 196, removexattr: 197, lremovexattr: 198, fremovexattr: 199, getdents64: 217, openat: 257, faccessat: 269,
	utimensat: 280, open: 2, statx: 332,
} as const;

export type Syscall = keyof typeof SYS;

export const AT_FDCWD = -100;
export const AT_SYMLINK_NOFOLLOW = 0x100;
export const AT_EMPTY_PATH = 0x1000;
export const O_CLOEXEC = 0x80000;

/** STATX_BASIC_STATS | STATX_BTIME */
export const STATX_ALL = 0xfff;

export const MS_RDONLY = 1;
export const MS_NOATIME = 1024;
export const DISK_READONLY = 1;
export const DISK_SCRATCH = 2;
