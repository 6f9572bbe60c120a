/* SPDX-License-Identifier: GPL-2.0 */
/*
 * epolls.h - Epoll instances that hold a socket and a pipe
 */
#ifndef TEST_EPOLLS_H
#define TEST_EPOLLS_H

#include <sys/epoll.h>

#include "net.h"

/* Long enough to be sure of, and what must pass without an event. */
#define LONG	5000
#define SHORT	20

/* One of each kernel, which the programs connect; to read from the first. */
static int sock[2], fifo[2];

/** add() - Add a descriptor whose number is its data; return: as epoll_ctl() */
__attribute__((unused)) static int add(int ep, int fd, unsigned int events)
{
	struct epoll_event ev = { .events = events, .data.fd = fd };

	return epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev);
}

__attribute__((unused)) static int mod(int ep, int fd, unsigned int events)
{
	struct epoll_event ev = { .events = events, .data.fd = fd };

	return epoll_ctl(ep, EPOLL_CTL_MOD, fd, &ev);
}

/** one() - Wait for an event; return: its descriptor, or -1 for none */
__attribute__((unused)) static int one(int ep, int ms)
{
	struct epoll_event ev;
	int n = epoll_wait(ep, &ev, 1, ms);

	must(n >= 0);
	return n ? ev.data.fd : -1;
}

/** events_of() - Return: what is reported for the only ready descriptor */
__attribute__((unused)) static unsigned int events_of(int ep)
{
	struct epoll_event evs[2];

	return epoll_wait(ep, evs, 2, LONG) == 1 ? evs[0].events : 0;
}

__attribute__((unused)) static int make(void)
{
	int ep = epoll_create1(EPOLL_CLOEXEC);

	must(ep >= 0);
	return ep;
}

__attribute__((unused)) static void put(int fd)
{
	must(write(fd, "x", 1) == 1);
}

__attribute__((unused)) static void get(int fd)
{
	char c;

	must(read(fd, &c, 1) == 1);
}

#endif /* TEST_EPOLLS_H */
