// SPDX-License-Identifier: GPL-2.0
/*
 * halts.c - The kernel halts while threads are about to call it
 *
 * A thread is let in while the one that halts is about to say so on the console:
 * its call has been posted, but there is no task for it yet.
 */
#include <pthread.h>
#include <unistd.h>

#include "kernel.h"

#define HALT_US		300000	/* until the thread has posted its call */
#define JOIN_S		5

static struct lkl_host_ops ops;
static bool halting, attached;
static long first, later;
static pthread_t newcomer, old;

static void *calls_first(void *arg)
{
	first = lkl_sys_getpid();
	later = lkl_sys_getpid();
	return arg;
}

/* Calls all the time, so that one is posted whatever happens. */
static void *calls_on(void *arg)
{
	long ret;

	(void)arg;
	do {
		ret = lkl_sys_getpid();
		__atomic_store_n(&attached, true, __ATOMIC_SEQ_CST);
	} while (ret > 0);
	return (void *)ret;
}

static void print(const char *text, int len)
{
	static bool once;

	(void)text;
	(void)len;
	if (!halting || once)
		return;
	once = true;
	must(!pthread_create(&newcomer, NULL, calls_first, NULL));
	usleep(HALT_US);
}

static bool joins(pthread_t t, void **ret)
{
	struct timespec end;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += JOIN_S;
	return !pthread_timedjoin_np(t, ret, &end);
}

int main(void)
{
	void *ret;

	ops = lkl_host_ops;
	ops.print = print;
	must(!lkl_init(&ops));
	must(!lkl_start_kernel("mem=48M loglevel=8"));
	must(!pthread_create(&old, NULL, calls_on, NULL));
	while (!__atomic_load_n(&attached, __ATOMIC_SEQ_CST))
		usleep(1000);
	halting = true;
	ok(!lkl_sys_halt(), "the kernel halts");
	ok(joins(newcomer, &ret) && first == -LKL_ENODEV && later == first,
	   "a thread that calls for the first time meanwhile: %ld, %ld",
	   first, later);
	ok(joins(old, &ret) && (long)ret == -LKL_ENODEV,
	   "another one, who ends");
	return tap_done();
}
