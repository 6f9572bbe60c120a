/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lkl.h - Linux as a library: the interface for applications
 *
 * Boot with lkl_init() and lkl_start_kernel(), then call lkl_sys_NAME() from
 * any thread. Types and constants of the kernel carry the prefix lkl_ or LKL_
 * (struct lkl_stat, LKL_O_RDONLY), so this header goes with those of libc.
 *
 * All functions return a negative error number, -LKL_E*, on failure unless
 * said otherwise; errno is not touched.
 */
#ifndef LKL_H
#define LKL_H

#ifndef LKL_API
#define LKL_API __attribute__((visibility("default")))
#endif

#include "lkl_host.h"

#include <lkl/asm/ioctls.h>
#include <lkl/asm/mman.h>
#include <lkl/asm/signal.h>
#include <lkl/asm/siginfo.h>
#include <lkl/asm/stat.h>
#include <lkl/asm/statfs.h>
#include <lkl/asm/unistd.h>
#include <lkl/linux/dirent.h>
#include <lkl/linux/errno.h>
#include <lkl/linux/eventpoll.h>
#include <lkl/linux/fcntl.h>
#include <lkl/linux/fs.h>
#include <lkl/linux/futex.h>
#include <lkl/linux/if.h>
#include <lkl/linux/if_arp.h>
#include <lkl/linux/if_ether.h>
#include <lkl/linux/if_packet.h>
#include <lkl/linux/in.h>
#include <lkl/linux/in6.h>
#include <lkl/linux/mount.h>
#include <lkl/linux/net.h>
#include <lkl/linux/netlink.h>
#include <lkl/linux/poll.h>
#include <lkl/linux/random.h>
#include <lkl/linux/reboot.h>
#include <lkl/linux/resource.h>
#include <lkl/linux/sched.h>
#include <lkl/linux/socket.h>
#include <lkl/linux/sockios.h>
#include <lkl/linux/stat.h>
#include <lkl/linux/tcp.h>
#include <lkl/linux/time.h>
#include <lkl/linux/types.h>
#include <lkl/linux/udp.h>
#include <lkl/linux/uio.h>
#include <lkl/linux/un.h>
#include <lkl/linux/utime.h>
#include <lkl/linux/utsname.h>
#include <lkl/linux/xattr.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The life of the kernel */

/** lkl_host_ops - What this library offers the kernel on this host */
LKL_API extern const struct lkl_host_ops lkl_host_ops;

/**
 * lkl_init() - Prepare the library; to be called once, before all else
 * @ops:	host operations, NULL for lkl_host_ops; must stay valid
 *
 * Return: 0 or a negative error number
 */
LKL_API int lkl_init(const struct lkl_host_ops *ops);

/**
 * lkl_start_kernel() - Boot
 * @fmt:	kernel command line, as of printf()
 *
 * Return: 0 or a negative error number (-LKL_EBUSY: booted before,
 * -LKL_ENOMEM: the memory that mem= asks for is not there)
 */
LKL_API int lkl_start_kernel(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));

/** lkl_is_running() - Return: 1 between boot and halt, else 0 */
LKL_API int lkl_is_running(void);

/**
 * lkl_syscall() - Execute a system call
 * @no:		its number, __lkl__NR_* or LKL_NR_*
 * @params:	six arguments
 *
 * Return: the result or a negative error number (-LKL_ENODEV: the kernel does
 * not run, -LKL_ENOSYS: there is no such call)
 */
LKL_API long lkl_syscall(long no, long *params);

/**
 * lkl_sys_halt() - Halt the kernel: file systems are synced, calls that are
 * blocked end
 *
 * Return: 0 or a negative error number
 */
LKL_API long lkl_sys_halt(void);

/** lkl_cleanup() - Halt the kernel, if it runs and is this process's own */
LKL_API void lkl_cleanup(void);

/* Messages */

/**
 * lkl_strerror() - Text of an error
 * @err:	error number, negative or positive
 *
 * Return: text, never NULL
 */
LKL_API const char *lkl_strerror(int err);

