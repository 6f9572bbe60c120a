// SPDX-License-Identifier: GPL-2.0
/*
 * looks.c - What is ready when a wait begins is seen, whichever kernel's it is
 *
 * However short the wait, and though a socket that is ready could end it.
 * Every check holds on Linux without the library, too.
 */
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <time.h>

#include "epolls.h"

/* What is ready when a wait begins is reported, however short the wait. */
static void at_once(void)
{
	int ep = make(), outer = make(), event = eventfd(0, EFD_NONBLOCK);
	int alone = 0, both = 0, nested = 0, polled = 0;
	struct epoll_event evs[4];
	struct pollfd p[2] = {
		{ sock[0], POLLIN, 0 }, { event, POLLIN, 0 },
	};
	eventfd_t n;

	must(!add(ep, sock[0], EPOLLIN) && !add(ep, event, EPOLLIN) &&
	     !add(outer, ep, EPOLLIN));
	for (int i = 0; i < 100; i++) {
		must(!eventfd_write(event, 1));
		alone += epoll_wait(ep, evs, 4, 0) == 1;
		must(!eventfd_read(event, &n) && !eventfd_write(event, 1));
		nested += epoll_wait(outer, evs, 4, 0) == 1;
		must(!eventfd_read(event, &n) && !eventfd_write(event, 1));
		polled += poll(p, 2, 0) == 1;
		must(!eventfd_read(event, &n));
		must(epoll_wait(ep, evs, 4, 0) == 0);
	}
	put(sock[1]);
	for (int i = 0; i < 100; i++) {
		must(!eventfd_write(event, 1));
		both += epoll_wait(ep, evs, 4, LONG) == 2;
		must(!eventfd_read(event, &n));
	}
	get(sock[0]);
	ok(alone == 100, "at once: an eventfd (%d of 100)", alone);
	ok(nested == 100, "at once: in an inner instance (%d)", nested);
	ok(polled == 100, "at once: polled (%d)", polled);
	ok(both == 100, "at once: beside a socket that is ready (%d)", both);
	close(event);
	close(outer);
	close(ep);
}

/* The ways in which a thread makes descriptors of the host ready itself. */
static int ways[2], mine = -1;

static void by_write(void)
{
	put(ways[1]);
}

static void by_number(void)
{
	must(syscall(SYS_write, ways[1], "x", 1) == 1);
}

static void by_send(void)
{
	must(send(ways[1], "x", 1, 0) == 1);
}

static void by_close(void)
{
	close(ways[1]);
}

/* For this thread alone; another one that waits has seen it come, and gone. */
static void by_raise(void)
{
	must(!raise(SIGUSR2));
	usleep(500);
}

static void by_eventfd(void)
{
	must(!eventfd_write(mine, 1));
}

/* The LKL kernel says EPIPE, and the library sends the signal. */
static void by_no_connection(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	must(send(fd, "x", 1, 0) < 0 && errno == EPIPE && !close(fd));
}

/* Beside a socket that is ready, what this thread has just done is seen. */
static void own_deeds(void)
{
	static const struct {
		const char *name;
		void (*act)(void);
	} deeds[] = {
		{ "write()", by_write }, { "syscall()", by_number },
		{ "send()", by_send }, { "close()", by_close },
		{ "raise()", by_raise }, { "eventfd_write()", by_eventfd },
		{ "SIGPIPE", by_no_connection },
	};
	struct signalfd_siginfo info;
	struct epoll_event evs[4];
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	sigaddset(&set, SIGPIPE);
	sigprocmask(SIG_BLOCK, &set, NULL);
	put(sock[1]);
	for (size_t i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++) {
		bool signals = deeds[i].act == by_raise ||
			       deeds[i].act == by_no_connection;
		int seen = 0;

		for (int turn = 0; turn < 100; turn++) {
			int ep = make();

			must(!socketpair(AF_UNIX, SOCK_STREAM, 0, ways));
			mine = signals ? signalfd(-1, &set, SFD_NONBLOCK) :
			       eventfd(0, EFD_NONBLOCK);
			must(!add(ep, sock[0], EPOLLIN) &&
			     !add(ep, ways[0], EPOLLIN) &&
			     !add(ep, mine, EPOLLIN));
			must(epoll_wait(ep, evs, 4, LONG) == 1);
			must(epoll_wait(ep, evs, 4, LONG) == 1);
			deeds[i].act();
			seen += epoll_wait(ep, evs, 4, LONG) == 2;
			if (signals)
				must(read(mine, &info, sizeof(info)) > 0);
			close(ways[0]);
			close(ways[1]);
			close(mine);
			close(ep);
		}
		ok(seen == 100, "beside a ready socket: %s (%d of 100)",
		   deeds[i].name, seen);
	}
	get(sock[0]);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

#if defined(__x86_64__)
/* Past any library that is preloaded. */
static void put_unseen(int fd)
{
	long ret = 1;

	__asm__ volatile("syscall" : "+a"(ret)
			 : "D"(fd), "S"("x"), "d"(1)
			 : "rcx", "r11", "memory");
	must(ret == 1);
}

/* A socket that is always ready does not keep the host's events away. */
static void unseen_deeds(void)
{
	long long worst = 0, waits, start;
	struct timespec ts;
	int ep = make();

	must(!add(ep, sock[0], EPOLLIN) && !add(ep, fifo[0], EPOLLIN));
	put(sock[1]);
	for (int i = 0; i < 100; i++) {
		must(one(ep, LONG) == sock[0]);
		must(one(ep, LONG) == sock[0]);
		put_unseen(fifo[1]);
		clock_gettime(CLOCK_MONOTONIC, &ts);
		start = ts.tv_sec;
		waits = 0;
		while (one(ep, LONG) != fifo[0]) {
			waits++;
			clock_gettime(CLOCK_MONOTONIC, &ts);
			must(ts.tv_sec - start < LONG / 1000);
		}
		worst = waits > worst ? waits : worst;
		get(fifo[0]);
	}
	ok(worst < 10000, "beside a ready socket: what nobody saw being done,"
	   " at the latest %lld waits later", worst);
	get(sock[0]);
	close(ep);
}
#else
static void unseen_deeds(void)
{
}
#endif

/* A full set: every event is reported before any is reported again. */
static void turns(void)
{
	int ep = make(), seen = 0, got, pair[2];

	net_pair(pair);
	must(!add(ep, sock[0], EPOLLIN) && !add(ep, fifo[0], EPOLLIN) &&
	     !add(ep, pair[0], EPOLLIN));
	put(sock[1]);
	put(fifo[1]);
	put(pair[1]);
	for (int i = 0; i < 3; i++) {
		got = one(ep, LONG);
		seen |= got == sock[0] ? 1 : got == fifo[0] ? 2 :
			got == pair[0] ? 4 : 8;
	}
	ok(seen == 7, "three that are ready, one at a time: each gets its turn");
	get(sock[0]);
	get(fifo[0]);
	close(pair[0]);
	close(pair[1]);
	close(ep);
}

int main(void)
{
	net_pair(sock);
	must(!pipe(fifo));
	at_once();
	own_deeds();
	unseen_deeds();
	turns();
	return tap_done();
}
