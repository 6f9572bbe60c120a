// SPDX-License-Identifier: GPL-2.0
/*
 * boot.c - Time and memory that one boot takes
 *
 * Prints "boot US exec US rss KIB": from main() to the return of the first
 * system call, from execve() to there (loading and relocating included), and
 * the resident set then. The program executes itself once, to know when that
 * was; the time goes with it as its argument.
 */
#include <lkl.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "clock.h"

/** rss_kib() - Return: resident set of this process in KiB, -1: unknown */
static long rss_kib(void)
{
	FILE *status = fopen("/proc/self/status", "r");
	char line[256];
	long kib = -1;

	if (!status)
		return -1;
	while (kib < 0 && fgets(line, sizeof(line), status))
		sscanf(line, "VmRSS: %ld", &kib);
	fclose(status);
	return kib;
}

int main(int argc, char **argv)
{
	long long start = now_ns(), end;
	long params[6] = { 0 };
	char when[32];
	int err;

	if (argc < 2) {
		snprintf(when, sizeof(when), "%lld", now_ns());
		execl("/proc/self/exe", argv[0], when, NULL);
		perror("boot: execl");
		return 1;
	}
	err = lkl_init(NULL);
	if (!err)
		err = lkl_start_kernel("%s", "");
	if (!err && lkl_syscall(__lkl__NR_getpid, params) != 1)
		err = -LKL_ESRCH;
	end = now_ns();
	if (err) {
		lkl_perror("boot", err);
		return 1;
	}
	printf("boot %.1f exec %.1f rss %ld\n", (end - start) / 1e3,
	       (end - atoll(argv[1])) / 1e3, rss_kib());
	lkl_sys_halt();
	return 0;
}
