// SPDX-License-Identifier: GPL-2.0
/*
 * clock.c - The clocks of the kernel are the host's, though a boot be disturbed
 */
#include "../engine/kernel.h"

#include <limits.h>
#include <unistd.h>

#define READINGS	1000
#define DISTURBANCE_US	5000
#define LATE_NS		1000000

/* As if the host had something better to do right after the first reading. */
static unsigned long long disturbed(void)
{
	unsigned long long now = lkl_host_ops.realtime();
	static int calls;

	if (!calls++)
		usleep(DISTURBANCE_US);
	return now;
}

static long long read_clock(int clock, bool ours)
{
	struct timespec ts;

	if (ours)
		must(!lkl_sys_clock_gettime(clock, (void *)&ts));
	else
		must(!clock_gettime(clock, &ts));
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

/** late_ns() - Return: how far the kernel's clock is behind the host's */
static long long late_ns(int clock)
{
	long long gap = LLONG_MAX, late = 0, before, ours, after;

	for (int i = 0; i < READINGS; i++) {
		before = read_clock(clock, false);
		ours = read_clock(clock, true);
		after = read_clock(clock, false);
		if (after - before < gap) {
			gap = after - before;
			late = before + gap / 2 - ours;
		}
	}
	printf("# clock %d is %lld ns late\n", clock, late);
	return late;
}

int main(void)
{
	static struct lkl_host_ops ops;

	ops = lkl_host_ops;
	ops.realtime = disturbed;
	must(!lkl_init(&ops));
	must(!lkl_start_kernel("loglevel=4 mem=48M"));
	ok(llabs(late_ns(CLOCK_REALTIME)) < LATE_NS, "CLOCK_REALTIME");
	ok(llabs(late_ns(CLOCK_MONOTONIC)) < LATE_NS, "CLOCK_MONOTONIC");
	ok(lkl_sys_halt() == 0, "halt");
	return tap_done();
}
