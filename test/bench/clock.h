/* SPDX-License-Identifier: GPL-2.0 */
/*
 * clock.h - The clock of the benchmark programs
 */
#ifndef BENCH_CLOCK_H
#define BENCH_CLOCK_H

#include <time.h>

/** now_ns() - Return: monotonic time of the host in ns */
static inline long long now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

#endif /* BENCH_CLOCK_H */
