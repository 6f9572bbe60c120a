// SPDX-License-Identifier: GPL-2.0
/*
 * lastwords.c - What a program writes right before its end arrives
 *
 * Usage: lastwords ADDRESS PORT BYTES WAY
 * Connects, writes BYTES bytes and ends in the given way; the test that runs
 * it counts what arrives. With way "datagram" the bytes are one datagram.
 *
 * With "threads", others use sockets until the very end, and with "threads, a
 * child" descriptors of the host, while a child has our kernel; with "library", one
 * that a destructor waits for; with "reader", one waits for standard input. With
 * "sent", the connection is in a message that nobody will receive.
 */
#include <dlfcn.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>

#include "rights.h"

static void *end(void *arg)
{
	exit(0);
	return arg;
}

/* The last thread is not that of main(). */
static void *end_later(void *arg)
{
	usleep(100000);
	return arg;
}

static void on_signal(int sig)
{
	_exit(sig == SIGTERM ? 0 : 1);
}

/* An error that Linux never shows to a thread whose process ends. */
static void check(long ret, const char *what)
{
	if (ret >= 0 || errno == EAGAIN)
		return;
	perror(what);
	abort();
}

static void *waits_for_events(void *arg)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int ep = epoll_create1(0);

	must(ep >= 0 && !epoll_ctl(ep, EPOLL_CTL_ADD, *(int *)arg, &ev));
	for (;;)
		check(epoll_wait(ep, &ev, 1, 1), "epoll_wait");
	return arg;
}

static void *accepts(void *arg)
{
	struct sockaddr_in sa;
	int fd = net_listen(&sa);

	for (;;)
		check(accept(fd, NULL, NULL), "accept");
	return arg;
}

/* Blocks for ever, so that the socket is in use when the program ends. */
static void *receives(void *arg)
{
	char c;

	for (;;)
		check(recv(*(int *)arg, &c, 1, 0), "recv");
	return arg;
}

static void *asks(void *arg)
{
	int type;

	for (;;)
		check(getsockopt(*(int *)arg, SOL_SOCKET, SO_TYPE, &type,
				 &(socklen_t){ sizeof(type) }), "getsockopt");
	return arg;
}

/* The same with descriptors of the host. */
static void *reads_host(void *arg)
{
	int *ends = arg;
	char c;

	for (;;)
		check(read(ends[0], &c, 1), "read");
	return arg;
}

static void *waits_for_host(void *arg)
{
	struct pollfd p = { .fd = eventfd(0, EFD_NONBLOCK), .events = POLLIN };

	for (;;) {
		check(poll(&p, 1, 1), "poll");
		if (p.revents) {
			fprintf(stderr, "poll: %#x\n", p.revents);
			abort();
		}
	}
	return arg;
}

static void *asks_host(void *arg)
{
	int *ends = arg;
	struct stat st;

	for (;;)
		check(fstat(ends[0], &st), "fstat");
	return arg;
}

static void *reads_lines(void *arg)
{
	getchar();
	return arg;
}

static void start(void *(*run)(void *), int *fd)
{
	pthread_t thread;

	must(!pthread_create(&thread, NULL, run, fd));
}

/* A destructor of the library beside us uses a socket until it has joined. */
static void load_library(void)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 16);

	must(n > 0);
	while (path[n - 1] != '/')
		n--;
	strcpy(path + n, "joins.so");
	must(dlopen(path, RTLD_NOW));
}

static void exits(int sig)
{
	exit(sig == SIGALRM ? 0 : 1);
}

static void finish(const char *way, int fd)
{
	static int used, ends[2];
	pthread_t thread;

	used = fd;

	if (!strcmp(way, "close")) {
		close(fd);
	} else if (!strcmp(way, "sent")) {
		must(!socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
		must(send_fds(ends[0], &fd, 1) == 1);
		close(fd);
	} else if (!strcmp(way, "_exit")) {
		_exit(0);
	} else if (!strcmp(way, "quick")) {
		quick_exit(0);
	} else if (!strcmp(way, "handler")) {
		signal(SIGTERM, on_signal);
		raise(SIGTERM);
	} else if (!strcmp(way, "thread")) {
		must(!pthread_create(&thread, NULL, end, NULL));
		pause();
	} else if (!strcmp(way, "last thread")) {
		must(!pthread_create(&thread, NULL, end_later, NULL));
		pthread_detach(thread);
		pthread_exit(NULL);
	} else if (!strcmp(way, "threads")) {
		start(waits_for_events, &used);
		start(accepts, NULL);
		start(receives, &used);
		start(asks, &used);
		usleep(100000);
	} else if (!strcmp(way, "threads, a child")) {
		must(!pipe(ends));
		start(waits_for_events, &used);
		start(accepts, NULL);
		start(reads_host, ends);
		start(waits_for_host, NULL);
		start(asks_host, ends);
		usleep(100000);
		if (!fork()) {
			usleep(500000);
			_exit(0);
		}
	} else if (!strcmp(way, "threads, two end")) {
		start(asks, &used);
		start(end, NULL);
		_exit(0);
	} else if (!strcmp(way, "library")) {
		load_library();
	} else if (!strcmp(way, "reader")) {
		must(!pipe(ends) && dup2(ends[0], STDIN_FILENO) >= 0);
		start(reads_lines, NULL);
		usleep(100000);
	} else if (!strcmp(way, "handler in a call")) {
		signal(SIGALRM, exits);
		ualarm(100000, 0);
		recv(fd, &(char){ 0 }, 1, 0);
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_in sa = { .sin_family = AF_INET };
	long left;
	char *buf;
	int fd;

	must(argc == 5);
	sa.sin_addr.s_addr = inet_addr(argv[1]);
	sa.sin_port = htons(atoi(argv[2]));
	left = atol(argv[3]);
	buf = malloc(left);
	must(buf);
	memset(buf, 'w', left);
	fd = socket(AF_INET, strcmp(argv[4], "datagram") ? SOCK_STREAM :
							 SOCK_DGRAM, 0);
	must(fd >= 0 && !connect(fd, (struct sockaddr *)&sa, sizeof(sa)));
	while (left > 0) {
		ssize_t n = write(fd, buf, left);

		must(n > 0);
		left -= n;
	}
	finish(argv[4], fd);
	return 0;
}
