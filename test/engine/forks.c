// SPDX-License-Identifier: GPL-2.0
/*
 * forks.c - At any moment: children that share their parent's kernel, the C API
 */
#include <pthread.h>

#include <lkl_host.h>

#include "children.h"
#include "kernel.h"

#define FORKS	100

static bool stop;
static volatile long answered;

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
	while (good < FORKS && RUNS(handler_works()))
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
	ok(RUNS(was_signalled()), "a signal as soon as there is a child");
	early = false;
}

/* The kernel, its devices and its end are the parent's. */
static bool ends_nothing(void)
{
	static char page[4096] __attribute__((aligned(4096)));

	if (lkl_syscall(LKL_NR_virtio_add, (long[6]){ (long)page,
			sizeof(page), 1 }) != -LKL_EPERM ||
	    lkl_sys_halt() != -LKL_EPERM ||
	    lkl_sys_reboot(LKL_LINUX_REBOOT_MAGIC1, LKL_LINUX_REBOOT_MAGIC2,
			   LKL_LINUX_REBOOT_CMD_HALT, NULL) != -LKL_EPERM)
		return false;
	lkl_cleanup();
	return lkl_sys_getpid() > 0;
}

static void endings(void)
{
	bool good = RUNS(ends_nothing());

	ok(good && lkl_sys_getpid() > 0, "a child cannot end the kernel");
}

/* A thread that has called, and does no more, when the program is replaced */

static void *called(void *arg)
{
	lkl_sys_getpid();
	__atomic_store_n((bool *)arg, true, __ATOMIC_SEQ_CST);
	for (;;)
		pause();
	return arg;
}

static bool executes(void)
{
	bool has_called = false;
	char text[64];
	pthread_t t;

	lkl_sys_getpid();
	must(!pthread_create(&t, NULL, called, &has_called));
	while (!__atomic_load_n(&has_called, __ATOMIC_SEQ_CST))
		usleep(1000);
	must(lkl_guest_pass(text, sizeof(text)) > 0);
	execl("/proc/self/exe", "forks", text, NULL);
	return false;
}

static int ends[2];

static void *reads(void *arg)
{
	char c = 0;

	(void)arg;
	return (void *)lkl_sys_read(ends[0], &c, 1);
}

static int executed(const char *text)
{
	pthread_t t;
	void *ret;

	alarm(10);
	must(!lkl_guest_resume(text) && !lkl_sys_pipe2(ends, 0));
	must(!pthread_create(&t, NULL, reads, NULL));
	usleep(100000);
	must(lkl_sys_write(ends[1], "x", 1) == 1);
	pthread_join(t, &ret);
	return ret != (void *)1;
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return executed(argv[1]);
	must(!pthread_atfork(NULL, NULL, signal_early));
	kernel_boot("mem=48M");
	lkl_fork_share();
	handlers();
	signals();
	ok(RUNS(executes()), "calls of a program that a child executes");
	endings();
	return tap_done();
}