/**
 * lkl_error_name() - Name of an error
 * @err:	error number, negative or positive
 *
 * Return: "ENOENT" and so on, NULL if there is no such error
 */
LKL_API const char *lkl_error_name(int err);

/**
 * lkl_perror() - Print an error on stderr
 * @msg:	goes before the text of the error
 * @err:	error number, negative or positive
 */
LKL_API void lkl_perror(const char *msg, int err);

/**
 * lkl_set_panic_handler() - Be told when the kernel is dead
 * @handler:	called with what it died of, after the log has been printed; NULL:
 *		none. If it returns, the process ends with SIGABRT.
 */
LKL_API void lkl_set_panic_handler(void (*handler)(const char *msg));

/**
 * lkl_printf() - Print where the kernel prints its messages
 * @fmt:	as of printf()
 *
 * Return: number of bytes, or a negative error number
 */
LKL_API int lkl_printf(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));


#ifdef __cplusplus
}
#endif

#include <lkl/syscalls.h>

#ifdef __cplusplus
extern "C" {
#endif

/* System calls that are special cases of others in the table */

/** lkl_sys_send() - lkl_sys_sendto() on a connected socket */
static inline long lkl_sys_send(int fd, void *buf, size_t len, int flags)
{
	return lkl_sys_sendto(fd, buf, len, flags, NULL, 0);
}

/** lkl_sys_recv() - lkl_sys_recvfrom() that does not tell the sender */
static inline long lkl_sys_recv(int fd, void *buf, size_t len, int flags)
{
	return lkl_sys_recvfrom(fd, buf, len, flags, NULL, NULL);
}

/* File systems and directories */

/**
 * lkl_mount_fs() - Mount a file system that needs no device at /NAME
 * @fstype:	its type: "proc", "sysfs", ...
 *
 * Return: 0, 1 if something is mounted there already, or a negative error
 * number (-LKL_ENODEV: the kernel does not have this type)
 */
LKL_API int lkl_mount_fs(const char *fstype);

/** struct lkl_dir - A directory that is being read */
struct lkl_dir;

/**
 * lkl_opendir() - Open a directory
 * @path:	its name
 * @err:	receives the error
 *
 * Return: the directory, or NULL with a negative error number in *@err
 */
LKL_API struct lkl_dir *lkl_opendir(const char *path, int *err);

/**
 * lkl_fdopendir() - Make a directory from a descriptor
 * @fd:		descriptor; lkl_closedir() closes it, failure does not
 * @err:	receives the error
 *
 * Return: the directory, or NULL with a negative error number in *@err
 */
LKL_API struct lkl_dir *lkl_fdopendir(int fd, int *err);

/**
 * lkl_readdir() - Read the next entry
 * @dir:	directory
 *
 * Return: the entry, valid until the next call for @dir; NULL at the end, or
 * on an error: see lkl_errdir()
 */
LKL_API struct lkl_linux_dirent64 *lkl_readdir(struct lkl_dir *dir);

/** lkl_errdir() - Return: error of the last lkl_readdir(), negative, or 0 */
LKL_API int lkl_errdir(struct lkl_dir *dir);

/** lkl_rewinddir() - Start again at the first entry of @dir */
LKL_API void lkl_rewinddir(struct lkl_dir *dir);

/** lkl_dirfd() - Return: descriptor of @dir */
LKL_API int lkl_dirfd(struct lkl_dir *dir);

/**
 * lkl_closedir() - Close a directory
 * @dir:	directory, gone afterwards in any case
 *
 * Return: 0 or a negative error number
 */
LKL_API int lkl_closedir(struct lkl_dir *dir);

/* Limits */

/**
 * lkl_set_fd_limit() - Set how many descriptors the kernel gives out
 * @fd_limit:	number of descriptors, counts for all threads
 *
 * Return: 0 or a negative error number
 */
LKL_API int lkl_set_fd_limit(unsigned int fd_limit);

#ifdef __cplusplus
}
#endif

#include "lkl_disk.h"
#include "lkl_net.h"
#include "lkl_config.h"

#endif /* LKL_H */
