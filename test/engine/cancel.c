// SPDX-License-Identifier: GPL-2.0
/*
 * cancel.c - pthread_cancel() of threads that wait in the LKL kernel
 *
 * Runs under the preload library.
 */
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/uio.h>
#include <time.h>

#include "../hijack/net.h"
#include "steps.h"

#define RACES	500
#define STEPS	300

static int sock[2];	/* nothing ever arrives at the first */
static int listener;
static int epoll;
static int started, cleaned;

static long long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

/* Calls that wait. They come back only if something is wrong. */

static void wait_read(void)
{
	char c;

	read(sock[0], &c, 1);
}

static void wait_readv(void)
{
	char c;
	struct iovec iov = { &c, 1 };

	readv(sock[0], &iov, 1);
}

static void wait_recv(void)
{
	char c;

	recv(sock[0], &c, 1, 0);
}

static void wait_recvfrom(void)
{
	char c;

	recvfrom(sock[0], &c, 1, 0, NULL, NULL);
}

static void wait_recvmsg(void)
{
	char c;
	struct iovec iov = { &c, 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	recvmsg(sock[0], &msg, 0);
}

static void wait_recvmmsg(void)
{
	char c;
	struct iovec iov = { &c, 1 };
	struct mmsghdr msg = {
		.msg_hdr = { .msg_iov = &iov, .msg_iovlen = 1 }
	};

	recvmmsg(sock[0], &msg, 1, 0, NULL);
}

static void wait_accept(void)
{
	accept(listener, NULL, NULL);
}

static void wait_accept4(void)
{
	accept4(listener, NULL, NULL, SOCK_CLOEXEC);
}

static void wait_poll(void)
{
	struct pollfd p = { sock[0], POLLIN, 0 };

	poll(&p, 1, -1);
}

static void wait_poll_many(void)
{
	struct pollfd p[1000];

	for (int i = 0; i < 1000; i++)
		p[i] = (struct pollfd){ sock[0], POLLIN, 0 };
	ppoll(p, 1000, NULL, NULL);
}

static void wait_select(void)
{
	struct timeval tv = { 60, 0 };
	fd_set in;

	FD_ZERO(&in);
	FD_SET(sock[0], &in);
	select(sock[0] + 1, &in, NULL, NULL, &tv);
}

static void wait_pselect(void)
{
	sigset_t none;
	fd_set in;

	sigemptyset(&none);
	FD_ZERO(&in);
	FD_SET(sock[0], &in);
	pselect(sock[0] + 1, &in, NULL, NULL, NULL, &none);
}

static void wait_epoll(void)
{
	struct epoll_event ev;

	epoll_wait(epoll, &ev, 1, -1);
}

static void wait_epoll_masked(void)
{
	struct epoll_event ev;
	sigset_t none;

	sigemptyset(&none);
	epoll_pwait(epoll, &ev, 1, 60000, &none);
}

static void wait_write(void)
{
	char buf[4096] = "";

	while (write(sock[0], buf, sizeof(buf)) > 0)
		;
}

static void wait_send(void)
{
	char buf[4096] = "";

	while (send(sock[0], buf, sizeof(buf), MSG_NOSIGNAL) > 0)
		;
}

static void clean(void *arg)
{
	(void)arg;
	__atomic_add_fetch(&cleaned, 1, __ATOMIC_SEQ_CST);
}

static void *waiter(void *arg)
{
	void (*call)(void) = (void (*)(void))arg;

	pthread_cleanup_push(clean, NULL);
	__atomic_store_n(&started, 1, __ATOMIC_SEQ_CST);
	call();
	pthread_cleanup_pop(0);
	return (void *)(long)errno;
}

/** join() - Wait two seconds for a thread; return: what it returned, or NULL */
static void *join(pthread_t thread)
{
	struct timespec end;
	void *ret = NULL;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += 2;
	must(!pthread_timedjoin_np(thread, &ret, &end));
	return ret;
}

static void blocked(void (*call)(void), const char *name)
{
	long long start;
	pthread_t t;
	void *ret;

	started = cleaned = 0;
	must(!pthread_create(&t, NULL, waiter, (void *)call));
	while (!__atomic_load_n(&started, __ATOMIC_SEQ_CST))
		usleep(1000);
	usleep(30000);
	must(!pthread_cancel(t));
	start = now_ms();
	ret = join(t);
	ok(ret == PTHREAD_CANCELED && cleaned == 1 && now_ms() - start < 500,
	   "%s is a cancellation point", name);
}

#define BLOCKED(call) blocked(wait_##call, #call)

/* Keeps the library's list of threads locked: others have to wait for it. */
static void *crowd(void *arg)
{
	while (!__atomic_load_n((bool *)arg, __ATOMIC_RELAXED)) {
		pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
		pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
	}
	return NULL;
}

/* Cancelled at any moment between the first instruction and the wait */
static void races(void)
{
	pthread_t t, crowded[2];
	bool over = false;
	int bad = 0;

	for (int i = 0; i < 2; i++)
		must(!pthread_create(&crowded[i], NULL, crowd, &over));

	for (int i = 0; i < RACES; i++) {
		struct timespec ts = { 0, i * 200 };

		must(!pthread_create(&t, NULL, waiter, (void *)wait_read));
		nanosleep(&ts, NULL);
		must(!pthread_cancel(t));
		bad += join(t) != PTHREAD_CANCELED;
	}
	__atomic_store_n(&over, true, __ATOMIC_RELAXED);
	for (int i = 0; i < 2; i++)
		pthread_join(crowded[i], NULL);
	ok(!bad, "%d threads cancelled about when they start to wait", RACES);
}

static void restarts(int sig)
{
	(void)sig;
}

/* Cancelled while a signal has ended the call, which is to be restarted */
static void signalled(void)
{
	struct sigaction act = { .sa_handler = restarts, .sa_flags = SA_RESTART };
	int bad = 0;
	pthread_t t;

	must(!sigaction(SIGUSR1, &act, NULL));
	for (int i = 0; i < RACES; i++) {
		started = 0;
		must(!pthread_create(&t, NULL, waiter, (void *)wait_read));
		while (!__atomic_load_n(&started, __ATOMIC_SEQ_CST))
			usleep(100);
		usleep(100);
		must(!pthread_kill(t, SIGUSR1));
		for (volatile int n = 0; n < i * 50; n++)
			;
		must(!pthread_cancel(t));
		bad += join(t) != PTHREAD_CANCELED;
	}
	ok(!bad, "%d threads cancelled about when a call is restarted", RACES);
}

static pid_t tid;

static void wait_known(void)
{
	__atomic_store_n(&tid, gettid(), __ATOMIC_SEQ_CST);
	wait_read();
}

/* The same, at each instruction after the signal. */
static void stepped(void)
{
	int bad = 0;
	pthread_t t;

	for (int i = 0; i < STEPS; i++) {
		tid = 0;
		must(!pthread_create(&t, NULL, waiter, (void *)wait_known));
		while (!__atomic_load_n(&tid, __ATOMIC_SEQ_CST))
			usleep(100);
		usleep(2000);
		steps_arm(tid, SIGUSR1, i);
		must(!pthread_kill(t, SIGUSR1));
		steps_held();
		must(!pthread_cancel(t));
		steps_go();
		bad += join(t) != PTHREAD_CANCELED;
	}
	ok(!bad, "and at each of %d instructions after the signal", STEPS);
}

static void *disabled(void *arg)
{
	struct pollfd p = { sock[0], POLLIN, 0 };
	char c = 0;
	int old;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	__atomic_store_n(&started, 1, __ATOMIC_SEQ_CST);
	ok(poll(&p, 1, 300) == 0, "cancellation disabled: poll is not ended");
	ok(read(sock[0], &c, 1) == 1 && c == 'x', "nor is read");
	pthread_setcancelstate(old, NULL);
	read(sock[0], &c, 1);
	return arg;
}

static void shielded(void)
{
	pthread_t t;

	started = 0;
	must(!pthread_create(&t, NULL, disabled, NULL));
	while (!__atomic_load_n(&started, __ATOMIC_SEQ_CST))
		usleep(1000);
	usleep(50000);
	must(!pthread_cancel(t));
	usleep(400000);
	must(write(sock[1], "x", 1) == 1);
	ok(join(t) == PTHREAD_CANCELED, "it takes effect when enabled again");
}

/* Make a call, so that the library knows the thread; then wait until told. */
static void compute(void)
{
	struct pollfd p = { sock[0], POLLIN, 0 };

	poll(&p, 1, 0);
	__atomic_store_n(&started, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&started, __ATOMIC_SEQ_CST) == 1)
		;
}

