// SPDX-License-Identifier: GPL-2.0
/*
 * getppid.c - Cost of getppid(): the LKL kernel's, then the host's
 *
 * usage: getppid MILLISECONDS
 *
 * Prints "lkl NS host NS". Both are called in turns of 1000 calls, so that the
 * host's clock frequency and neighbours weigh on both alike.
 */
#include <lkl.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "clock.h"

#define TURN 1000

/** lkl_turn() - Call the LKL kernel TURN times; return: ns that took */
static long long lkl_turn(void)
{
	long params[6] = { 0 };
	long long start = now_ns();

	for (int i = 0; i < TURN; i++)
		lkl_syscall(__lkl__NR_getppid, params);
	return now_ns() - start;
}

/** host_turn() - Call the host TURN times; return: ns that took */
static long long host_turn(void)
{
	long long start = now_ns();

	for (int i = 0; i < TURN; i++)
		getppid();
	return now_ns() - start;
}

int main(int argc, char **argv)
{
	long long end, lkl = 0, host = 0, turns = 0;
	int err;

	if (argc != 2) {
		fprintf(stderr, "usage: getppid MILLISECONDS\n");
		return 2;
	}
	err = lkl_init(NULL);
	if (!err)
		err = lkl_start_kernel("%s", "");
	if (err) {
		lkl_perror("getppid: boot", err);
		return 1;
	}
	lkl_turn();
	host_turn();
	end = now_ns() + atoll(argv[1]) * 1000000;
	for (; now_ns() < end; turns++) {
		lkl += lkl_turn();
		host += host_turn();
	}
	turns *= TURN;
	printf("lkl %.2f host %.2f\n", (double)lkl / turns,
	       (double)host / turns);
	lkl_sys_halt();
	return 0;
}
