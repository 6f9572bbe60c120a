// SPDX-License-Identifier: GPL-2.0
/*
 * dns_send.c - DNS questions out, answers in, over the LKL network
 *
 * The questions of one look-up (A and AAAA) are sent together over one UDP
 * socket and may be answered in any order. A truncated answer is worth nothing,
 * and is asked for again over TCP. The sockets live in the LKL kernel only.
 */
#include "dns.h"
#include "kernel.h"

#include <time.h>

#define DNS_TCP 65535

/* Bit of the third byte of a message: the answer was too long for UDP. */
#define TRUNCATED 0x02

/** now_ms() - Return: milliseconds of a monotonic clock */
static long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/**
 * wait_for() - Wait until a socket is ready
 * @fd:		LKL socket
 * @events:	POLLIN or POLLOUT
 * @end:	until then, of now_ms()
 *
 * Return: true if it is ready
 */
static bool wait_for(int fd, short events, long end)
{
	struct pollfd p = { fd, events, 0 };
	long ret, left;

	do {
		left = end - now_ms();
		ret = LKL(SYS_poll, &p, 1, left > 0 ? left : 0);
	} while (ret == -EINTR && left > 0);
	return ret > 0;
}

/**
 * server_socket() - Make a socket connected to a name server
 * @server:	address
 * @type:	SOCK_DGRAM or SOCK_STREAM
 * @end:	until then
 *
 * Return: LKL socket, or a negative errno
 */
