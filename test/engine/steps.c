// SPDX-License-Identifier: GPL-2.0
/*
 * steps.c - Signals that come at any instruction of what another one causes
 */
#include <pthread.h>
#include <signal.h>

#include "kernel.h"
#include "steps.h"

#define STEPS		300
#define SETTLE_US	500000

static int ends[2];
static pid_t tid;
static int came[NSIG];

/* Calls the kernel, which it may as no call is under way. */
static void handler(int sig)
{
	if (lkl_sys_getpid() > 0)
		__atomic_add_fetch(&came[sig], 1, __ATOMIC_SEQ_CST);
}

static int times(int sig)
{
	return __atomic_load_n(&came[sig], __ATOMIC_SEQ_CST);
}

static void *reads(void *arg)
{
	char c;

	__atomic_store_n(&tid, gettid(), __ATOMIC_SEQ_CST);
	while (lkl_sys_read(ends[0], &c, 1) == -LKL_EINTR)
		;
	return arg;
}

/* Both handlers have run, once: true in time */
static bool settles(int sig, int other)
{
	for (int i = 0; i < SETTLE_US / 100; i++) {
		if (times(sig) && times(other))
			break;
		usleep(100);
	}
	return times(sig) == 1 && times(other) == 1;
}

static void at_any(int sig, int other)
{
	int good = 0, bad = -1;
	pthread_t t;

	tid = 0;
	must(!pthread_create(&t, NULL, reads, NULL));
	while (!__atomic_load_n(&tid, __ATOMIC_SEQ_CST))
		usleep(1000);
	for (int i = 0; i < STEPS; i++) {
		memset(came, 0, sizeof(came));
		usleep(500);	/* until it waits */
		steps_arm(tid, sig, i);
		must(!pthread_kill(t, sig));
		steps_held();
		must(!pthread_kill(t, other));
		steps_go();
		if (settles(sig, other))
			good++;
		else if (bad < 0)
			bad = i;
	}
	must(lkl_sys_write(ends[1], "x", 1) == 1);
	pthread_join(t, NULL);
	ok(good == STEPS, "signal %d at each of %d instructions after %d: %d, "
	   "the first that is lost: %d", other, STEPS, sig, good, bad);
}

int main(void)
{
	static const int signals[] = { SIGUSR1, SIGUSR2, SIGSEGV, SIGILL };
	struct sigaction act = { .sa_handler = handler };

	if (!steps_start()) {
		printf("1..0 # SKIP ptrace() is not allowed here\n");
		return 0;
	}
	kernel_boot("mem=48M");
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		must(!lkl_host_sigaction(signals[i], &act, NULL));
	must(!lkl_sys_pipe2(ends, 0));
	at_any(SIGUSR1, SIGUSR2);
	at_any(SIGUSR1, SIGILL);
	at_any(SIGUSR1, SIGSEGV);
	at_any(SIGSEGV, SIGUSR1);
	steps_end();
	return tap_done();
}
