// SPDX-License-Identifier: GPL-2.0
/*
 * pin.c - Keep threads of ours on one CPU
 *
 * A thread inherits the CPUs it may run on from the one that makes it. So the
 * thread that boots is pinned while the threads that are meant are made, and
 * let go afterwards; the program itself is not touched.
 */
#include <errno.h>
#include <sched.h>

#include "config/config.h"

static cpu_set_t before;
static bool pinned;

/**
 * pin_begin() - Pin the calling thread to the CPU it runs on
 *
 * Return: 0, or a negative errno of the host
 */
int pin_begin(void)
{
	int cpu = sched_getcpu();
	cpu_set_t one;

	if (cpu < 0 || sched_getaffinity(0, sizeof(before), &before))
		return -errno;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		return -errno;
	pinned = true;
	return 0;
}

/** pin_end() - Undo pin_begin(), if it was called */
void pin_end(void)
{
	if (pinned)
		sched_setaffinity(0, sizeof(before), &before);
	pinned = false;
}
