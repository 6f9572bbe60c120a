// SPDX-License-Identifier: GPL-2.0
/*
 * readiness.c - poll, select and epoll over descriptors of both kernels
 */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>

#include "net.h"

static int sock[2], fifo[2];

static long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Write a byte to a descriptor after a while, from another thread. */
static void *write_later(void *arg)
{
	usleep(50000);
	must(write((int)(intptr_t)arg, "x", 1) == 1);
	return NULL;
}

static pthread_t later(int fd)
{
	pthread_t t;

	must(!pthread_create(&t, NULL, write_later, (void *)(intptr_t)fd));
	return t;
}

static void drain(int fd)
{
	char c;

	must(read(fd, &c, 1) == 1);
}

static void test_poll(void)
{
	struct pollfd p[] = {
		{ sock[0], POLLIN, 0 }, { fifo[0], POLLIN, 0 },
		{ -1, POLLIN, 7 }, { 999, POLLIN, 0 },
	};
	long start = now_ms();
	pthread_t t;

	ok(poll(p, 3, 60) == 0, "poll: a mixed set times out");
	ok(now_ms() - start >= 59, "poll: not too early");
	ok(p[2].revents == 0, "poll: a negative number is skipped");
	ok(poll(p, 4, -1) == 1 && p[3].revents == POLLNVAL,
	   "poll: a closed number is POLLNVAL");
	t = later(fifo[1]);
	ok(poll(p, 2, 5000) == 1 && p[1].revents == POLLIN &&
	   p[0].revents == 0, "poll: the pipe wakes it");
	pthread_join(t, NULL);
	drain(fifo[0]);
	t = later(sock[1]);
	ok(poll(p, 2, 5000) == 1 && p[0].revents == POLLIN &&
	   p[1].revents == 0, "poll: the socket wakes it");
	pthread_join(t, NULL);
	must(write(fifo[1], "x", 1) == 1);
	ok(poll(p, 2, 5000) == 2, "poll: both are ready");
	drain(fifo[0]);
	drain(sock[0]);
}

static void test_many(void)
{
	struct pollfd *p = calloc(400, sizeof(*p));

	for (int i = 0; i < 400; i++)
		p[i] = (struct pollfd){ i % 2 ? sock[0] : fifo[0], POLLIN, 0 };
	ok(poll(p, 400, 0) == 0, "poll: 400 entries, none ready");
	must(write(sock[1], "x", 1) == 1);
	ok(poll(p, 400, 5000) == 200, "poll: 400 entries, 200 ready");
	drain(sock[0]);
	free(p);
}

static void test_select(void)
{
	struct timeval tv = { 0, 60000 };
	int top = (sock[0] > fifo[0] ? sock[0] : fifo[0]) + 1;
	fd_set in, out;

	ok(sock[0] < 20 && sock[1] < 20, "select: LKL numbers are small");
	FD_ZERO(&in);
	FD_SET(sock[0], &in);
	FD_SET(fifo[0], &in);
	ok(select(top, &in, NULL, NULL, &tv) == 0 && !FD_ISSET(sock[0], &in),
	   "select: a mixed set times out");
	ok(tv.tv_sec == 0 && tv.tv_usec == 0, "select: no time is left");
	FD_SET(sock[0], &in);
	FD_SET(fifo[0], &in);
	FD_ZERO(&out);
	FD_SET(sock[0], &out);
	must(write(fifo[1], "x", 1) == 1);
	tv.tv_sec = 5;
	ok(select(top, &in, &out, NULL, &tv) == 2 && FD_ISSET(fifo[0], &in) &&
	   !FD_ISSET(sock[0], &in) && FD_ISSET(sock[0], &out),
	   "select: the pipe to read, the socket to write");
	ok(tv.tv_sec == 4, "select: the time left is told");
	drain(fifo[0]);
	FD_ZERO(&in);
	FD_SET(sock[0], &in);
	FD_SET(900, &in);
	errno = 0;
	ok(select(901, &in, NULL, NULL, &tv) == -1 && errno == EBADF,
	   "select: a closed number is EBADF");
}

