// SPDX-License-Identifier: GPL-2.0
/*
 * paths.c - Every call that takes the name of a file that shows the network
 *
 * The names are those of a bridge made in the LKL kernel: on the host they
 * do not exist, so a call that went there would fail with ENOENT.
 */
#include <fcntl.h>
#include <linux/sockios.h>
#include <linux/stat.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <utime.h>

#include "net.h"

#define BRIDGE	"lklbr7"
#define CONF	"/proc/sys/net/ipv4/conf"
#define DIR_	CONF "/" BRIDGE
#define FILE_	DIR_ "/forwarding"
#define NAME	BRIDGE "/forwarding"
#define LINK	"/sys/class/net/" BRIDGE
#define DEVICE	"/sys/devices/virtual/net/" BRIDGE

static char buf[4096];

/* found() - did a call find the file, whatever else it had to say? */
#define found(call)							\
	({								\
		errno = 0;						\
		bool there_ = (long)(call) != -1 ||			\
			      (errno != ENOENT && errno != EBADF &&	\
			       errno != ENOTDIR && errno != ENOSYS);	\
		ok(there_, "%s", #call);				\
	})

static void by_libc(void)
{
	struct { struct file_handle h; char room[MAX_HANDLE_SZ]; } h = {
		.h.handle_bytes = MAX_HANDLE_SZ,
	};
	struct statvfs vfs;
	struct statx stx;
	struct statfs fs;
	struct stat st;
	int mount;

	found(open(FILE_, O_RDONLY));
	found(creat(FILE_, 0644));
	found(access(FILE_, R_OK));
	found(eaccess(FILE_, R_OK));
	found(euidaccess(FILE_, R_OK));
	found(faccessat(AT_FDCWD, FILE_, R_OK, AT_EACCESS));
	found(stat(FILE_, &st));
	found(lstat(FILE_, &st));
	found(statx(AT_FDCWD, FILE_, 0, STATX_ALL, &stx));
	found(statfs(FILE_, &fs));
	found(statvfs(FILE_, &vfs));
	found(readlink(FILE_, buf, sizeof(buf)));
	found(chmod(FILE_, 0644));
	found(fchmodat(AT_FDCWD, FILE_, 0644, 0));
	found(chown(FILE_, 0, 0));
	found(lchown(FILE_, 0, 0));
	found(fchownat(AT_FDCWD, FILE_, 0, 0, 0));
	found(truncate(FILE_, 0));
	found(utime(FILE_, NULL));
	found(utimes(FILE_, NULL));
	found(utimensat(AT_FDCWD, FILE_, NULL, 0));
	found(getxattr(FILE_, "user.a", buf, 8));
	found(lgetxattr(FILE_, "user.a", buf, 8));
	found(listxattr(FILE_, buf, 8));
	found(llistxattr(FILE_, buf, 8));
	found(setxattr(FILE_, "user.a", buf, 1, 0));
	found(lsetxattr(FILE_, "user.a", buf, 1, 0));
	found(removexattr(FILE_, "user.a"));
	found(lremovexattr(FILE_, "user.a"));
	ok(name_to_handle_at(AT_FDCWD, FILE_, &h.h, &mount, 0) == -1 &&
	   errno == ENOSYS, "name_to_handle_at(): not there, so not needed");
}

static void by_descriptor(void)
{
	int dir = open(CONF, O_RDONLY | O_DIRECTORY), fd;
	struct stat st;

	must(dir >= 0);
	fd = openat(dir, NAME, O_RDWR);
	must(fd >= 0);
	found(fstatat(dir, NAME, &st, 0));
	found(faccessat(dir, NAME, R_OK, 0));
	found(readlinkat(dir, NAME, buf, sizeof(buf)));
	found(fchmodat(dir, NAME, 0644, 0));
	found(fchownat(dir, NAME, 0, 0, 0));
	found(utimensat(dir, NAME, NULL, 0));
	found(futimens(fd, NULL));
	found(fgetxattr(fd, "user.a", buf, 8));
	found(flistxattr(fd, buf, 8));
	found(fsetxattr(fd, "user.a", buf, 1, 0));
	found(fremovexattr(fd, "user.a"));
	close(fd);
	close(dir);
}

static void by_number(void)
{
	struct { unsigned long flags, mode, resolve; } how = { O_RDONLY };
	long fd;

	fd = syscall(SYS_openat2, AT_FDCWD, FILE_, &how, sizeof(how));
	ok(fd >= 0 && read(fd, buf, 8) == 2 && !close(fd), "SYS_openat2");
	fd = syscall(SYS_openat2, AT_FDCWD, "/dev/zero", &how, sizeof(how));
	ok(fd >= 0 && read(fd, buf, 8) == 8 && !close(fd),
	   "SYS_openat2 on the host");
	found(syscall(SYS_faccessat, AT_FDCWD, FILE_, R_OK));
	found(syscall(SYS_faccessat2, AT_FDCWD, FILE_, R_OK, 0));
	found(syscall(SYS_fchmodat, AT_FDCWD, FILE_, 0644));
	found(syscall(SYS_utimensat, AT_FDCWD, FILE_, NULL, 0));
#if defined(__x86_64__)
	fd = syscall(SYS_creat, FILE_, 0644);
	ok(fd >= 0 && write(fd, "0", 1) == 1 && !close(fd), "SYS_creat");
	found(syscall(SYS_access, FILE_, R_OK));
	found(syscall(SYS_chmod, FILE_, 0644));
	found(syscall(SYS_futimesat, AT_FDCWD, FILE_, NULL));
#endif
}

static void resolved(void)
{
	char *path = realpath(LINK, buf);

	ok(path == buf && !strcmp(buf, DEVICE), "realpath()");
	path = realpath("/proc/self/net", NULL);
	ok(path && strtol(path + 6, NULL, 10) == getpid(),
	   "realpath() with the process id of the program");
	free(path);
	path = canonicalize_file_name(LINK "/mtu");
	ok(path && !strcmp(path, DEVICE "/mtu"), "canonicalize_file_name()");
	free(path);
	errno = 0;
	ok(!realpath("/sys/class/net/nosuch0", buf) && errno == ENOENT,
	   "realpath(): ENOENT");
	path = realpath("/proc/self/../sys/./fs", buf);
	ok(path && !strcmp(path, "/proc/sys/fs"), "realpath() on the host");
}

static bool cwd_is(const char *want)
{
	char *cwd = get_current_dir_name();
	bool is = cwd && !strcmp(cwd, want) && getcwd(buf, sizeof(buf)) == buf &&
		  !strcmp(buf, want);

	free(cwd);
	return is;
}

static void directories(void)
{
	struct stat st;
	int fd, status;

	must(!chdir("/proc/self"));
	ok(!stat("status", &st) && stat("forwarding", &st), "on the host");
	ok(!chdir(DIR_) && cwd_is(DIR_), "chdir()");
	ok(!stat("forwarding", &st), "names are relative to it");
	fd = open("forwarding", O_RDONLY);
	ok(fd >= 0 && read(fd, buf, 8) == 2 && !close(fd), "open()");
	ok(!stat("/proc/self/status", &st), "others are the host's");
	if (!fork())
		_exit(stat("forwarding", &st) || chdir("/"));
	ok(wait(&status) > 0 && !status && !stat("forwarding", &st),
	   "a child begins there, and leaves alone");
	ok(!chdir("..") && cwd_is(CONF), "chdir() to a relative name");
	fd = open(BRIDGE, O_RDONLY | O_DIRECTORY);
	ok(fd >= 0 && !fchdir(fd) && cwd_is(DIR_), "fchdir()");
	close(fd);
	errno = 0;
	ok(chdir("nosuch") == -1 && errno == ENOENT && cwd_is(DIR_), "ENOENT");
	errno = 0;
	ok(!getcwd(buf, 4) && errno == ERANGE, "getcwd(): ERANGE");
	ok(syscall(SYS_getcwd, buf, sizeof(buf)) == sizeof(DIR_) &&
	   !strcmp(buf, DIR_), "SYS_getcwd");
	ok(!chdir("../../../..") && cwd_is("/proc/sys") && !stat("fs", &st),
	   "the way up leads to the host");
	ok(!chdir(LINK) && cwd_is(DEVICE), "chdir() to a link");
	ok(system("cat /proc/self/status | grep -q Name") == 0,
	   "programs can be executed there");
	ok(!chdir("/sys/class/net") && !system("test -e bonding_masters"),
	   "a program that is executed begins there");
	ok(!chdir("/") && cwd_is("/") && stat("forwarding", &st) == -1,
	   "and out again");
}

int main(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	must(!ioctl(fd, SIOCBRADDBR, BRIDGE));
	close(fd);
	by_libc();
	by_descriptor();
	by_number();
	resolved();
	directories();
	return tap_done();
}
