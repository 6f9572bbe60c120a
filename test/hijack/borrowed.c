// SPDX-License-Identifier: GPL-2.0
/*
 * borrowed.c - A child of vfork() has descriptors of its own in our memory
 *
 * Run so that it is not forked: what it does with its descriptors must not be
 * seen in those of its parent.
 */
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "net.h"

/* What the child has seen; it shares our memory. */
static volatile int copies[3], sockets[3], errors[3], shared;

/* In the child, which must not return from here. */
static void child(int fd, int listener)
{
	shared = 1;
	copies[0] = dup(fd);
	copies[1] = fcntl(fd, F_DUPFD, 50);
	copies[2] = dup2(fd, 60);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	ioctl(listener, FIOCLEX);
	errno = 0;
	sockets[0] = socket(AF_INET, SOCK_DGRAM, 0);
	errors[0] = errno;
	sockets[1] = accept(listener, NULL, NULL);
	errors[1] = errno;
	sockets[2] = open("/proc/net/dev", O_RDONLY);
	errors[2] = errno;
	_exit(0);
}

int main(void)
{
	struct sockaddr_in sa;
	int listener = net_listen(&sa);
	int client = socket(AF_INET, SOCK_STREAM, 0), status, file;
	int null = open("/dev/null", O_RDONLY);
	char c;

	alarm(30);
	must(!connect(client, (struct sockaddr *)&sa, sizeof(sa)));
	must(fcntl(client, F_GETFD) == 0 && fcntl(listener, F_GETFD) == 0);
	if (!vfork())
		child(client, listener);
	must(wait(&status) > 0 && !status);
	ok(shared, "the child has our memory");
	for (int i = 0; i < 3; i++) {
		errno = 0;
		ok(copies[i] > null && fcntl(copies[i], F_GETFD) == -1 &&
		   errno == EBADF, "a duplicate there is none here");
		file = copies[i] > 2 ? dup2(null, copies[i]) : -1;
		errno = 0;
		ok(file == copies[i] && send(file, "a", 1, 0) == -1 &&
		   errno == ENOTSOCK, "and a file can have its number");
		close(file);
	}
	for (int i = 0; i < 3; i++)
		ok(sockets[i] == -1 && errors[i] == ENETDOWN,
		   "there are no new ones: ENETDOWN");
	ok(fcntl(client, F_GETFD) == 0 && fcntl(listener, F_GETFD) == 0,
	   "its close-on-exec is its own");
	file = accept(listener, NULL, NULL);
	ok(file >= 0 && send(client, "a", 1, 0) == 1 && read(file, &c, 1) == 1,
	   "and nothing has become of the connection");
	return tap_done();
}
