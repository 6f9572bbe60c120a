// SPDX-License-Identifier: GPL-2.0
/*
 * mixed.c - Latency of epoll_wait() for LKL sockets, without and with host files
 *
 * usage: mixed alone|mixed MILLISECONDS, under the library
 *
 * Prints "sleep NS ready NS", medians: a datagram to a thread and back, for which
 * the wait sleeps; a wait for what is there already. The mixed set has a pipe, an
 * eventfd, a timerfd, a signalfd and an inotify instance besides the socket.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "clock.h"

#define ROUNDS	1000000

static int near, far, ep;
static long long times[ROUNDS];

static void check(int good, const char *what)
{
	if (!good) {
		perror(what);
		exit(1);
	}
}

/** bound() - Make a UDP socket on the loopback interface; @sa: its address */
static int bound(struct sockaddr_in *sa)
{
	socklen_t len = sizeof(*sa);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	*sa = (struct sockaddr_in){ .sin_family = AF_INET };
	sa->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	check(!bind(fd, (struct sockaddr *)sa, len), "bind");
	check(!getsockname(fd, (struct sockaddr *)sa, &len), "getsockname");
	return fd;
}

static void *echo(void *arg)
{
	char c;

	(void)arg;
	while (recv(far, &c, 1, 0) == 1)
		send(far, &c, 1, 0);
	return NULL;
}

static void add(int fd)
{
	struct epoll_event ev = { .events = EPOLLIN };

	check(fd >= 0 && !epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev), "epoll_ctl");
}

/** round_trip() - Return: ns of a wait that sleeps, with sending */
static long long round_trip(void)
{
	struct epoll_event ev;
	char c = 0;
	long long start = now_ns();

	send(near, &c, 1, 0);
	check(epoll_wait(ep, &ev, 1, -1) == 1, "epoll_wait");
	recv(near, &c, 1, 0);
	return now_ns() - start;
}

/** no_wait() - Return: ns of a wait for what is there */
static long long no_wait(void)
{
	struct epoll_event ev;
	long long start = now_ns();

	check(epoll_wait(ep, &ev, 1, -1) == 1, "epoll_wait");
	return now_ns() - start;
}

static int by_value(const void *a, const void *b)
{
	long long x = *(const long long *)a, y = *(const long long *)b;

	return (x > y) - (x < y);
}

/** median() - Measure for a while; return: the median */
static long long median(long long (*round)(void), long long ms)
{
	long long end = now_ns() + ms * 1000000;
	int n = 0;

	do
		times[n++] = round();
	while (n < ROUNDS && now_ns() < end);
	qsort(times, n, sizeof(*times), by_value);
	return times[n / 2];
}

int main(int argc, char **argv)
{
	struct sockaddr_in sa, to;
	long long sleeping;
	sigset_t none;
	int fifo[2];
	pthread_t t;

	if (argc != 3) {
		fprintf(stderr, "usage: mixed alone|mixed MILLISECONDS\n");
		return 2;
	}
	ep = epoll_create1(0);
	near = bound(&to);
	far = bound(&sa);
	check(!connect(near, (struct sockaddr *)&sa, sizeof(sa)), "connect");
	check(!connect(far, (struct sockaddr *)&to, sizeof(to)), "connect");
	add(near);
	if (!strcmp(argv[1], "mixed")) {
		sigemptyset(&none);
		check(!pipe(fifo), "pipe");
		add(fifo[0]);
		add(eventfd(0, 0));
		add(timerfd_create(CLOCK_MONOTONIC, 0));
		add(signalfd(-1, &none, 0));
		add(inotify_init1(0));
	}
	check(!pthread_create(&t, NULL, echo, NULL), "pthread_create");
	sleeping = median(round_trip, atoll(argv[2]) / 2);
	send(near, "x", 1, 0);
	printf("sleep %lld ready %lld\n", sleeping,
	       median(no_wait, atoll(argv[2]) / 2));
	return 0;
}
