// SPDX-License-Identifier: GPL-2.0
/*
 * overhead.c - What the preload library adds to a call
 *
 * usage: overhead MILLISECONDS, under the library
 *
 * Prints "host NS libc NS redirected NS lkl NS": read() of /dev/null through the
 * library and libc's own; recv() on an LKL socket through the library and
 * lkl_syscall() itself. All in turns of 1000 calls; the medians.
 */
#include <lkl.h>

#include <arpa/inet.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "clock.h"

#define TURN	1000
#define TURNS	100000
#define FLAGS	(MSG_PEEK | MSG_DONTWAIT)

enum { HOST, LIBC, REDIRECTED, LKL, KINDS };

static const char *const names[KINDS] = { "host", "libc", "redirected", "lkl" };
static double times[KINDS][TURNS];
static ssize_t (*libc_read)(int fd, void *buf, size_t n);
static int null, sock, lkl_sock;

/** turn() - Make TURN calls of a kind; return: ns per call */
static double turn(int kind)
{
	char c;
	long params[6] = { lkl_sock, (long)&c, 1, FLAGS };
	long long start = now_ns();

	for (int i = 0; i < TURN; i++) {
		if (kind == HOST)
			read(null, &c, 1);
		else if (kind == LIBC)
			libc_read(null, &c, 1);
		else if (kind == REDIRECTED)
			recv(sock, &c, 1, FLAGS);
		else
			lkl_syscall(__lkl__NR_recvfrom, params);
	}
	return (double)(now_ns() - start) / TURN;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/** find() - Return: the LKL descriptor that @fd stands for, or -1 */
static int find(int fd)
{
	struct lkl_stat lkl;
	struct stat st;

	if (fstat(fd, &st))
		return -1;
	for (int i = 0; i < 100; i++)
		if (!lkl_sys_fstat(i, &lkl) && lkl.st_ino == st.st_ino)
			return i;
	return -1;
}

int main(int argc, char **argv)
{
	struct sockaddr_in sa = { .sin_family = AF_INET };
	void *libc = dlopen("libc.so.6", RTLD_LAZY);
	socklen_t len = sizeof(sa);
	long long end;
	int n = 0;

	if (argc != 2) {
		fprintf(stderr, "usage: overhead MILLISECONDS\n");
		return 2;
	}
	libc_read = (void *)dlsym(libc, "read");
	null = open("/dev/null", O_RDONLY);
	sock = socket(AF_INET, SOCK_DGRAM, 0);
	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(sock, (struct sockaddr *)&sa, sizeof(sa)) ||
	    getsockname(sock, (struct sockaddr *)&sa, &len) ||
	    sendto(sock, "x", 1, 0, (struct sockaddr *)&sa, len) != 1) {
		perror("overhead");
		return 1;
	}
	lkl_sock = find(sock);
	if (lkl_sock < 0) {
		fprintf(stderr, "overhead: not under liblkl-hijack.so\n");
		return 1;
	}
	end = now_ns() + atoll(argv[1]) * 1000000;
	do {
		for (int kind = 0; kind < KINDS; kind++)
			times[kind][n] = turn(kind);
	} while (++n < TURNS && now_ns() < end);
	for (int kind = 0; kind < KINDS; kind++) {
		qsort(times[kind], n, sizeof(double), by_value);
		printf("%s %.2f ", names[kind], times[kind][n / 2]);
	}
	printf("\n");
	return 0;
}
