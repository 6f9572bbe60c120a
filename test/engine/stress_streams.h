/* SPDX-License-Identifier: GPL-2.0 */
/*
 * stress_streams.h - Jobs of the stress: bytes from one thread to another
 */
#ifndef TEST_ENGINE_STRESS_STREAMS_H
#define TEST_ENGINE_STRESS_STREAMS_H

#include "stress.h"

#define STREAM		(4 << 20)

/**
 * struct stream - One direction of a stream of bytes
 * @w:		who checks
 * @fd:		where they come from, or go to
 * @seed:	which bytes
 * @len:	how many
 * @socket:	use send and recv
 */
struct stream {
	struct worker *w;
	int fd;
	unsigned int seed;
	unsigned long len;
	bool socket;
};

static void stream_write(struct stream *s)
{
	unsigned long pos = 0;
	char *buf = malloc(BUF);
	size_t n, off;
	long ret;

	while (pos < s->len) {
		n = 1 + below(s->w, BUF);
		if (n > s->len - pos)
			n = s->len - pos;
		pattern_fill(buf, n, s->seed, pos);
		for (off = 0; off < n; off += ret) {
			if (s->socket)
				ret = TRY(s->w, lkl_sys_send(s->fd, buf + off,
							     n - off, 0));
			else
				ret = TRY(s->w, lkl_sys_write(s->fd, buf + off,
							      n - off));
			if (!CHECK(s->w, ret > 0, "%ld at %lu", ret, pos))
				goto out;
		}
		pos += n;
	}
out:
	free(buf);
}

static void stream_read(struct stream *s)
{
	unsigned long pos = 0;
	char *buf = malloc(BUF);
	long ret;

	while (pos < s->len) {
		size_t n = 1 + below(s->w, BUF);

		if (s->socket)
			ret = TRY(s->w, lkl_sys_recv(s->fd, buf, n, 0));
		else
			ret = TRY(s->w, lkl_sys_read(s->fd, buf, n));
		if (!CHECK(s->w, ret > 0, "%ld at %lu", ret, pos) ||
		    !CHECK(s->w, pattern_holds(buf, ret, s->seed, pos),
			   "%ld bytes at %lu", ret, pos))
			break;
		pos += ret;
	}
	free(buf);
}

static void *stream_writer(void *arg)
{
	struct worker side = *((struct stream *)arg)->w;

	/* The checks of the other worker, with random numbers of our own. */
	self = &side;
	side.rng ^= 0x5555;
	side.bad = 0;
	((struct stream *)arg)->w = &side;
	stream_write(arg);
	return (void *)side.bad;
}

/* Move a random amount through two descriptors, a thread at each end. */
static void run_stream(struct worker *w, int in, int out, bool socket)
{
	struct stream s = { w, out, rnd(w), 1 + below(w, STREAM), socket };
	struct stream r = s;
	pthread_t thread;
	void *bad;

	r.fd = in;
	if (!CHECK(w, !pthread_create(&thread, NULL, stream_writer, &s)))
		return;
	stream_read(&r);
	pthread_join(thread, &bad);
	w->bad += (long)bad;
}

/* Both ends of a new connection */
static bool tcp_connect(struct worker *w, int fds[2])
{
	struct lkl_sockaddr_in sa;
	struct lkl_pollfd p;
	long listener = kernel_bound(LKL_SOCK_STREAM, &sa), ret;
	int err = 0, len = sizeof(err);

	if (!CHECK(w, listener >= 0, "%ld", listener))
		return false;
	CHECK(w, !lkl_sys_listen(listener, 4));
	fds[0] = lkl_sys_socket(LKL_AF_INET, LKL_SOCK_STREAM, 0);
	ret = lkl_sys_connect(fds[0], (void *)&sa, sizeof(sa));
	if (ret == -LKL_EINTR && CHECK(w, !w->restarts)) {
		/* POSIX: the connection is made meanwhile */
		p = (struct lkl_pollfd){ fds[0], LKL_POLLOUT, 0 };
		ret = RETRY(w, lkl_sys_poll(&p, 1, -1)) == 1 ? 0 : -1;
		lkl_sys_getsockopt(fds[0], LKL_SOL_SOCKET, LKL_SO_ERROR,
				   (char *)&err, &len);
	}
	CHECK(w, !ret && !err, "%ld, %d", ret, err);
	fds[1] = TRY(w, lkl_sys_accept(listener, NULL, NULL));
	lkl_sys_close(listener);
	return CHECK(w, fds[1] >= 0, "%d", fds[1]);
}

