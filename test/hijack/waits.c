// SPDX-License-Identifier: GPL-2.0
/*
 * waits.c - Waits for a mixed set, for somebody who counts system calls
 *
 * usage: waits socket|pipe ROUNDS
 *
 * The socket, or the pipe, is ready. Between two calls of getppid() the program
 * makes, per round, one epoll_wait() and what it takes to get there: no system
 * call of the host for the socket, two for the pipe.
 */
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include "net.h"

int main(int argc, char **argv)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int ep = epoll_create1(0), sock[2], fifo[2], event;
	bool piped = argc == 3 && !strcmp(argv[1], "pipe");
	char c = 0;

	must(argc == 3);
	net_pair(sock);
	must(!pipe(fifo));
	must(!epoll_ctl(ep, EPOLL_CTL_ADD, sock[0], &ev));
	ev.data.u32 = 1;
	must(!epoll_ctl(ep, EPOLL_CTL_ADD, fifo[0], &ev));
	for (int i = 0; i < 4; i++) {
		event = eventfd(0, 0);
		must(!epoll_ctl(ep, EPOLL_CTL_ADD, event, &ev));
	}
	must(piped || send(sock[1], &c, 1, 0) == 1);

	getppid();
	for (int i = 0; i < atoi(argv[2]); i++) {
		must(!piped || write(fifo[1], &c, 1) == 1);
		must(epoll_wait(ep, &ev, 1, -1) == 1 && ev.data.u32 == piped);
		must(!piped || read(fifo[0], &c, 1) == 1);
	}
	getppid();
	return 0;
}
