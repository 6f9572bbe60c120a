// SPDX-License-Identifier: GPL-2.0
/*
 * threads.c - Threads come and go, and so do processes, with calls under way
 *
 * How processes end is tried in children that are forked before the boot: each
 * boots a kernel of its own.
 */
#include "kernel.h"

#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define ATTACHES	2000
#define SLEEPERS	2000
#define BLOCKED		8

static int sleepers_ready, sleepers_good;
static int fds[2];

/** start_thread() - Start a thread with a small stack */
static pthread_t start_thread(void *(*fn)(void *arg), void *arg)
{
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 64 << 10);
	must(!pthread_create(&thread, &attr, fn, arg));
	pthread_attr_destroy(&attr);
	return thread;
}

/* Costs: shown, not checked */

static long long attach_ns, end_at;

static void *attaching(void *arg)
{
	long long start = host_ns();

	if (arg)
		lkl_sys_getpid();
	end_at = host_ns();
	attach_ns += end_at - start;
	return NULL;
}

static void test_costs(void)
{
	long long end[2] = { 0, 0 }, null;

	for (long attach = 0; attach < 2; attach++) {
		attach_ns = 0;
		for (int i = 0; i < ATTACHES; i++) {
			pthread_join(start_thread(attaching, (void *)attach),
				     NULL);
			end[attach] += host_ns() - end_at;
		}
	}
	null = host_ns();
	for (int i = 0; i < 100000; i++)
		lkl_sys_getpid();
	null = host_ns() - null;
	printf("# first call of a thread %lld ns, its end costs %lld ns more, ",
	       attach_ns / ATTACHES, (end[1] - end[0]) / ATTACHES);
	printf("getpid %lld ns\n", null / 100000);
}

/* Many threads in one kind of wait */

static void *sleeper(void *arg)
{
	long fd = (long)arg;
	char c = 0;

	__atomic_add_fetch(&sleepers_ready, 1, __ATOMIC_SEQ_CST);
	if (lkl_sys_recv(fd, &c, 1, 0) == 1 && c == 'w')
		__atomic_add_fetch(&sleepers_good, 1, __ATOMIC_SEQ_CST);
	return NULL;
}

static void test_sleepers(void)
{
	static pthread_t threads[SLEEPERS];
	static struct lkl_sockaddr_in sa[SLEEPERS];
	static int socks[SLEEPERS];
	long tx = lkl_sys_socket(LKL_AF_INET, LKL_SOCK_DGRAM, 0);
	long long start;
	int bad = 0;

	sleepers_good = sleepers_ready = 0;
	must(!lkl_set_fd_limit(2 * SLEEPERS));
	for (int i = 0; i < SLEEPERS; i++) {
		socks[i] = kernel_bound(LKL_SOCK_DGRAM, &sa[i]);
		must(socks[i] >= 0);
		threads[i] = start_thread(sleeper, (void *)(long)socks[i]);
	}
	while (__atomic_load_n(&sleepers_ready, __ATOMIC_SEQ_CST) < SLEEPERS)
		usleep(1000);
	usleep(100000);
	ok(!sleepers_good, "%d threads are blocked in recv", SLEEPERS);
	start = host_ns();
	for (int i = 0; i < SLEEPERS; i++)
		bad += lkl_sys_sendto(tx, "w", 1, 0, (void *)&sa[i],
				      sizeof(sa[i])) != 1;
	for (int i = 0; i < SLEEPERS; i++)
		pthread_join(threads[i], NULL);
	ok(!bad && sleepers_good == SLEEPERS, "all are woken, and end");
	printf("# %lld us for each\n", (host_ns() - start) / SLEEPERS / 1000);
	for (int i = 0; i < SLEEPERS; i++)
		lkl_sys_close(socks[i]);
	lkl_sys_close(tx);
}

static void *reader(void *arg)
{
	long ret;
	char c;

	ret = lkl_sys_read(fds[0], &c, 1);
	return ret == 1 && c == (char)(long)arg ? arg : NULL;
}

static void *leaves_work(void *arg)
{
	int *end = arg;
	struct lkl_epoll_event ev = { .events = LKL_EPOLLIN };
	long ep = lkl_sys_epoll_create(1);
	int pair[2];

	must(!kernel_tcp_pair(pair));
	lkl_sys_epoll_ctl(ep, LKL_EPOLL_CTL_ADD, pair[0], &ev);
	lkl_sys_send(pair[1], "left", 5, 0);
	*end = pair[0];
	pthread_exit(NULL);
}

static void test_ends(void)
{
	char text[8] = "";
	pthread_t thread;
	int end = -1;
	void *ret;

	must(!lkl_sys_pipe(fds));
	thread = start_thread(reader, (void *)'r');
	usleep(20000);
	for (int i = 0; i < 200; i++)
		pthread_join(start_thread(attaching, (void *)1), NULL);
	lkl_sys_write(fds[1], "r", 1);
	pthread_join(thread, &ret);
	ok(ret == (void *)'r', "threads end while another is blocked");
	pthread_join(start_thread(leaves_work, &end), NULL);
	ok(lkl_sys_recv(end, text, 5, 0) == 5 && !strcmp(text, "left"),
	   "what a thread has opened outlives it");
	lkl_sys_close(fds[0]);
	lkl_sys_close(fds[1]);
}

static pthread_key_t key;

