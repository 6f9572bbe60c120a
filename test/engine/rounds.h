/* SPDX-License-Identifier: GPL-2.0 */
/*
 * rounds.h - Two threads that talk to each other while others fork
 */
#ifndef TEST_ENGINE_ROUNDS_H
#define TEST_ENGINE_ROUNDS_H

#include <pthread.h>

#include "../hijack/net.h"

static void *rounds_echo(void *arg)
{
	int *pair = arg;
	char buf[1000];
	ssize_t n;

	while ((n = read(pair[1], buf, sizeof(buf))) > 0)
		if (write(pair[1], buf, n) != n)
			break;
	return NULL;
}

/**
 * rounds() - Talk to an echoing thread
 * @limit:	how often at most
 * @stop:	no more when this is true
 *
 * Return: how often, 0 if anything came back wrong
 */
static long rounds(long limit, const bool *stop)
{
	char out[1000], in[1000];
	pthread_t thread;
	int pair[2];
	long i;

	net_pair(pair);
	must(!pthread_create(&thread, NULL, rounds_echo, pair));
	for (i = 0; i < limit && !__atomic_load_n(stop, __ATOMIC_RELAXED);
	     i++) {
		memset(out, i, sizeof(out));
		if (write(pair[0], out, sizeof(out)) != sizeof(out) ||
		    recv(pair[0], in, sizeof(in), MSG_WAITALL) != sizeof(in) ||
		    memcmp(in, out, sizeof(in)))
			return 0;
	}
	shutdown(pair[0], SHUT_WR);
	pthread_join(thread, NULL);
	close(pair[0]);
	close(pair[1]);
	return i;
}

#endif /* TEST_ENGINE_ROUNDS_H */
