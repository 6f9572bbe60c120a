// SPDX-License-Identifier: GPL-2.0
/*
 * renew.c - A child of fork starts anew: the C API
 */
#include <pthread.h>

#include "children.h"
#include "kernel.h"

#define CHILDREN	10

static bool talks(void)
{
	int fds[2];
	char c = 0;

	return !kernel_tcp_pair(fds) && lkl_sys_write(fds[0], "t", 1) == 1 &&
	       lkl_sys_read(fds[1], &c, 1) == 1 && c == 't';
}

static void *calls(void *arg)
{
	while (!*(volatile bool *)arg)
		lkl_sys_getppid();
	return NULL;
}

/* What differs from the parent's kernel: its command line, and its files. */
static bool renewed(void)
{
	if (lkl_sys_getppid() != -LKL_ENODEV || lkl_is_running())
		return false;
	if (lkl_fork_renew() || lkl_is_running())
		return false;
	kernel_boot("mem=48M");
	return lkl_is_running() && talks() &&
	       lkl_sys_access("/mark", 0) == -LKL_ENOENT &&
	       lkl_start_kernel("%s", "") == -LKL_EBUSY &&
	       lkl_fork_renew() == -LKL_EINVAL && !lkl_sys_halt();
}

static bool grandchild(void)
{
	return renewed() && RUNS(renewed()) && RUNS(renewed());
}

int main(void)
{
	bool stop = false;
	pthread_t thread;
	int good = 0;

	ok(lkl_fork_renew() == -LKL_EINVAL, "nothing to start anew from");
	must(!lkl_fork_prepare());
	kernel_boot("mem=32M");
	must(lkl_sys_mkdir("/mark", 0700) == 0);
	must(!pthread_create(&thread, NULL, calls, &stop));
	for (int i = 0; i < CHILDREN; i++)
		good += RUNS(renewed());
	ok(good == CHILDREN, "%d children, beside a thread that calls", good);
	ok(RUNS(grandchild()), "their children");
	stop = true;
	pthread_join(thread, NULL);
	ok(talks() && !lkl_sys_access("/mark", 0), "the parent has its own");
	ok(!lkl_sys_halt() && RUNS(renewed()), "when it has halted, too");
	return tap_done();
}
