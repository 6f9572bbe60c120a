// SPDX-License-Identifier: GPL-2.0
/*
 * ring.c - No wait oversleeps: tokens go round between threads, over pipes and
 * sockets, and every thread waits for both in all ways there are
 */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/select.h>

#include "net.h"

#define THREADS	6
#define TOKENS	3
#define ROUNDS	3000
#define LATE_MS	10000

/* A thread reads from sock[0] and fifo[0]; the one before it writes. */
static struct station {
	int sock[2], fifo[2];
	int level, edge;
	volatile int passed;
	volatile bool late;
} ring[THREADS];

enum way { POLL, SELECT, LEVEL, EDGE, LOOK, WAYS };

/** instance() - Make an epoll instance for both inputs of a station */
static int instance(struct station *s, unsigned int flags)
{
	struct epoll_event ev = { .events = EPOLLIN | flags };
	int ep = epoll_create1(0);

	must(ep >= 0);
	must(!epoll_ctl(ep, EPOLL_CTL_ADD, s->sock[0], &ev));
	must(!epoll_ctl(ep, EPOLL_CTL_ADD, s->fifo[0], &ev));
	return ep;
}

/** wait_for() - Wait for an input; return: false if nothing came in time */
static bool wait_for(struct station *s, enum way way)
{
	struct pollfd p[] = {
		{ s->sock[0], POLLIN, 0 }, { s->fifo[0], POLLIN, 0 },
	};
	struct timeval tv = { LATE_MS / 1000, 0 };
	struct epoll_event ev;
	fd_set in;
	int n = 0;

	switch (way) {
	case POLL:
		return poll(p, 2, LATE_MS) > 0;
	case SELECT:
		FD_ZERO(&in);
		FD_SET(s->sock[0], &in);
		FD_SET(s->fifo[0], &in);
		return select(FD_SETSIZE, &in, NULL, NULL, &tv) > 0;
	case LOOK:
		for (int i = 0; i < 100 && !n; i++)
			n = epoll_wait(s->level, &ev, 1, 0);
		return n || epoll_wait(s->level, &ev, 1, LATE_MS) > 0;
	default:
		return epoll_wait(way == EDGE ? s->edge : s->level, &ev, 1,
				  LATE_MS) > 0;
	}
}

/** take() - Take all tokens that are there; return: how many */
static int take(struct station *s)
{
	char buf[2 * TOKENS];
	int n = recv(s->sock[0], buf, TOKENS, MSG_DONTWAIT);
	int m = read(s->fifo[0], buf, TOKENS);

	return (n > 0 ? n : 0) + (m > 0 ? m : 0);
}

/** pass() - Give a token to the next station */
static void pass(struct station *to, unsigned int over)
{
	must(write(over % 2 ? to->sock[1] : to->fifo[1], "x", 1) == 1);
}

/** over() - Are all stations done, or is one late? */
static bool over(void)
{
	bool done = true, late = false;

	for (int i = 0; i < THREADS; i++) {
		done &= ring[i].passed >= ROUNDS;
		late |= ring[i].late;
	}
	return done || late;
}

static void *run(void *arg)
{
	struct station *s = arg, *next = ring + (s - ring + 1) % THREADS;
	unsigned int dice = s - ring + 1;
	enum way way = POLL;

	while (s->passed < ROUNDS && !s->late) {
		for (int n = take(s); n > 0; n--, s->passed++) {
			dice = dice * 1103515245 + 12345;
			way = dice / 65536 % WAYS;
			pass(next, dice >> 24);
		}
		s->late = s->passed < ROUNDS && !wait_for(s, way);
	}
	/* The others need the tokens to get to their end. */
	while (!over()) {
		for (int n = take(s); n > 0; n--, s->passed++)
			pass(next, n);
		usleep(100);
	}
	return NULL;
}

int main(void)
{
	pthread_t t[THREADS];
	int late = 0;

	for (int i = 0; i < THREADS; i++) {
		net_pair(ring[i].sock);
		must(!pipe2(ring[i].fifo, O_NONBLOCK));
		ring[i].level = instance(ring + i, 0);
		ring[i].edge = instance(ring + i, EPOLLET);
	}
	for (int i = 0; i < TOKENS; i++)
		pass(ring + i, i);
	for (int i = 0; i < THREADS; i++)
		must(!pthread_create(t + i, NULL, run, ring + i));
	for (int i = 0; i < THREADS; i++) {
		must(!pthread_join(t[i], NULL));
		late += ring[i].late;
	}
	ok(!late, "%d tokens, %d times through %d threads", TOKENS, ROUNDS,
	   THREADS);
	return tap_done();
}
