// SPDX-License-Identifier: GPL-2.0
/*
 * pin.c - The kernel on one CPU of the host, if the user wants that
 *
 * The kernel runs on the threads that call it, and on our helper thread. So
 * each of them is pinned: those of the program from their first call on. What
 * a pinned thread starts inherits that, as always.
 */
#include <errno.h>
#include <sched.h>

#include <lkl_posix.h>
#include "host.h"
#include "raw.h"

/* Where the kernel has to stay, if @pinned. */
static cpu_set_t here;
static bool pinned;

/**
 * host_pin_self() - Move the calling thread to where the kernel has to stay
 *
 * If the host refuses, the thread stays where it was.
 */
void host_pin_self(void)
{
	if (unlikely(pinned))
		RAW(SYS_sched_setaffinity, 0, sizeof(here), &here);
}

int lkl_host_pin(void)
{
	int cpu = sched_getcpu();

	if (cpu < 0)
		return -errno;
	CPU_ZERO(&here);
	CPU_SET(cpu, &here);
	if (sched_setaffinity(0, sizeof(here), &here))
		return -errno;
	pinned = true;
	return 0;
}

/**
 * host_cpus() - lkl_host_ops.cpus
 *
 * Return: number of CPUs that the kernel may run on: those of the thread which
 * asked first
 */
unsigned int host_cpus(void)
{
	static unsigned int cpus;
	cpu_set_t set;

	if (unlikely(!cpus))
		cpus = sched_getaffinity(0, sizeof(set), &set) ? 1 :
		       CPU_COUNT(&set);
	return pinned ? 1 : cpus;
}