/* Data of an event must come back bit by bit, and not be looked at. */
#define COOKIE(n) (0xfedcba9876543210ULL ^ (uint64_t)(n) << 60)

static void add(int ep, int fd, unsigned int events, uint64_t data)
{
	struct epoll_event ev = { .events = events, .data.u64 = data };

	must(!epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev));
}

static void test_epoll(void)
{
	int ep = epoll_create1(EPOLL_CLOEXEC), file, event, timer;
	struct itimerspec its = { .it_value = { 0, 20000000 } };
	struct epoll_event ev[8];
	pthread_t t;

	must(ep >= 0);
	add(ep, sock[0], EPOLLIN, COOKIE(1));
	add(ep, fifo[0], EPOLLIN, COOKIE(2));
	ok(epoll_wait(ep, ev, 8, 30) == 0, "epoll: a mixed set times out");
	t = later(fifo[1]);
	ok(epoll_wait(ep, ev, 8, 5000) == 1 && ev[0].data.u64 == COOKIE(2) &&
	   ev[0].events == EPOLLIN, "epoll: the pipe wakes it, data intact");
	pthread_join(t, NULL);
	drain(fifo[0]);
	t = later(sock[1]);
	ok(epoll_wait(ep, ev, 8, 5000) == 1 && ev[0].data.u64 == COOKIE(1),
	   "epoll: the socket wakes it, data intact");
	pthread_join(t, NULL);
	drain(sock[0]);

	errno = 0;
	ok(epoll_ctl(ep, EPOLL_CTL_ADD, sock[0], ev) == -1 && errno == EEXIST,
	   "epoll: adding a socket twice is EEXIST");
	ok(epoll_ctl(ep, EPOLL_CTL_ADD, fifo[0], ev) == -1 && errno == EEXIST,
	   "epoll: adding a pipe twice is EEXIST");
	ok(epoll_ctl(ep, EPOLL_CTL_DEL, fifo[1], ev) == -1 && errno == ENOENT,
	   "epoll: removing what is not there is ENOENT");
	ok(epoll_ctl(ep, EPOLL_CTL_ADD, 999, ev) == -1 && errno == EBADF,
	   "epoll: a closed number is EBADF");
	file = open("/etc/passwd", O_RDONLY);
	ok(epoll_ctl(ep, EPOLL_CTL_ADD, file, ev) == -1 && errno == EPERM,
	   "epoll: a regular file is EPERM");
	close(file);

	event = eventfd(0, 0);
	add(ep, event, EPOLLIN | EPOLLET, COOKIE(3));
	must(write(event, &(uint64_t){ 1 }, 8) == 8);
	ok(epoll_wait(ep, ev, 8, 5000) == 1 && ev[0].data.u64 == COOKIE(3),
	   "epoll: an eventfd, edge triggered");
	ok(epoll_wait(ep, ev, 8, 20) == 0, "epoll: only once");
	must(write(event, &(uint64_t){ 1 }, 8) == 8);
	ok(epoll_wait(ep, ev, 8, 5000) == 1, "epoll: again after a write");
	ok(!close(event) && epoll_wait(ep, ev, 8, 20) == 0,
	   "epoll: closing a host descriptor removes it");

	timer = timerfd_create(CLOCK_MONOTONIC, 0);
	add(ep, timer, EPOLLIN | EPOLLONESHOT, COOKIE(4));
	must(!timerfd_settime(timer, 0, &its, NULL));
	ok(epoll_wait(ep, ev, 8, 5000) == 1 && ev[0].data.u64 == COOKIE(4),
	   "epoll: a timerfd, one shot");
	ok(epoll_wait(ep, ev, 8, 20) == 0, "epoll: and only one");
	close(timer);
	close(ep);
}

