// SPDX-License-Identifier: GPL-2.0
/*
 * rr.c - Requests and responses with contents that are checked
 *
 * Usage: rr serve ADDRESS PORT
 *        rr tcp|udp ADDRESS PORT COUNT SIZE
 * The server answers TCP and UDP until it is killed: what came, with all bits
 * inverted. The client sends COUNT requests of SIZE bytes, each with contents
 * of its own, one after the other; its exit status is 0 if every response was
 * right. IPv4 and IPv6.
 */
#include <poll.h>
#include <sys/time.h>

#include "net.h"

#define MAX_SIZE 65000

/* Seconds that a response may take. */
#define PATIENCE 10

static unsigned char request[MAX_SIZE], response[MAX_SIZE];

/**
 * struct address - Where the server is
 * @sa:		for IPv4 or IPv6
 * @len:	its length
 */
struct address {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} sa;
	socklen_t len;
};

/** parse() - Return: the address of two arguments */
static struct address parse(const char *ip, const char *port)
{
	struct address a = { .len = sizeof(a.sa.v4) };

	a.sa.v4.sin_family = AF_INET;
	a.sa.v4.sin_port = htons(atoi(port));
	if (inet_pton(AF_INET, ip, &a.sa.v4.sin_addr) == 1)
		return a;
	a.len = sizeof(a.sa.v6);
	a.sa.v6.sin6_family = AF_INET6;
	must(inet_pton(AF_INET6, ip, &a.sa.v6.sin6_addr) == 1);
	return a;
}

static void invert(unsigned char *buf, size_t len)
{
	for (size_t i = 0; i < len; i++)
		buf[i] = ~buf[i];
}

/** write_all() - Write to a stream; return: false if the peer has gone */
static bool write_all(int fd, const unsigned char *buf, size_t len)
{
	while (len > 0) {
		ssize_t n = send(fd, buf, len, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		buf += n;
		len -= n;
	}
	return true;
}

/** answer() - Answer what a socket has; return: false if the peer has gone */
static bool answer(int fd)
{
	struct address from = { .len = sizeof(from.sa) };
	ssize_t n = recvfrom(fd, response, sizeof(response), 0, &from.sa.any,
			     &from.len);

	if (n <= 0)
		return false;
	invert(response, n);
	if (from.len)
		return sendto(fd, response, n, 0, &from.sa.any, from.len) == n;
	return write_all(fd, response, n);
}

/* Descriptors of the server: UDP, listener, connections. */
enum { UDP, LISTENER, FIRST, FDS = 64 };

static void serve(struct address a)
{
	struct pollfd p[FDS];
	int one = 1, count = FIRST;

	p[UDP].fd = socket(a.sa.any.sa_family, SOCK_DGRAM, 0);
	p[LISTENER].fd = socket(a.sa.any.sa_family, SOCK_STREAM, 0);
	setsockopt(p[LISTENER].fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	must(!bind(p[UDP].fd, &a.sa.any, a.len));
	must(!bind(p[LISTENER].fd, &a.sa.any, a.len));
	must(!listen(p[LISTENER].fd, 16));
	p[UDP].events = p[LISTENER].events = POLLIN;
	for (;;) {
		must(poll(p, count, -1) > 0);
		if (p[UDP].revents)
			answer(p[UDP].fd);
		for (int i = count - 1; i >= FIRST; i--) {
			if (p[i].revents && !answer(p[i].fd)) {
				close(p[i].fd);
				p[i] = p[--count];
			}
		}
		if (p[LISTENER].revents && count < FDS)
			p[count++] = (struct pollfd){
				.fd = accept(p[LISTENER].fd, NULL, NULL),
				.events = POLLIN,
			};
	}
}

/** read_all() - Read a response, in pieces if it is a stream */
static void read_all(int fd, size_t size, int type)
{
	size_t got = 0;

	while (got < size) {
		ssize_t n = recv(fd, response + got, size - got, 0);

		must(n > 0 && (type == SOCK_STREAM || (size_t)n == size));
		got += n;
	}
}

static void ask(struct address a, int type, int count, size_t size)
{
	struct timeval patience = { .tv_sec = PATIENCE };
	int fd = socket(a.sa.any.sa_family, type, 0);

	must(fd >= 0 && size <= sizeof(request));
	must(!setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
			 sizeof(patience)));
	must(!connect(fd, &a.sa.any, a.len));
	for (int nr = 0; nr < count; nr++) {
		for (size_t i = 0; i < size; i++)
			request[i] = nr * 31 + i * 7 + (i >> 8);
		must(write_all(fd, request, size));
		read_all(fd, size, type);
		invert(response, size);
		must(!memcmp(response, request, size));
	}
	close(fd);
}

int main(int argc, char **argv)
{
	must(argc >= 4);
	if (!strcmp(argv[1], "serve"))
		serve(parse(argv[2], argv[3]));
	must(argc == 6);
	ask(parse(argv[2], argv[3]),
	    strcmp(argv[1], "tcp") ? SOCK_DGRAM : SOCK_STREAM, atoi(argv[4]),
	    atoi(argv[5]));
	printf("%s right responses\n", argv[4]);
	return 0;
}
