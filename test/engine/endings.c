// SPDX-License-Identifier: GPL-2.0
/*
 * endings.c - How programs end while their threads are in the kernel
 *
 * Runs under the preload library: each ending is that of a child, which boots a
 * kernel of its own, since its parent has none.
 */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/prctl.h>

#include "../hijack/net.h"
#include "children.h"

/* Statuses of waitpid(). */
#define EXITED(status)	((status) << 8)

static int sock[2];
static int started;

static void announce(void)
{
	__atomic_add_fetch(&started, 1, __ATOMIC_SEQ_CST);
}

static void *in_read(void *arg)
{
	char c;

	announce();
	return read(sock[0], &c, 1) == 1 ? arg : NULL;
}

static void *in_accept(void *arg)
{
	struct sockaddr_in sa;
	int fd = net_listen(&sa);

	announce();
	return accept(fd, NULL, NULL) >= 0 ? arg : NULL;
}

static void *in_poll(void *arg)
{
	struct pollfd p[2] = { { sock[0], POLLIN, 0 },
			       { STDIN_FILENO, POLLPRI, 0 } };

	announce();
	return poll(p, 2, -1) > 0 ? arg : NULL;
}

static void *in_epoll(void *arg)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int ep = epoll_create1(0);

	must(!epoll_ctl(ep, EPOLL_CTL_ADD, sock[0], &ev));
	announce();
	return epoll_wait(ep, &ev, 1, -1) > 0 ? arg : NULL;
}

static void *in_and_out(void *arg)
{
	struct sockaddr_in sa;
	socklen_t len = sizeof(sa);

	announce();
	for (;;)
		getsockname(sock[1], (struct sockaddr *)&sa, &len);
	return arg;
}

static void *(*const bodies[])(void *) = {
	in_read, in_accept, in_poll, in_epoll, in_and_out, in_and_out,
};

#define BODIES ((int)(sizeof(bodies) / sizeof(bodies[0])))

/** run_threads() - Start them, and wait until they are where they belong */
static void run_threads(bool detached)
{
	pthread_t thread;

	for (int i = 0; i < BODIES; i++) {
		must(!pthread_create(&thread, NULL, bodies[i], NULL));
		if (detached)
			pthread_detach(thread);
	}
	while (__atomic_load_n(&started, __ATOMIC_SEQ_CST) < BODIES)
		usleep(1000);
	usleep(20000);
}

static void *exit_7(void *arg)
{
	exit(7);
	return arg;
}

static void *underscore_exit_8(void *arg)
{
	_exit(8);
	return arg;
}

static void *quick_exit_9(void *arg)
{
	quick_exit(9);
	return arg;
}

static void *aborts(void *arg)
{
	abort();
	return arg;
}

static void *faults(void *arg)
{
	*((volatile char *)arg + 1) = 1;
	return arg;
}

static void *terminates(void *arg)
{
	raise(SIGTERM);
	return arg;
}

static void *kills(void *arg)
{
	kill(getpid(), SIGKILL);
	return arg;
}

static void *executes(void *arg)
{
	execl("/bin/sh", "sh", "-c", "exit 10", NULL);
	return arg;
}

static void *after_main(void *arg)
{
	usleep(50000);
	/* A call of the kernel, when main() has ended. */
	exit(write(sock[1], "x", 1) == 1 ? 11 : 1);
	return arg;
}

static void *sleeps_a_while(void *arg)
{
	usleep(50000);
	return write(sock[1], "x", 1) == 1 ? arg : NULL;
}

static void from_main(void *(*fn)(void *))
{
	fn(NULL);
}

static void from_thread(void *(*fn)(void *))
{
	pthread_t thread;

	must(!pthread_create(&thread, NULL, fn, NULL));
	for (;;)
		pause();
}

static void main_leaves(void *(*fn)(void *))
{
	pthread_t thread;

	must(!pthread_create(&thread, NULL, fn, NULL));
	pthread_detach(thread);
	pthread_exit(NULL);
}

/** ends_as() - Let a child end; true if it does so as it should */
static bool ends_as(int status, void (*from)(void *(*fn)(void *)),
		    void *(*fn)(void *), bool threads)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	must(pid >= 0);
	if (!pid) {
		net_pair(sock);
		if (threads)
			run_threads(from == main_leaves);
		from(fn);
		exit(99);
	}
	return wait_for(pid) == status;
}

static const struct {
	const char *name;
	void *(*fn)(void *);
	int status;
} endings[] = {
	{ "exit", exit_7, EXITED(7) },
	{ "_exit", underscore_exit_8, EXITED(8) },
	{ "quick_exit", quick_exit_9, EXITED(9) },
	{ "abort", aborts, SIGABRT },
	{ "a fault", faults, SIGSEGV },
	{ "SIGTERM", terminates, SIGTERM },
	{ "SIGKILL", kills, SIGKILL },
	{ "exec", executes, EXITED(10) },
};

int main(void)
{
	prctl(PR_SET_DUMPABLE, 0);
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		ok(ends_as(endings[i].status, from_main, endings[i].fn, true),
		   "%s in main", endings[i].name);
		ok(ends_as(endings[i].status, from_thread, endings[i].fn, true),
		   "%s in a thread", endings[i].name);
	}
	ok(ends_as(EXITED(11), main_leaves, after_main, true),
	   "a thread that outlives main, beside blocked ones");
	ok(ends_as(0, main_leaves, sleeps_a_while, false),
	   "the last thread is a detached one");
	return tap_done();
}