static void test_nested(void)
{
	int inner = epoll_create1(0), outer = epoll_create1(0);
	struct pollfd p = { inner, POLLIN, 0 };
	struct epoll_event ev;

	add(inner, sock[0], EPOLLIN, 1);
	add(outer, inner, EPOLLIN, 2);
	ok(poll(&p, 1, 0) == 0, "nested: nothing to do");
	must(write(sock[1], "x", 1) == 1);
	ok(poll(&p, 1, 5000) == 1, "nested: an epoll instance can be polled");
	ok(epoll_wait(outer, &ev, 1, 5000) == 1 && ev.data.u64 == 2,
	   "nested: and be in another");
	drain(sock[0]);
	close(inner);
	close(outer);
}

static void test_reuse(void)
{
	int ends[2];
	struct pollfd p[] = { { sock[0], POLLIN, 0 }, { 0, POLLIN, 0 } };
	FILE *f;

	must(!pipe(ends));
	p[1].fd = ends[0];
	must(poll(p, 2, 0) == 0);
	f = fdopen(ends[0], "r");
	must(f && !fclose(f));
	close(ends[1]);
	must(!pipe(ends));
	p[1].fd = ends[0];
	must(write(ends[1], "x", 1) == 1);
	ok(poll(p, 2, 1000) == 1 && p[1].revents == POLLIN,
	   "a number reused after fclose() is the new file");
	close(ends[0]);
	close(ends[1]);
}

/* fault() - a call must fail with EFAULT */
#define fault(call, ...)						\
	do {								\
		errno = 0;						\
		ok((call) == -1 && errno == EFAULT, __VA_ARGS__);	\
	} while (0)

/* Memory that is not there, or not to be written to. */
static void test_faults(void)
{
	struct timespec now = { 0, 0 };
	struct timeval soon = { 0, 1000 };
	struct pollfd *volatile no_fds = (void *)8, *p;
	fd_set *volatile no_set = (void *)8, set;
	sigset_t *volatile no_mask = (void *)8;
	sigset_t before, after;
	int top = sock[0] + 1;
	char *page;

	page = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	must(page != MAP_FAILED && !munmap(page + 4096, 4096));
	p = (struct pollfd *)(page + 4096) - 1;
	*p = (struct pollfd){ sock[0], POLLOUT, 0 };
	pthread_sigmask(SIG_SETMASK, NULL, &before);
	ok(poll(p, 1, 0) == 1 && p->revents == POLLOUT, "at the end of memory");
	fault(poll(no_fds, 1, 0), "poll: no set");
	fault(poll(p, 2, 0), "one that is cut off");
	fault(syscall(SYS_ppoll, p, 1, 8, NULL, 8), "no time");
	fault(ppoll(p, 1, &now, no_mask), "no mask");
	must(!mprotect(page, 4096, PROT_READ));
	fault(poll(p, 1, 0), "no room for the result");
	fault(select(top, no_set, NULL, NULL, &soon), "select: no set");
	FD_ZERO(&set);
	FD_SET(sock[0], &set);
	fault(select(top, NULL, &set, no_set, &soon), "beside one that is there");
	fault(syscall(SYS_select, top, NULL, &set, NULL, 8), "no time");
	must(!mprotect(page, 4096, PROT_READ | PROT_WRITE));
	memcpy(page, &set, sizeof(set));
	must(!mprotect(page, 4096, PROT_READ));
	fault(select(top, NULL, (fd_set *)page, NULL, &soon),
	      "no room for the result");
	fault(syscall(SYS_pselect6, top, NULL, &set, NULL, 8, NULL),
	      "pselect: no time");
	FD_SET(sock[0], &set);
	fault(syscall(SYS_pselect6, top, NULL, &set, NULL, NULL, 8),
	      "no mask");
	fault(pselect(top, NULL, &set, NULL, &now, no_mask), "nor in there");
	pthread_sigmask(SIG_SETMASK, NULL, &after);
	ok(!memcmp(&before, &after, sizeof(long)), "the mask is as it was");
	ok(select(top, NULL, &set, NULL, &soon) == 1 && FD_ISSET(sock[0], &set),
	   "and all is well");
	munmap(page, 4096);
}

int main(void)
{
	net_pair(sock);
	must(!pipe(fifo));
	test_poll();
	test_many();
	test_select();
	test_epoll();
	test_nested();
	test_reuse();
	test_faults();
	return tap_done();
}
