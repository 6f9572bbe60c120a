// SPDX-License-Identifier: GPL-2.0
/*
 * rr.c - Request and response of one byte over TCP or UDP
 *
 * usage: rr serve tcp|udp PORT
 *        rr tcp|udp ADDRESS PORT SECONDS
 *
 * The server answers one client after the other until it is killed. The client
 * prints "rate N p50 US p99 US switches N": transactions per second, latency,
 * and how often a thread of this process was switched out per transaction. It
 * gives up if an answer takes longer than a second.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"

#define MAX_SAMPLES	(1 << 22)
#define WARM_UP		200

static unsigned int samples[MAX_SAMPLES];	/* latencies in ns */

/** die() - Print what failed and why, and end */
static _Noreturn void die(const char *what)
{
	fprintf(stderr, "rr: %s: %s\n", what, strerror(errno));
	exit(1);
}

/** misused() - Say how to call, and end */
static _Noreturn void misused(void)
{
	fprintf(stderr, "usage: rr serve tcp|udp PORT\n"
		"       rr tcp|udp ADDRESS PORT SECONDS\n");
	exit(2);
}

/** make_socket() - Return: a socket; @proto: "tcp" or "udp" */
static int make_socket(const char *proto)
{
	int udp = !strcmp(proto, "udp");
	int fd;

	if (!udp && strcmp(proto, "tcp"))
		misused();
	fd = socket(AF_INET, udp ? SOCK_DGRAM : SOCK_STREAM, 0);
	if (fd < 0)
		die("socket");
	return fd;
}

/** serve_stream() - Answer TCP clients, for ever */
static _Noreturn void serve_stream(int listener)
{
	char byte;
	int fd, on = 1;

	if (listen(listener, 4))
		die("listen");
	for (;;) {
		fd = accept(listener, NULL, NULL);
		if (fd < 0)
			die("accept");
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		while (recv(fd, &byte, 1, 0) == 1 && send(fd, &byte, 1, 0) == 1)
			;
		close(fd);
	}
}

/** serve_datagrams() - Answer UDP clients, for ever */
static _Noreturn void serve_datagrams(int fd)
{
	struct sockaddr_in peer;
	char byte;

	for (;;) {
		socklen_t len = sizeof(peer);

		if (recvfrom(fd, &byte, 1, 0, (struct sockaddr *)&peer, &len) < 0)
			die("recvfrom");
		if (sendto(fd, &byte, 1, 0, (struct sockaddr *)&peer, len) < 0)
			die("sendto");
	}
}

/** serve() - Be the server at a port of all addresses */
static _Noreturn void serve(const char *proto, int port)
{
	struct sockaddr_in sa = {
		.sin_family = AF_INET, .sin_port = htons(port),
	};
	int fd = make_socket(proto), on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&sa, sizeof(sa)))
		die("bind");
	if (!strcmp(proto, "tcp"))
		serve_stream(fd);
	serve_datagrams(fd);
}

/** by_size() - Order of samples for qsort() */
static int by_size(const void *a, const void *b)
{
	unsigned int x = *(const unsigned int *)a, y = *(const unsigned int *)b;

	return (x > y) - (x < y);
}

/** switches() - Return: context switches of this process so far */
static long switches(void)
{
	struct rusage ru;

	getrusage(RUSAGE_SELF, &ru);
	return ru.ru_nvcsw + ru.ru_nivcsw;
}

/** transact() - Do one transaction; return: when it ended, in ns */
static long long transact(int fd)
{
	char byte = 1;

	if (send(fd, &byte, 1, 0) != 1)
		die("send");
	if (recv(fd, &byte, 1, 0) != 1)
		die("recv");
	return now_ns();
}

/**
 * measure() - Transact for a time and print the result
 * @fd:		connected socket
 * @seconds:	how long
 */
static void measure(int fd, int seconds)
{
	long long start, end, last, now;
	long count = 0, kept, before;

	for (int i = 0; i < WARM_UP; i++)
		transact(fd);
	before = switches();
	start = last = now_ns();
	end = start + seconds * 1000000000LL;
	do {
		now = transact(fd);
		if (count < MAX_SAMPLES)
			samples[count] = now - last;
		count++;
		last = now;
	} while (now < end);
	before = switches() - before;
	kept = count < MAX_SAMPLES ? count : MAX_SAMPLES;
	qsort(samples, kept, sizeof(*samples), by_size);
	printf("rate %.1f p50 %.2f p99 %.2f switches %.3f\n",
	       count * 1e9 / (last - start), samples[kept / 2] / 1e3,
	       samples[kept * 99 / 100] / 1e3, (double)before / count);
}

int main(int argc, char **argv)
{
	struct sockaddr_in sa = { .sin_family = AF_INET };
	struct timeval patience = { .tv_sec = 1 };
	int fd, on = 1;

	if (argc == 4 && !strcmp(argv[1], "serve"))
		serve(argv[2], atoi(argv[3]));
	if (argc != 5)
		misused();
	fd = make_socket(argv[1]);
	sa.sin_port = htons(atoi(argv[3]));
	if (inet_pton(AF_INET, argv[2], &sa.sin_addr) != 1)
		misused();
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)))
		die("SO_RCVTIMEO");
	if (connect(fd, (struct sockaddr *)&sa, sizeof(sa)))
		die("connect");
	if (!strcmp(argv[1], "tcp"))
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	measure(fd, atoi(argv[4]));
	return 0;
}