static long server_socket(const struct sockaddr_in6 *server, int type,
			  long end)
{
	int len = server->sin6_family == AF_INET ? sizeof(struct sockaddr_in) :
						   sizeof(*server);
	long fd, ret;

	fd = LKL(SYS_socket, server->sin6_family,
		 type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return fd;
	ret = LKL(SYS_connect, fd, server, len);
	if (ret == -EINPROGRESS)
		ret = wait_for(fd, POLLOUT, end) ? 0 : -ETIMEDOUT;
	if (ret) {
		LKL(SYS_close, fd);
		return ret;
	}
	return fd;
}

/**
 * tcp_all() - Send or receive exactly so many bytes
 * @fd:		LKL socket
 * @nr:		SYS_read or SYS_write
 * @buf:	bytes
 * @len:	how many
 * @end:	until then
 *
 * Return: true if all of them went
 */
static bool tcp_all(int fd, long nr, unsigned char *buf, int len, long end)
{
	long n;

	while (len) {
		n = LKL(nr, fd, buf, len);
		if (n == -EAGAIN || n == -EINTR) {
			if (!wait_for(fd, nr == SYS_read ? POLLIN : POLLOUT,
				      end))
				return false;
			continue;
		}
		if (n <= 0)
			return false;
		buf += n;
		len -= n;
	}
	return true;
}

/**
 * is_answer() - Does a message answer a question?
 * @q:		question
 * @msg:	message
 * @len:	its length
 *
 * Return: true if the id and the question are the same
 */
static bool is_answer(const struct dns_query *q, const unsigned char *msg,
		      int len)
{
	/* Names are compared without case; type and class follow the name. */
	size_t name_end = DNS_HEADER +
			  strlen((char *)q->ask + DNS_HEADER) + 1;

	return !q->answer_len && len >= (int)name_end + 4 &&
	       q->ask_len >= (int)name_end + 4 &&
	       (msg[2] & 0x80) && !memcmp(msg, q->ask, 2) &&
	       !strncasecmp((char *)msg + DNS_HEADER,
			    (char *)q->ask + DNS_HEADER, DNS_NAME) &&
	       !memcmp(msg + name_end, q->ask + name_end, 4);
}

/* SERVFAIL, REFUSED and the like: the server has not answered. */
static bool server_fails(const unsigned char *msg, int len)
{
	int rcode = dns_rcode(msg, len);

	return rcode != 0 && rcode != 3;
}

/**
 * ask_tcp() - Ask over TCP
 * @server:	address
 * @q:		question; receives the answer, if there is one
 * @timeout:	milliseconds
 */
static void ask_tcp(const struct sockaddr_in6 *server, struct dns_query *q,
		    int timeout)
{
	long end = now_ms() + timeout;
	unsigned char head[2] = { q->ask_len >> 8, q->ask_len };
	long fd = server_socket(server, SOCK_STREAM, end);
	unsigned char *answer;
	int len;

	q->answer_len = 0;
	if (fd < 0)
		return;
	answer = malloc(DNS_TCP);
	if (answer && tcp_all(fd, SYS_write, head, 2, end) &&
	    tcp_all(fd, SYS_write, q->ask, q->ask_len, end) &&
	    tcp_all(fd, SYS_read, head, 2, end)) {
		len = head[0] << 8 | head[1];
		if (tcp_all(fd, SYS_read, answer, len, end) &&
		    is_answer(q, answer, len)) {
			q->failed = server_fails(answer, len);
			if (!q->failed) {
				q->answer = answer;
				q->room = DNS_TCP;
				q->answer_len = len;
				answer = NULL;
			}
		}
	}
	free(answer);
	LKL(SYS_close, fd);
}

/**
 * take_answer() - Give a datagram to the question it answers
 * @q:		questions
 * @n:		how many
 * @msg:	datagram
 * @len:	its length
 *
 * Return: true if it is the answer to one
 */
static bool take_answer(struct dns_query *q, int n, const unsigned char *msg,
			int len)
{
	for (int i = 0; i < n; i++) {
		if (q[i].failed || !is_answer(&q[i], msg, len))
			continue;
		q[i].failed = server_fails(msg, len);
		if (!q[i].failed) {
			q[i].answer_len = len;
			memcpy(q[i].answer, msg, len);
		}
		return true;
	}
	return false;
}

/**
 * ask_udp() - Ask one server over UDP what is not answered yet
 * @server:	address
 * @q:		questions
 * @n:		how many
 * @open:	how many of them are not answered
 * @timeout:	milliseconds
 */
static void ask_udp(const struct sockaddr_in6 *server, struct dns_query *q,
		    int n, int open, int timeout)
{
	long end = now_ms() + timeout;
	unsigned char msg[DNS_UDP];
	long fd, len;

	fd = server_socket(server, SOCK_DGRAM, end);
	if (fd < 0)
		return;
	for (int i = 0; i < n; i++)
		if (!q[i].answer_len)
			LKL(SYS_sendto, fd, q[i].ask, q[i].ask_len);
	while (open && wait_for(fd, POLLIN, end)) {
		len = LKL(SYS_recvfrom, fd, msg, sizeof(msg), MSG_TRUNC);
		if (len == -EAGAIN || len == -EINTR)
			continue;
		if (len < 0)
			break;	/* nobody there: port unreachable */
		if (len > (long)sizeof(msg)) {
			msg[2] |= TRUNCATED;
			len = sizeof(msg);
		}
		open -= take_answer(q, n, msg, len);
	}
	LKL(SYS_close, fd);
}

/**
 * ask_server() - Ask one server what is not answered yet
 * @server:	address
 * @q:		questions
 * @n:		how many
 * @conf:	how to ask
 *
 * Return: number of questions without an answer
 */
static int ask_server(const struct sockaddr_in6 *server, struct dns_query *q,
		      int n, const struct dns_conf *conf)
{
	int open = 0;

	for (int i = 0; i < n; i++) {
		q[i].asked = !q[i].answer_len;
		q[i].failed = false;
		open += q[i].asked;
	}
	if (!conf->use_tcp)
		ask_udp(server, q, n, open, conf->timeout);
	for (int i = 0; i < n; i++) {
		if (!q[i].asked)
			continue;
		if (conf->use_tcp ||
		    (q[i].answer_len && q[i].answer[2] & TRUNCATED))
			ask_tcp(server, &q[i], conf->timeout);
		open -= q[i].answer_len > 0;
	}
	return open;
}

/**
 * dns_send() - Get answers to questions
 * @conf:	whom to ask
 * @q:		questions
 * @n:		how many
 *
 * Return: 0 if all are answered, -ETIMEDOUT if not, other negative errno if
 * there is no network
 */
int dns_send(const struct dns_conf *conf, struct dns_query *q, int n)
{
	int err = kernel_need();

	if (err)
		return err;
	for (int round = 0; round < conf->attempts; round++)
		for (int s = 0; s < conf->servers; s++)
			if (!ask_server(&conf->server[s], q, n, conf))
				return 0;
	return -ETIMEDOUT;
}
