// SPDX-License-Identifier: GPL-2.0
/*
 * joins.so.c - A library whose destructor waits for a thread that uses a socket
 *
 * The destructor of a library runs after those of the program.
 */
#include <pthread.h>
#include <stdbool.h>
#include <unistd.h>

#include "net.h"

static pthread_t thread;
static bool over;

/* Bytes go to and fro until it is over. */
static void *talk(void *arg)
{
	int fds[2];
	char c = 'x';

	net_pair(fds);
	while (!__atomic_load_n(&over, __ATOMIC_ACQUIRE)) {
		must(write(fds[0], &c, 1) == 1);
		must(read(fds[1], &c, 1) == 1);
	}
	return arg;
}

static __attribute__((constructor)) void begin(void)
{
	must(!pthread_create(&thread, NULL, talk, NULL));
}

static __attribute__((destructor)) void finish(void)
{
	usleep(50000);
	__atomic_store_n(&over, true, __ATOMIC_RELEASE);
	must(!pthread_join(thread, NULL));
}
