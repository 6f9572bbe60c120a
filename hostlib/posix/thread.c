// SPDX-License-Identifier: GPL-2.0
/*
 * thread.c - Threads of the host as callers of the kernel
 *
 * A thread attaches with its first call (the engine makes a task for it) and
 * detaches when it ends. Its record is on the heap, so that the library needs
 * one word of thread-local storage and can be loaded at any time.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include <lkl.h>
#include <lkl_posix.h>
#include "host.h"
#include "raw.h"

__thread struct host_thread *host_self;

static pthread_key_t end_key;
static pthread_once_t end_once = PTHREAD_ONCE_INIT;
static int end_err;

static void thread_end(void *arg)
{
	struct host_thread *self = arg;

	self->lkl.inside = 1;
	lkl_image_detach(&self->lkl);
	self->lkl.inside = 0;
	host_self = NULL;
	if (self->deferred)
		host_deliver(self);
	free(self);
}

static void make_key(void)
{
	end_err = pthread_key_create(&end_key, thread_end);
}

struct lkl_thread *lkl_host_thread_self(void)
{
	struct host_thread *self = host_self;

	if (likely(self))
		return &self->lkl;
	pthread_once(&end_once, make_key);
	if (end_err)
		return NULL;
	self = calloc(1, sizeof(*self));
	if (!self)
		return NULL;
	if (pthread_setspecific(end_key, self)) {
		free(self);
		return NULL;
	}
	host_self = self;
	return &self->lkl;
}

long lkl_syscall(long no, long *params)
{
	struct lkl_thread *t = lkl_host_thread_self();
	struct host_thread *self = host_self;
	bool restart;
	long ret;

	if (unlikely(!t))
		return -ENOMEM;
	do {
		__atomic_store_n(&t->inside, 1, __ATOMIC_RELAXED);
		__atomic_signal_fence(__ATOMIC_SEQ_CST);
		ret = lkl_image_syscall(t, no, params);
		restart = t->restart;
		__atomic_signal_fence(__ATOMIC_SEQ_CST);
		__atomic_store_n(&t->inside, 0, __ATOMIC_RELAXED);
		__atomic_signal_fence(__ATOMIC_SEQ_CST);
		if (likely(!self->deferred))
			break;
		__atomic_store_n(&t->intr, 0, __ATOMIC_RELAXED);
	} while (host_deliver(self) && restart);
	return ret;
}

static void *thread_main(void *arg)
{
	void (*fn)(void) = (void (*)(void))arg;

	fn();
	return NULL;
}

/**
 * host_thread_start() - Start a thread of our own; no signal ever lands in it
 * @fn:	what it runs
 *
 * Return: 0 or a negative errno
 */
int host_thread_start(void (*fn)(void))
{
	unsigned long all = ~0UL, old;
	pthread_attr_t attr;
	pthread_t thread;
	int err;

	err = pthread_attr_init(&attr);
	if (err)
		return -err;
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, 256 << 10);
	RAW(SYS_rt_sigprocmask, SIG_SETMASK, &all, &old, KERNEL_SIGSET);
	err = pthread_create(&thread, &attr, thread_main, (void *)fn);
	RAW(SYS_rt_sigprocmask, SIG_SETMASK, &old, NULL, KERNEL_SIGSET);
	pthread_attr_destroy(&attr);
	return -err;
}

/**
 * host_cpus() - lkl_host_ops.cpus
 *
 * Return: number of CPUs that the thread which asked first may run on: it is
 * the one that boots, pinned if the user wants the kernel on one CPU
 */
unsigned int host_cpus(void)
{
	static unsigned int cpus;
	cpu_set_t set;

	if (unlikely(!cpus))
		cpus = sched_getaffinity(0, sizeof(set), &set) ? 1 :
		       CPU_COUNT(&set);
	return cpus;
}
