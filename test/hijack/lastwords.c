// SPDX-License-Identifier: GPL-2.0
/*
 * lastwords.c - What a program writes right before its end arrives
 *
 * Usage: lastwords ADDRESS PORT BYTES exit|_exit|quick|close
 * Connects, writes BYTES bytes and ends in the given way; the test that runs
 * it counts what arrives.
 */
#include "net.h"

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
	fd = socket(AF_INET, SOCK_STREAM, 0);
	must(fd >= 0 && !connect(fd, (struct sockaddr *)&sa, sizeof(sa)));
	while (left > 0) {
		ssize_t n = write(fd, buf, left);

		must(n > 0);
		left -= n;
	}
	if (!strcmp(argv[4], "close"))
		close(fd);
	else if (!strcmp(argv[4], "_exit"))
		_exit(0);
	else if (!strcmp(argv[4], "quick"))
		quick_exit(0);
	return 0;
}