/* Runs after our own destructor as well as before: it asks to be repeated. */
static void late_call(void *arg)
{
	long left = (long)arg;

	must(lkl_sys_getpid() == 1);
	if (left > 1)
		pthread_setspecific(key, (void *)(left - 1));
	else
		__atomic_add_fetch(&sleepers_good, 1, __ATOMIC_SEQ_CST);
}

static void *with_key(void *arg)
{
	lkl_sys_getpid();
	pthread_setspecific(key, (void *)3);
	return arg;
}

static void test_destructors(void)
{
	must(!pthread_key_create(&key, late_call));
	sleepers_good = 0;
	for (int i = 0; i < 100; i++)
		pthread_join(start_thread(with_key, NULL), NULL);
	ok(sleepers_good == 100, "destructors of thread data make calls");
}

static void test_detached(void)
{
	sleepers_good = sleepers_ready = 0;
	must(!lkl_sys_socketpair(LKL_AF_UNIX, LKL_SOCK_DGRAM, 0, fds));
	for (int i = 0; i < 100; i++)
		pthread_detach(start_thread(sleeper, (void *)(long)fds[0]));
	for (int i = 0; i < 100; i++)
		lkl_sys_send(fds[1], "w", 1, 0);
	for (int i = 0; i < 2000; i++) {
		if (__atomic_load_n(&sleepers_good, __ATOMIC_SEQ_CST) == 100)
			break;
		usleep(1000);
	}
	ok(sleepers_good == 100, "100 detached threads");
	lkl_sys_close(fds[0]);
	lkl_sys_close(fds[1]);
}

/* Ends of processes, with threads blocked */

static void *sleeps(void *arg)
{
	struct __lkl__kernel_timespec ts = { 0, 50000000 };

	lkl_sys_nanosleep(&ts, NULL);
	return arg;
}

static void call_at_exit(void)
{
	if (lkl_sys_getpid() != 1)
		_exit(99);
}

static void *end_exit(void *arg)
{
	exit((long)arg);
}

static void *end__exit(void *arg)
{
	_exit((long)arg);
}

static void *end_quick_exit(void *arg)
{
	quick_exit((long)arg);
}

static void *end_abort(void *arg)
{
	(void)arg;
	abort();
}

static void *end_fault(void *arg)
{
	return (void *)(long)*(volatile char *)arg;
}

static void *end_exec(void *arg)
{
	(void)arg;
	execl("/bin/sh", "sh", "-c", "exit 9", NULL);
	return NULL;
}

static void *end_halt_exit(void *arg)
{
	lkl_sys_halt();
	exit((long)arg);
}

static void *end_later(void *arg)
{
	sleeps(NULL);
	exit((long)arg);
}

/* The way main() ends, if the process does not end before. */
static void main_waits(void)
{
	for (;;)
		pause();
}

static void main_leaves(void)
{
	pthread_exit(NULL);
}

/**
 * ends() - Check how a process ends whose threads are blocked
 * @name:	of the check
 * @fn:		run in a thread, NULL: in no thread
 * @arg:	its argument
 * @then:	what main() does then
 * @blocked:	how many threads are blocked for ever
 * @status:	wait status that is expected
 */
static void ends(const char *name, void *(*fn)(void *), long arg,
		 void (*then)(void), int blocked, int status)
{
	int got = -1;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	must(pid >= 0);
	if (!pid) {
		setpgid(0, 0);
		kernel_boot("mem=32M loglevel=1");
		must(!lkl_sys_pipe(fds));
		atexit(call_at_exit);
		for (int i = 0; i < blocked; i++)
			start_thread(reader, NULL);
		usleep(20000);
		if (fn)
			start_thread(fn, (void *)arg);
		else
			start_thread(sleeps, NULL);
		then();
		_exit(98);
	}
	for (int i = 0; i < 500 && got == -1; i++) {
		usleep(10000);
		if (waitpid(pid, &got, WNOHANG) != pid)
			got = -1;
	}
	if (got == -1) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	ok(got == status, "%s: wait status 0x%x", name, got);
}

static void no_core(void)
{
	prctl(PR_SET_DUMPABLE, 0);
}

static void test_process_ends(void)
{
	no_core();
	ends("exit in a thread", end_exit, 3, main_waits, BLOCKED, 3 << 8);
	ends("_exit in a thread", end__exit, 4, main_waits, BLOCKED, 4 << 8);
	ends("quick_exit in a thread", end_quick_exit, 5, main_waits, BLOCKED,
	     5 << 8);
	ends("abort in a thread", end_abort, 0, main_waits, BLOCKED, SIGABRT);
	ends("a fault in a thread", end_fault, 8, main_waits, BLOCKED, SIGSEGV);
	ends("exec in a thread", end_exec, 0, main_waits, BLOCKED, 9 << 8);
	ends("halt, then exit in a thread", end_halt_exit, 7, main_leaves, 0,
	     99 << 8);
	ends("exit in a thread after main has left", end_later, 6, main_leaves,
	     BLOCKED, 6 << 8);
	ends("the last thread ends after main", NULL, 0, main_leaves, 0, 0);
}

int main(void)
{
	test_process_ends();
	kernel_boot("mem=256M");
	test_costs();
	test_ends();
	test_destructors();
	test_detached();
	test_sleepers();
	ok(lkl_sys_halt() == 0, "halt");
	return tap_done();
}
