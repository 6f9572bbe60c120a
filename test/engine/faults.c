// SPDX-License-Identifier: GPL-2.0
/*
 * faults.c - Allocations fail everywhere: calls fail, nothing else does
 *
 *   faults [SECONDS [SEED]]
 *
 * For a debug kernel: its fault injection makes kmalloc() and alloc_pages()
 * fail at random. Threads use sockets, files and so on, as well as they can.
 * First only their own allocations fail, and one thread, the witness, must not
 * notice; then those of all tasks and interrupts do. What a call does not
 * do must come back as one of the errors below; what it says it did must be true.
 * Afterwards all must be as before.
 */
#include "faults.h"

#define WORKERS		6
#define BUF		(32 << 10)

/*
 * Errors that running out of memory may lead to: no memory (for an inode of a
 * socket, of a file, for a port), and lost packets.
 */
static const int fair[] = {
	LKL_ENOMEM, LKL_ENOBUFS, LKL_ENFILE, LKL_ENOSPC, LKL_EADDRINUSE,
	LKL_EAGAIN, LKL_EINPROGRESS, LKL_ETIMEDOUT, LKL_ECONNRESET, LKL_EPIPE,
	LKL_ECONNABORTED, 0
};

static int numbers;

static void limit_waits(int fd)
{
	struct __lkl__kernel_timespec ts = { 2, 0 };

	for (int opt = LKL_SO_RCVTIMEO; opt <= LKL_SO_SNDTIMEO; opt++)
		lkl_sys_setsockopt(fd, LKL_SOL_SOCKET, opt, (char *)&ts,
				   sizeof(ts));
}

/* Send some bytes from one end to the other; they may get lost on the way. */
static void exchange(struct worker *w, int in, int out)
{
	unsigned int seed = below(w, 1000), sent = 0, got = 0;
	char *buf = malloc(BUF);
	long n, ret;

	for (int i = 0; i < 8; i++) {
		n = 1 + below(w, BUF);
		pattern_fill(buf, n, seed, sent);
		ret = lkl_sys_write(out, buf, n);
		if (!done(w, "write", ret))
			break;
		check(w, "write: amount", ret <= n);
		sent += ret;
		while (got < sent) {
			ret = lkl_sys_read(in, buf, BUF);
			if (!done(w, "read", ret))
				goto out;
			check(w, "read: amount", ret && got + ret <= sent);
			check(w, "read: data",
			      pattern_holds(buf, ret, seed, got));
			if (!ret)
				goto out;
			got += ret;
		}
	}
out:
	free(buf);
}

static void job_tcp(struct worker *w)
{
	struct lkl_sockaddr_in sa;
	int listener, a, b;

	listener = kernel_bound(LKL_SOCK_STREAM, &sa);
	if (!DONE(w, listener))
		return;
	limit_waits(listener);
	a = lkl_sys_socket(LKL_AF_INET, LKL_SOCK_STREAM, 0);
	if (DONE(w, a)) {
		limit_waits(a);
		if (DONE(w, lkl_sys_listen(listener, 1)) &&
		    DONE(w, lkl_sys_connect(a, (void *)&sa, sizeof(sa)))) {
			b = lkl_sys_accept(listener, NULL, NULL);
			if (done(w, "accept", b)) {
				limit_waits(b);
				exchange(w, a, b);
				exchange(w, b, a);
				DONE(w, lkl_sys_close(b));
			}
		}
		DONE(w, lkl_sys_close(a));
	}
	DONE(w, lkl_sys_close(listener));
}

static void job_udp(struct worker *w)
{
	char out[2048], in[2048];
	struct lkl_sockaddr_in sa;
	int a = lkl_sys_socket(LKL_AF_INET, LKL_SOCK_DGRAM, 0), b;
	long n, ret;

	if (!DONE(w, a))
		return;
	b = kernel_bound(LKL_SOCK_DGRAM, &sa);
	if (DONE(w, b)) {
		for (int i = 0; i < 20; i++) {
			n = 1 + below(w, sizeof(out));
			pattern_fill(out, n, i, 0);
			if (!DONE(w, lkl_sys_sendto(a, out, n, 0, (void *)&sa,
						    sizeof(sa))))
				continue;
			ret = lkl_sys_recv(b, in, sizeof(in), LKL_MSG_DONTWAIT);
			if (done(w, "recv", ret))
				check(w, "recv: data", ret == n &&
				      pattern_holds(in, n, i, 0));
		}
		DONE(w, lkl_sys_close(b));
	}
	DONE(w, lkl_sys_close(a));
}

static void job_pair(struct worker *w)
{
	bool pipe = below(w, 2);
	int fds[2];

	if (!done(w, "pair", pipe ? lkl_sys_pipe(fds) :
		  lkl_sys_socketpair(LKL_AF_UNIX, LKL_SOCK_STREAM, 0, fds)))
		return;
	exchange(w, fds[0], fds[1]);
	DONE(w, lkl_sys_close(fds[0]));
	DONE(w, lkl_sys_close(fds[1]));
}

