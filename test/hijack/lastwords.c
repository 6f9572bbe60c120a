// SPDX-License-Identifier: GPL-2.0
/*
 * lastwords.c - What a program writes right before its end arrives
 *
 * Usage: lastwords ADDRESS PORT BYTES WAY
 * Connects, writes BYTES bytes and ends in the given way; the test that runs
 * it counts what arrives. With way "datagram" the bytes are one datagram.
 */
#include <pthread.h>
#include <signal.h>

#include "net.h"

static void *end(void *arg)
{
	exit(0);
	return arg;
}

/* The last thread is not that of main(). */
static void *end_later(void *arg)
{
	usleep(100000);
	return arg;
}

static void on_signal(int sig)
{
	_exit(sig == SIGTERM ? 0 : 1);
}

static void finish(const char *way, int fd)
{
	pthread_t thread;

	if (!strcmp(way, "close")) {
		close(fd);
	} else if (!strcmp(way, "_exit")) {
		_exit(0);
	} else if (!strcmp(way, "quick")) {
		quick_exit(0);
	} else if (!strcmp(way, "handler")) {
		signal(SIGTERM, on_signal);
		raise(SIGTERM);
	} else if (!strcmp(way, "thread")) {
		must(!pthread_create(&thread, NULL, end, NULL));
		pause();
	} else if (!strcmp(way, "last thread")) {
		must(!pthread_create(&thread, NULL, end_later, NULL));
		pthread_detach(thread);
		pthread_exit(NULL);
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_in sa = { .sin_family = AF_INET };
	long left;
	char *buf;
	int fd;

	must(argc == 5);
	sa.sin_addr.s_addr = inet_addr(argv[1]);
	sa.sin_port = htons(atoi(argv[2]));
	left = atol(argv[3]);
	buf = malloc(left);
	must(buf);
	memset(buf, 'w', left);
	fd = socket(AF_INET, strcmp(argv[4], "datagram") ? SOCK_STREAM :
							 SOCK_DGRAM, 0);
	must(fd >= 0 && !connect(fd, (struct sockaddr *)&sa, sizeof(sa)));
	while (left > 0) {
		ssize_t n = write(fd, buf, left);

		must(n > 0);
		left -= n;
	}
	finish(argv[4], fd);
	return 0;
}