static void job_tcp(struct worker *w)
{
	int fds[2];
	char c;

	if (!tcp_connect(w, fds))
		return;
	run_stream(w, fds[0], fds[1], true);
	run_stream(w, fds[1], fds[0], below(w, 2));
	lkl_sys_shutdown(fds[0], LKL_SHUT_WR);
	CHECK(w, TRY(w, lkl_sys_read(fds[1], &c, 1)) == 0);
	CHECK(w, !lkl_sys_close(fds[0]));
	CHECK(w, !lkl_sys_close(fds[1]));
}

static void job_udp(struct worker *w)
{
	struct lkl_sockaddr_in a, b, from;
	long fa = kernel_bound(LKL_SOCK_DGRAM, &a);
	long fb = kernel_bound(LKL_SOCK_DGRAM, &b);
	char out[4096], in[4096];
	int len;

	if (!CHECK(w, fa >= 0 && fb >= 0, "%ld %ld", fa, fb))
		return;
	for (int i = 0; i < 200; i++) {
		size_t n = 1 + below(w, sizeof(out));
		unsigned int seed = rnd(w);

		pattern_fill(out, n, seed, 0);
		len = sizeof(from);
		CHECK(w, TRY(w, lkl_sys_sendto(fa, out, n, 0, (void *)&b,
					       sizeof(b))) == (long)n);
		CHECK(w, TRY(w, lkl_sys_recvfrom(fb, in, sizeof(in), 0,
						 (void *)&from, &len)) ==
		      (long)n && pattern_holds(in, n, seed, 0) &&
		      from.sin_port == a.sin_port);
	}
	lkl_sys_close(fa);
	lkl_sys_close(fb);
}

static void job_unix(struct worker *w)
{
	int type = below(w, 2) ? LKL_SOCK_STREAM : LKL_SOCK_SEQPACKET;
	char out[512], in[512];
	int fds[2];

	if (!CHECK(w, !lkl_sys_socketpair(LKL_AF_UNIX, LKL_SOCK_STREAM, 0,
					  fds)))
		return;
	run_stream(w, fds[0], fds[1], below(w, 2));
	lkl_sys_close(fds[0]);
	lkl_sys_close(fds[1]);
	if (!CHECK(w, !lkl_sys_socketpair(LKL_AF_UNIX, type, 0, fds)))
		return;
	for (int i = 0; i < 100; i++) {
		size_t n = 1 + below(w, sizeof(out));

		pattern_fill(out, n, i, 0);
		CHECK(w, TRY(w, lkl_sys_send(fds[1], out, n, 0)) == (long)n);
		CHECK(w, TRY(w, lkl_sys_recv(fds[0], in, sizeof(in), 0)) ==
		      (long)n && pattern_holds(in, n, i, 0));
	}
	lkl_sys_close(fds[1]);
	CHECK(w, TRY(w, lkl_sys_recv(fds[0], in, 1, 0)) == 0);
	lkl_sys_close(fds[0]);
}

static void job_pipe(struct worker *w)
{
	int fds[2];

	if (!CHECK(w, !lkl_sys_pipe(fds)))
		return;
	run_stream(w, fds[0], fds[1], false);
	lkl_sys_close(fds[0]);
	lkl_sys_close(fds[1]);
}

#endif /* TEST_ENGINE_STRESS_STREAMS_H */