static void job_file(struct worker *w)
{
	unsigned long size = 0, pos;
	char name[32], *buf = malloc(BUF);
	long fd, n, ret;

	snprintf(name, sizeof(name), "/file%d",
		 __atomic_add_fetch(&numbers, 1, __ATOMIC_RELAXED));
	fd = lkl_sys_open(name, LKL_O_CREAT | LKL_O_EXCL | LKL_O_RDWR, 0600);
	if (!DONE(w, fd))
		goto out;
	for (int i = 0; i < 10; i++) {
		n = 1 + below(w, BUF);
		pattern_fill(buf, n, fd, size);
		ret = lkl_sys_write(fd, buf, n);
		if (done(w, "write", ret))
			size += ret;
		pos = below(w, size + 1);
		ret = lkl_sys_pread64(fd, buf, BUF, pos);
		if (done(w, "pread", ret))
			check(w, "pread: data", pos + ret <= size &&
			      pattern_holds(buf, ret, fd, pos));
	}
	DONE(w, lkl_sys_close(fd));
	while (!DONE(w, lkl_sys_unlink(name)) && !w->bad)
		;
out:
	free(buf);
}

static void job_events(struct worker *w)
{
	struct lkl_epoll_event ev = { .events = LKL_EPOLLIN }, got;
	int ep = lkl_sys_epoll_create(1), fd;
	unsigned long long one = 1;

	if (!DONE(w, ep))
		return;
	fd = below(w, 2) ? lkl_sys_eventfd2(0, 0) : lkl_sys_timerfd_create(1, 0);
	if (DONE(w, fd)) {
		struct lkl_pollfd p = { .fd = fd, .events = LKL_POLLIN };

		DONE(w, lkl_sys_epoll_ctl(ep, LKL_EPOLL_CTL_ADD, fd, &ev));
		lkl_sys_write(fd, (char *)&one, sizeof(one));
		DONE(w, lkl_sys_epoll_wait(ep, &got, 1, 1));
		DONE(w, lkl_sys_poll(&p, 1, 1));
		DONE(w, lkl_sys_close(fd));
	}
	DONE(w, lkl_sys_close(ep));
}

/* Its first call needs a task of its own. */
static void *short_thread(void *arg)
{
	(void)arg;
	return (void *)lkl_sys_getpid();
}

static void job_thread(struct worker *w)
{
	pthread_t thread;
	void *pid;

	must(!pthread_create(&thread, NULL, short_thread, NULL));
	pthread_join(thread, &pid);
	if (DONE(w, (long)pid))
		check(w, "getpid", (long)pid == 1);
}

/* A request that has many parts: done or not, its answer may get lost. */
static void job_net(struct worker *w)
{
	unsigned int addr = htonl(0x0a000001 + (w->id << 8));
	int ret = lkl_if_add_ip(1, LKL_AF_INET, &addr, 24);

	if (!w->fair || ret != -LKL_EEXIST)
		done(w, "add address", ret);
	do {
		ret = lkl_if_del_ip(1, LKL_AF_INET, &addr, 24);
	} while (w->fair && ret != -LKL_EADDRNOTAVAIL &&
		 !done(w, "delete address", ret) && !w->bad);
	check(w, "delete address", !ret || w->fair);
}

static const job_fn jobs[] = {
	job_tcp, job_udp, job_pair, job_file, job_events, job_thread, job_net,
	NULL
};

/**
 * phase() - Let all threads work for a while
 * @seconds:	how long
 * @percent:	of allocations that fail
 * @everywhere:	those of all tasks and interrupts, not only of the workers
 */
static void phase(double seconds, const char *percent, bool everywhere)
{
	static unsigned int seed;
	struct worker workers[WORKERS + 1] = { 0 };
	struct sum sum = { 0 };

	for (int i = 0; i <= WORKERS; i++) {
		workers[i].jobs = jobs;
		workers[i].id = i;
		workers[i].rng = numbers + ++seed;
		workers[i].fair = i < WORKERS || everywhere ? fair : NULL;
	}
	workers_start(workers, WORKERS + 1);
	set_memory("task-filter", everywhere ? "N" : "Y");
	set_memory("probability", percent);
	workers_run(seconds);
	set_memory("task-filter", "Y");
	set_memory("probability", "0");
	for (int i = 0; i <= WORKERS; i++)
		pthread_join(workers[i].thread, NULL);
	workers_sum(workers, WORKERS + 1, &sum);
	ok(!sum.bad && sum.failed, "%s %%, %s: %lu jobs, %lu calls failed",
	   percent, everywhere ? "everywhere" : "in threads", sum.rounds,
	   sum.failed);
}

/* Without faults nothing may fail. */
static void sound(void)
{
	struct worker w = { .id = WORKERS + 1 };

	for (int i = 0; jobs[i]; i++)
		for (int j = 0; j < 10; j++)
			jobs[i](&w);
	ok(!w.bad, "without faults all is well");
}

int main(int argc, char **argv)
{
	double seconds = argc > 1 ? atof(argv[1]) : 20;
	static const char * const percents[] = { "1", "5", "20" };

	numbers = argc > 2 ? atoi(argv[2]) * 1000 : 1;
	if (!faults_boot())
		return 0;
	sound();
	for (size_t i = 0; i < 2 * ARRAY_SIZE(percents); i++) {
		phase(seconds / 6, percents[i / 2], i % 2);
		sound();
	}
	ok(lkl_sys_halt() == 0, "halt");
	return tap_done();
}
