// SPDX-License-Identifier: GPL-2.0
/*
 * forks.c - At any moment: children that share their parent's kernel, the C API
 */
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel.h"

#define FORKS	100

static bool stop;
static volatile long answered;

/** in_child() - Run @fn in a child; return: whether it is true, in time */
static bool in_child(bool (*fn)(void))
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	must(pid >= 0);
	if (!pid) {
		alarm(10);
		_exit(!fn());
	}
	return waitpid(pid, &status, 0) == pid && !status;
}

static void calls(int sig)
{
	(void)sig;
	answered = lkl_sys_getpid();
}

static void set_handler(int sig)
{
	const struct sigaction act = { .sa_handler = calls };

	must(!lkl_host_sigaction(sig, &act, NULL));
}

/* Has the lock of the handlers nearly all the time. */
static void *sets_handlers(void *arg)
{
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED))
		set_handler(SIGUSR2);
	return arg;
}

static bool handler_works(void)
{
	set_handler(SIGUSR1);
	answered = 0;
	raise(SIGUSR1);
	return answered > 1;
}

static void handlers(void)
{
	int good = 0;
	pthread_t t;

	must(!pthread_create(&t, NULL, sets_handlers, NULL));
	while (good < FORKS && in_child(handler_works))
		good++;
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	pthread_join(t, NULL);
	ok(good == FORKS, "%d forks while another thread sets handlers", FORKS);
}

/* In the child, before the library knows that it is one. */
static bool early;

static void signal_early(void)
{
	set_handler(SIGUSR1);	/* not a moment to wait for anybody */
	answered = 0;
	if (early)
		raise(SIGUSR1);
}

static bool was_signalled(void)
{
	return answered > 1;
}

static void signals(void)
{
	early = true;
	ok(in_child(was_signalled), "a signal as soon as there is a child");
	early = false;
}

int main(void)
{
	must(!pthread_atfork(NULL, NULL, signal_early));
	kernel_boot("mem=48M");
	lkl_fork_share();
	handlers();
	signals();
	return tap_done();
}
