// SPDX-License-Identifier: GPL-2.0
/*
 * api.c - The functions of lkl.h beside the system calls, and its types
 */
#include <lkl.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "../hijack/tap.h"

#define SAME_SIZE(type) (sizeof(struct type) == sizeof(struct lkl_##type))
#define SAME_PLACE(type, member)					\
	(offsetof(struct type, member) == offsetof(struct lkl_##type, member))
#define SAME(name) ((long)(name) == (long)(LKL_##name))

/* The system call ABI is the host's own: Linux' on x86-64. */
static void test_types(void)
{
	ok(SAME_SIZE(stat) && SAME_PLACE(stat, st_mode) &&
	   SAME_PLACE(stat, st_size) && SAME_SIZE(statfs),
	   "struct stat, statfs");
	ok(SAME_SIZE(sockaddr) && SAME_SIZE(sockaddr_in) &&
	   SAME_SIZE(sockaddr_in6) && SAME_SIZE(sockaddr_storage) &&
	   SAME_PLACE(sockaddr_in, sin_addr), "struct sockaddr and kin");
	ok(SAME_SIZE(msghdr) && SAME_PLACE(msghdr, msg_iov) &&
	   SAME_PLACE(msghdr, msg_flags) && SAME_SIZE(cmsghdr) &&
	   SAME_SIZE(iovec), "struct msghdr, cmsghdr, iovec");
	ok(SAME_SIZE(epoll_event) && SAME_SIZE(pollfd) && SAME_SIZE(rlimit),
	   "struct epoll_event, pollfd, rlimit");
	ok(SAME(O_CREAT) && SAME(O_CLOEXEC) && SAME(O_DIRECTORY) &&
	   SAME(S_IFDIR) && SAME(AT_FDCWD) && SAME(DT_DIR),
	   "constants of files");
	ok(SAME(AF_INET6) && SAME(SOCK_DGRAM) && SAME(SOCK_CLOEXEC) &&
	   SAME(SOL_SOCKET) && SAME(SO_REUSEADDR) && SAME(MSG_DONTWAIT) &&
	   SAME(IPPROTO_TCP) && SAME(SHUT_WR), "constants of sockets");
	ok(SAME(ENOENT) && SAME(ETIMEDOUT) && SAME(EPOLLIN) &&
	   SAME(RLIMIT_NOFILE), "error numbers and others");
}

static void test_errors(void)
{
	int bad = 0;

	for (int err = 1; err <= LKL_EHWPOISON; err++)
		bad += err != 41 && err != 58 &&
		       !strcmp(lkl_strerror(err), "Unknown error");
	ok(!bad, "lkl_strerror() knows every error");
	ok(!strcmp(lkl_strerror(-LKL_ENOENT), "No such file or directory") &&
	   lkl_strerror(LKL_ENOENT) == lkl_strerror(-LKL_ENOENT),
	   "lkl_strerror() takes both signs");
	ok(!strcmp(lkl_strerror(0), "Success") &&
	   !strcmp(lkl_strerror(-4095), "Unknown error") &&
	   !strcmp(lkl_strerror(INT_MIN), "Unknown error"),
	   "lkl_strerror() of what is no error");
}

static void test_mount_fs(void)
{
	struct lkl_stat st;

	ok(lkl_mount_fs("proc") == 0, "lkl_mount_fs()");
	ok(lkl_mount_fs("proc") == 1, "again: it is there already");
	ok(lkl_mount_fs("sysfs") == 0 && !lkl_sys_stat("/sysfs/class", &st),
	   "another one");
	ok(lkl_mount_fs("nofs") == -LKL_ENODEV &&
	   lkl_sys_stat("/nofs", &st) == -LKL_ENOENT,
	   "an unknown type leaves nothing behind");
	ok(lkl_mount_fs("") == -LKL_ENODEV, "no type at all");
}

/** count() - Return: number of entries that are left in @dir */
static int count(struct lkl_dir *dir)
{
	int n = 0;

	while (lkl_readdir(dir))
		n++;
	return n;
}

static void test_dir(void)
{
	struct lkl_dir *dir;
	char path[32];
	int err = 1;
	long fd;

	must(!lkl_sys_mkdir("/many", 0755));
	for (int i = 0; i < 500; i++) {
		snprintf(path, sizeof(path), "/many/file%d", i);
		fd = lkl_sys_creat(path, 0600);
		must(fd >= 0 && !lkl_sys_close(fd));
	}
	dir = lkl_opendir("/many", &err);
	ok(dir && !err, "lkl_opendir()");
	ok(count(dir) == 502 && !lkl_errdir(dir), "lkl_readdir() tells all");
	lkl_rewinddir(dir);
	ok(count(dir) == 502, "lkl_rewinddir() starts again");
	fd = lkl_sys_dup(lkl_dirfd(dir));
	ok(fd >= 0 && !lkl_closedir(dir), "lkl_dirfd(), lkl_closedir()");

	dir = lkl_fdopendir(fd, &err);
	ok(dir && !err && lkl_dirfd(dir) == fd, "lkl_fdopendir()");
	lkl_sys_close(fd);
	lkl_rewinddir(dir);
	ok(!lkl_readdir(dir) && lkl_errdir(dir) == -LKL_EBADF,
	   "lkl_errdir() tells an error");
	ok(lkl_closedir(dir) == -LKL_EBADF, "so does lkl_closedir()");

	ok(!lkl_opendir("/none", &err) && err == -LKL_ENOENT,
	   "lkl_opendir() of nothing");
	ok(!lkl_opendir("/many/file0", &err) && err == -LKL_ENOTDIR,
	   "lkl_opendir() of a file");
}

static void test_fd_limit(void)
{
	long fds[32];
	int n = 0;

	ok(!lkl_set_fd_limit(16), "lkl_set_fd_limit()");
	do {
		fds[n] = lkl_sys_open("/", LKL_O_RDONLY, 0);
	} while (fds[n] >= 0 && ++n < 31);
	ok(fds[n] == -LKL_EMFILE && fds[n - 1] == 15, "the limit holds");
	ok(!lkl_set_fd_limit(1024), "it can be raised");
	fds[n] = lkl_sys_open("/", LKL_O_RDONLY, 0);
	ok(fds[n] == 16, "and then there are more");
	while (n >= 0)
		lkl_sys_close(fds[n--]);
}

int main(void)
{
	test_types();
	test_errors();
	ok(lkl_sys_getpid() == -LKL_ENODEV, "a call before the boot: ENODEV");
	must(!lkl_init(NULL));
	must(!lkl_start_kernel("mem=64M"));
	test_mount_fs();
	test_dir();
	test_fd_limit();
	ok(lkl_printf("%s\n", "printed") == 8, "lkl_printf()");
	must(!lkl_sys_halt());
	lkl_cleanup();
	return tap_done();
}
