// SPDX-License-Identifier: GPL-2.0
/*
 * calls.c - Cost of a call as a program makes it, of either kernel
 *
 * usage: calls MILLISECONDS
 *
 * Prints "host NS socket NS": lseek() of a host file, and getsockopt(). To be
 * run as it is, under the preload library, and in mode trap: the same program,
 * so that the results say what the way costs by which its calls are caught.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"

#define TURN 1000

static long long host_turn(int file)
{
	long long start = now_ns();

	for (int i = 0; i < TURN; i++)
		lseek(file, 0, SEEK_SET);
	return now_ns() - start;
}

static long long socket_turn(int fd)
{
	socklen_t len = sizeof(int);
	long long start = now_ns();
	int value;

	for (int i = 0; i < TURN; i++)
		getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &value, &len);
	return now_ns() - start;
}

int main(int argc, char **argv)
{
	long long end, host = 0, lkl = 0, turns = 0;
	int file = open("/dev/null", O_RDWR);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (argc != 2 || file < 0 || fd < 0) {
		fprintf(stderr, "usage: calls MILLISECONDS\n");
		return 2;
	}
	host_turn(file);
	socket_turn(fd);
	end = now_ns() + atoll(argv[1]) * 1000000;
	for (; now_ns() < end; turns++) {
		host += host_turn(file);
		lkl += socket_turn(fd);
	}
	turns *= TURN;
	printf("host %.1f socket %.1f\n", (double)host / turns,
	       (double)lkl / turns);
	return 0;
}
