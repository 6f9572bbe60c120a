// SPDX-License-Identifier: GPL-2.0
/*
 * restarts.c - A call that Linux restarts whatever the handler of the signal says
 */
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "kernel.h"

#define WAIT_US		100000	/* until the thread waits */

static unsigned int word;	/* a lock, with priority inheritance */
static volatile sig_atomic_t handled;
static bool started;

static void handler(int sig)
{
	handled = sig;
}

static long futex(int op)
{
	return lkl_syscall(__lkl__NR_futex,
			   (long[6]){ (long)&word, op | LKL_FUTEX_PRIVATE_FLAG });
}

static void *waits(void *arg)
{
	(void)arg;
	__atomic_store_n(&started, true, __ATOMIC_SEQ_CST);
	return (void *)futex(LKL_FUTEX_LOCK_PI);
}

int main(void)
{
	const struct sigaction act = { .sa_handler = handler };
	void *ret;
	pthread_t t;

	kernel_boot("mem=48M");
	must(!lkl_host_sigaction(SIGUSR1, &act, NULL));
	must(!futex(LKL_FUTEX_LOCK_PI));
	must(!pthread_create(&t, NULL, waits, NULL));
	while (!__atomic_load_n(&started, __ATOMIC_SEQ_CST))
		usleep(1000);
	usleep(WAIT_US);
	must(!pthread_kill(t, SIGUSR1));
	usleep(WAIT_US);
	ok(handled == SIGUSR1, "the handler runs while the thread waits");
	must(!futex(LKL_FUTEX_UNLOCK_PI));
	pthread_join(t, &ret);
	ok(!ret, "no SA_RESTART: and yet it waits on, and gets the lock (%ld)",
	   (long)ret);
	return tap_done();
}