static void clean_by_waiting(void *arg)
{
	struct pollfd p = { sock[0], POLLIN, 0 };

	*(int *)arg = poll(&p, 1, 50);
}

static void *computing(void *arg)
{
	pthread_cleanup_push(clean_by_waiting, arg);
	compute();
	wait_read();
	pthread_cleanup_pop(0);
	return NULL;
}

/* Computes while it is cancelled, and does not want to be when it waits. */
static void *reconsidering(void *arg)
{
	char c = 0;

	compute();
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
	__atomic_store_n(&started, 3, __ATOMIC_SEQ_CST);
	return (void *)(read(sock[0], &c, 1) == 1 && c == 'x' ? arg : NULL);
}

/* The wish to end a call comes while there is none. */
static void between_calls(void)
{
	int polled = -2;
	pthread_t t;

	started = 0;
	must(!pthread_create(&t, NULL, computing, &polled));
	while (!__atomic_load_n(&started, __ATOMIC_SEQ_CST))
		usleep(1000);
	must(!pthread_cancel(t));
	__atomic_store_n(&started, 2, __ATOMIC_SEQ_CST);
	must(join(t) == PTHREAD_CANCELED);
	ok(polled == 0,
	   "what cleans up after a thread that computed can wait (%d)", polled);

	started = 0;
	must(!pthread_create(&t, NULL, reconsidering, &polled));
	while (!__atomic_load_n(&started, __ATOMIC_SEQ_CST))
		usleep(1000);
	must(!pthread_cancel(t));
	__atomic_store_n(&started, 2, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&started, __ATOMIC_SEQ_CST) != 3)
		usleep(1000);
	usleep(50000);
	must(!pthread_kill(t, SIGUSR1));	/* restarts() */
	usleep(50000);
	must(write(sock[1], "x", 1) == 1);
	ok(join(t) == &polled,
	   "a call is restarted if cancellation is disabled meanwhile");
}

static void usable(void)
{
	char c = 0;

	ok(write(sock[1], "y", 1) == 1 && read(sock[0], &c, 1) == 1 &&
	   c == 'y', "the socket is as before");
}

int main(void)
{
	struct epoll_event ev = { .events = EPOLLIN };
	struct sockaddr_in sa;
	bool traced = steps_start();

	net_pair(sock);
	listener = net_listen(&sa);
	epoll = epoll_create1(0);
	must(epoll >= 0 && !epoll_ctl(epoll, EPOLL_CTL_ADD, sock[0], &ev));
	BLOCKED(read);
	BLOCKED(readv);
	BLOCKED(recv);
	BLOCKED(recvfrom);
	BLOCKED(recvmsg);
	BLOCKED(recvmmsg);
	BLOCKED(accept);
	BLOCKED(accept4);
	BLOCKED(poll);
	BLOCKED(poll_many);
	BLOCKED(select);
	BLOCKED(pselect);
	BLOCKED(epoll);
	BLOCKED(epoll_masked);
	races();
	signalled();
	if (traced)
		stepped();
	steps_end();
	shielded();
	between_calls();
	usable();
	BLOCKED(write);
	BLOCKED(send);
	return tap_done();
}
