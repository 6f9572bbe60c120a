// SPDX-License-Identifier: GPL-2.0
/*
 * descriptors.c - LKL descriptors behave as descriptor numbers do on Linux
 */
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "net.h"

/** lowest_free() - Return: the number the host would give out next */
static int lowest_free(void)
{
	int fd = open("/dev/null", O_RDONLY);

	must(fd >= 0 && !close(fd));
	return fd;
}

static void numbers(void)
{
	int want = lowest_free(), fd, file;

	fd = socket(AF_INET, SOCK_DGRAM, 0);
	ok(fd == want, "a socket gets the lowest free number (%d, %d)", fd,
	   want);
	file = open("/dev/null", O_RDONLY);
	ok(file == want + 1, "a file after it gets the next one");
	ok(!close(fd), "close works");
	errno = 0;
	ok(close(fd) == -1 && errno == EBADF, "closing twice is EBADF");
	fd = open("/dev/null", O_RDONLY);
	ok(fd == want, "the number is free for a file again");
	ok(read(fd, &want, 1) == 0, "and reads the file");
	close(fd);
	close(file);
}

static void duplicates(void)
{
	struct stat st;
	char buf[8];
	int fds[2], copy, file;

	net_pair(fds);
	copy = dup(fds[0]);
	ok(copy >= 0 && copy != fds[0], "dup gives another number");
	ok(dup2(fds[0], 100) == 100, "dup2 gives the number asked for");
	for (int n = 960; n < 1024; n++)
		must(dup2(fds[0], n) == n && !close(n));
	ok(true, "none of the usual numbers is ours");
	ok(write(100, "a", 1) == 1 && read(fds[1], buf, 8) == 1 &&
	   buf[0] == 'a', "the duplicate is the same socket");
	ok(fcntl(fds[0], F_DUPFD, 50) == 50, "F_DUPFD takes the minimum");
	ok(fcntl(fds[0], F_DUPFD_CLOEXEC, 50) == 51,
	   "F_DUPFD_CLOEXEC takes the next");
	ok(fcntl(51, F_GETFD) == FD_CLOEXEC && fcntl(50, F_GETFD) == 0,
	   "close-on-exec as asked for");
	ok(!fcntl(50, F_SETFD, FD_CLOEXEC) && fcntl(50, F_GETFD) == FD_CLOEXEC,
	   "F_SETFD is remembered");
	ok(dup3(fds[0], 100, O_CLOEXEC) == 100 &&
	   fcntl(100, F_GETFD) == FD_CLOEXEC, "dup3 over a duplicate");
	errno = 0;
	ok(dup3(fds[0], fds[0], 0) == -1 && errno == EINVAL,
	   "dup3 to itself is EINVAL");
	ok(dup2(fds[0], fds[0]) == fds[0], "dup2 to itself is nothing");

	file = open("/dev/null", O_RDWR);
	ok(dup2(file, 100) == 100, "a file over an LKL number");
	ok(!fstat(100, &st) && S_ISCHR(st.st_mode), "is the file");
	ok(dup2(fds[0], 100) == 100, "a socket over a file's number");
	ok(!fstat(100, &st) && S_ISSOCK(st.st_mode), "is the socket");
	ok(!isatty(100), "and no terminal");

	close(100);
	close(50);
	close(51);
	close(copy);
	ok(recv(fds[1], buf, 8, MSG_DONTWAIT) == -1 && errno == EAGAIN,
	   "the connection lives while one number does");
	close(fds[0]);
	ok(read(fds[1], buf, 8) == 0, "and ends with the last");
	close(fds[1]);
	close(file);
}

static void ranges(void)
{
	int a = socket(AF_INET, SOCK_DGRAM, 0), b, c;

	b = fcntl(a, F_DUPFD, 60);
	c = fcntl(a, F_DUPFD, 61);
	must(b == 60 && c == 61);
	ok(!close_range(60, 61, 0), "close_range works");
	ok(fcntl(60, F_GETFD) == -1 && fcntl(61, F_GETFD) == -1,
	   "on LKL descriptors");
	ok(fcntl(a, F_GETFD) == 0, "and spares what is outside");
	close(a);
}

static void limits(void)
{
	struct rlimit lim, low;
	int fds[64], n = 0;

	must(!getrlimit(RLIMIT_NOFILE, &lim));
	low = lim;
	low.rlim_cur = 32;
	must(!setrlimit(RLIMIT_NOFILE, &low));
	while (n < 64 && (fds[n] = socket(AF_INET, SOCK_DGRAM, 0)) >= 0)
		n++;
	ok(n < 32 && errno == EMFILE, "RLIMIT_NOFILE counts (%d sockets)", n);
	while (n)
		close(fds[--n]);
	must(!setrlimit(RLIMIT_NOFILE, &lim));
	n = socket(AF_INET, SOCK_DGRAM, 0);
	ok(n >= 0, "and no longer when raised");
	close(n);
}

static void children(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0), status, number;
	pid_t pid = fork();

	if (!pid) {
		if (fcntl(fd, F_GETFD) != 0)
			_exit(1);
		number = socket(AF_INET, SOCK_DGRAM, 0);
		if (number <= fd)
			_exit(2);
		if (epoll_create1(0) != number + 1)
			_exit(3);
		_exit(close(fd) ? 4 : 0);
	}
	must(waitpid(pid, &status, 0) == pid);
	ok(status == 0, "fork: the child has the descriptors and its own numbers (status %#x)",
	   status);

	pid = vfork();
	if (!pid) {
		close(fd);
		execl("/bin/true", "true", NULL);
		_exit(1);
	}
	must(waitpid(pid, &status, 0) == pid);
	ok(status == 0, "vfork and exec work");
	ok(fcntl(fd, F_GETFD) == 0, "a close in the vfork child is the child's");
	close(fd);
}

/* What is no call of ours must not find a folder there. */
static void no_folder(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	must(fd >= 0);
	ok(fchdir(fd) && errno == ENOTDIR, "fchdir to a socket");
	ok(mkdirat(fd, "tmp", 0700) && errno == ENOTDIR, "mkdirat in a socket");
	ok(tcgetpgrp(fd) < 0 && errno == ENOTTY &&
	   tcsetpgrp(fd, getpgrp()) && errno == ENOTTY, "it is no terminal");
	close(fd);
}

static void by_number(void)
{
	int fd = syscall(SYS_socket, AF_INET, SOCK_DGRAM, 0);
	int val = 0;
	socklen_t len = sizeof(val);

	ok(fd >= 0, "syscall(SYS_socket) works");
	ok(!getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &val, &len) && val == AF_INET,
	   "and gives an LKL socket");
	ok(!syscall(SYS_close, fd), "syscall(SYS_close) works");
	ok(fcntl(fd, F_GETFD) == -1, "and closes it");
}

int main(void)
{
	numbers();
	duplicates();
	ranges();
	limits();
	children();
	no_folder();
	by_number();
	return tap_done();
}
