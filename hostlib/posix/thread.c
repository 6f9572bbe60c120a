// SPDX-License-Identifier: GPL-2.0
/*
 * thread.c - Threads of the host as callers of the kernel
 *
 * A thread attaches with its first call (the engine makes a task for it) and
 * detaches when it ends. Its record is thread-local: the first call may come from
 * a signal handler that interrupted malloc(). It is small enough for the room
 * that libc keeps for libraries that are loaded later.
 *
 * All records are on a list, so that another thread can be told to end the call
 * it is blocked in. A record is on it for as long as host_self names it, so a
 * signal handler never finds the lock held by its own thread without knowing
 * that it is inside.
 *
 * At the end of the process the kernel is still needed by one thread, while
 * Linux would have ended the others. They stay outside the kernel then, in
 * lkl_syscall() (lkl_host_threads_stop()).
 */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <lkl.h>
#include <lkl_posix.h>
#include "host.h"
#include "raw.h"

__thread struct host_thread *host_self;
static __thread struct host_thread record
	__attribute__((tls_model("initial-exec")));

static pthread_key_t end_key HOST_KEPT;
static pthread_once_t end_once HOST_KEPT = PTHREAD_ONCE_INIT;
static int end_err HOST_KEPT;

/* How often to look if the call of a thread that is no more has ended. */
#define BURY_NAP_NS	200000

static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER;
static struct host_thread *list;

/* The thread that ends the process; no other returns from the kernel. */
static struct host_thread *last;

static void list_add(struct host_thread *self)
{
	pthread_mutex_lock(&list_lock);
	self->next = list;
	self->prev = &list;
	if (list)
		list->prev = &self->next;
	list = self;
	pthread_mutex_unlock(&list_lock);
}

static void list_del(struct host_thread *self)
{
	pthread_mutex_lock(&list_lock);
	*self->prev = self->next;
	if (self->next)
		self->next->prev = self->prev;
	pthread_mutex_unlock(&list_lock);
}

/** host_threads_forked() - In the child of a fork: forget all threads */
void host_threads_forked(void)
{
	pthread_mutex_init(&list_lock, NULL);
	list = NULL;
	last = NULL;
	host_self = NULL;
	record = (struct host_thread){ };
	if (!end_err)
		pthread_setspecific(end_key, NULL);
}

/** host_threads_hold() - Let no thread come or go until a fork is over */
void host_threads_hold(void)
{
	pthread_mutex_lock(&list_lock);
}

/** host_threads_release() - Undo host_threads_hold(); in both processes */
void host_threads_release(void)
{
	pthread_mutex_unlock(&list_lock);
}

/**
 * host_threads_alone() - No other thread exists: end the calls they are in
 *
 * With the kernel held; see lkl_image_alone().
 */
void host_threads_alone(void)
{
	last = NULL;
	for (struct host_thread *t = list; t; t = t->next) {
		t->lkl.queued = 0;
		if (t == host_self)
			continue;
		t->lkl.state &= ~(LKL_THREAD_PARKED | LKL_THREAD_POLLING);
		lkl_image_interrupt(&t->lkl);
	}
}

/* Is a thread in a call? */
static bool is_calling(const struct host_thread *t)
{
	return __atomic_load_n(&t->lkl.state, __ATOMIC_SEQ_CST) !=
	       LKL_THREAD_DONE;
}

/**
 * host_threads_bury() - End the tasks of the threads that do not exist
 *
 * Before one is started, which could get the memory that their records are in.
 * Calls have been told to end; what cannot be interrupted may take a while.
 */
void host_threads_bury(void)
{
	const struct timespec nap = { 0, BURY_NAP_NS };
	struct host_thread *t, *next;

	for (t = list; t; t = next) {
		next = t->next;
		if (t == host_self)
			continue;
		while (is_calling(t))
			lkl_syscall(SYS_nanosleep, (long[6]){ (long)&nap });
		list_del(t);
		lkl_image_detach(&t->lkl);
	}
}

/* Let the kernel end the call that a thread is in. */
void host_thread_interrupt(struct host_thread *t)
{
	if (host_is_guest)
		host_guest_interrupt(t);
	else
		lkl_image_interrupt(&t->lkl);
}

/* Signals are deferred from enter() to leave(); see signal.c. */
static void enter(struct host_thread *self)
{
	__atomic_store_n(&self->lkl.inside, 1, __ATOMIC_RELAXED);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}

static void leave(struct host_thread *self)
{
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	__atomic_store_n(&self->lkl.inside, 0, __ATOMIC_RELAXED);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}

/* After leave(), see host_deliver() */
static bool deliver(struct host_thread *self)
{
	__atomic_store_n(&self->lkl.intr, 0, __ATOMIC_RELAXED);
	return host_deliver(self);
}

static void thread_end(void *arg)
{
	struct host_thread *self = arg;

	enter(self);
	list_del(self);
	if (host_is_guest)
		host_guest_detach(self);
	else
		lkl_image_detach(&self->lkl);
	self->lkl = (struct lkl_thread){ .inside = 1 };
	memset(self->early, 0, sizeof(self->early));
	host_self = NULL;
	leave(self);
	if (self->deferred)
		deliver(self);
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
	if (host_forked && !host_is_guest)
		return NULL;
	pthread_once(&end_once, make_key);
	if (end_err)
		return NULL;
	self = &record;
	enter(self);
	if (!__atomic_exchange_n(&host_self, self, __ATOMIC_RELAXED)) {
		self->id = pthread_self();
		list_add(self);
		if (pthread_setspecific(end_key, self)) {
			list_del(self);
			host_self = NULL;
		}
		host_pin_self();
	}	/* else a signal handler was faster */
	leave(self);
	if (self->deferred)
		deliver(self);
	return host_self ? &host_self->lkl : NULL;
}

/* Outside the kernel: a handler could end the process, which takes the lock. */
static unsigned long list_hold(void)
{
	unsigned long old = host_block(HOST_SIGNALS);

	pthread_mutex_lock(&list_lock);
	return old;
}

static void list_release(unsigned long old)
{
	pthread_mutex_unlock(&list_lock);
	host_unblock(old);
}

static void interrupt(struct host_thread *t)
{
	host_thread_interrupt(t);
	lkl_host_ops.wake(&t->lkl.state);
}

void lkl_host_interrupt_self(void)
{
	if (host_self)
		host_thread_interrupt(host_self);
}

/* What was to end the next call shall not. */
static void forget_end(void)
{
	__atomic_store_n(&host_self->ended, false, __ATOMIC_SEQ_CST);
	__atomic_store_n(&host_self->lkl.intr, 0, __ATOMIC_SEQ_CST);
}

void lkl_host_thread_begins(void)
{
	if (lkl_host_thread_self() &&
	    unlikely(__atomic_load_n(&host_self->ended, __ATOMIC_SEQ_CST)))
		forget_end();
}

void lkl_host_thread_shield(int on)
{
	unsigned long old;

	if (!lkl_host_thread_self())
		return;
	old = list_hold();
	host_self->shielded = on;
	if (on)
		forget_end();
	list_release(old);
}

void lkl_host_thread_interrupt(pthread_t thread)
{
	unsigned long old = list_hold();
	struct host_thread *t = list;

	while (t && !pthread_equal(t->id, thread))
		t = t->next;
	if (t && !t->shielded) {
		__atomic_store_n(&t->ended, true, __ATOMIC_SEQ_CST);
		interrupt(t);
	}
	list_release(old);
}

/* Another thread ends the process: this one has nothing more to do or see. */
static __attribute__((cold, noreturn)) void stay(void)
{
	host_block(HOST_SIGNALS);
	for (;;)
		RAW(SYS_pause, 0);
}

static bool is_stopped(const struct host_thread *self)
{
	const struct host_thread *by = __atomic_load_n(&last, __ATOMIC_RELAXED);

	return unlikely(by) && by != self;
}

void lkl_host_threads_stop(void)
{
	struct host_thread *self, *nobody = NULL;
	unsigned long old;

	if (!lkl_host_thread_self())
		return;
	self = host_self;
	if (!__atomic_compare_exchange_n(&last, &nobody, self, false,
					 __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
		if (nobody != self)
			stay();
		return;
	}
	old = list_hold();
	for (struct host_thread *t = list; t; t = t->next)
		if (t != self)
			interrupt(t);
	list_release(old);
}

int lkl_host_threads_inside(void)
{
	unsigned long old = list_hold();
	int inside = 0;

	for (struct host_thread *t = list; t; t = t->next)
		inside += t != host_self && t->lkl.inside;
	list_release(old);
	return inside;
}

/* Let the signals in that came during a call; is it to be made once more? */
static __attribute__((cold)) bool again(struct host_thread *self)
{
	unsigned int restart = self->lkl.restart;
	bool allowed = self->deferred && deliver(self);

	return (restart == LKL_RESTART_ALWAYS || (restart && allowed)) &&
	       (!host_forked || host_is_guest) &&
	       !__atomic_exchange_n(&self->ended, false, __ATOMIC_SEQ_CST);
}

long lkl_syscall(long no, long *params)
{
	struct lkl_thread *t = lkl_host_thread_self();
	struct host_thread *self = host_self;
	long ret;

	if (unlikely(!t))
		return host_forked ? -ENODEV : -ENOMEM;
	do {
		if (is_stopped(self))
			stay();
		enter(self);
		ret = host_is_guest ? host_guest_call(self, no, params) :
				      lkl_image_syscall(t, no, params);
		leave(self);
		if (is_stopped(self))
			stay();
	} while (unlikely(self->deferred || t->restart) && again(self));
	return ret;
}

void lkl_host_look(void)
{
	struct host_thread *self;

	if (host_is_guest || !lkl_host_thread_self())
		return;
	self = host_self;
	enter(self);
	host_look();
	leave(self);
	if (unlikely(self->deferred))
		deliver(self);
}

/**
 * host_thread_uncount() - Do not count the calling thread as the program's
 * @by:	1, or -1 to count it again: before it ends
 *
 * When the last thread of a program ends, so does the process. libc counts them
 * in a variable that it exports to debuggers; where it is missing a program
 * whose main() leaves with pthread_exit() does not end by itself.
 */
void host_thread_uncount(int by)
{
	unsigned int *count = dlvsym(RTLD_DEFAULT, "__nptl_nthreads",
				     "GLIBC_PRIVATE");

	/* The last one may have ended before we came here. */
	if (count && !__atomic_sub_fetch(count, by, __ATOMIC_SEQ_CST))
		exit(0);
}

static void *thread_main(void *arg)
{
	void (*fn)(void) = (void (*)(void))arg;

	host_thread_uncount(1);
	fn();
	host_thread_uncount(-1);
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
	unsigned long old;
	pthread_attr_t attr;
	pthread_t thread;
	int err;

	err = pthread_attr_init(&attr);
	if (err)
		return -err;
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, 256 << 10);
	/* It may carry a task that meets a bad pointer. */
	old = host_block(HOST_SIGNALS & ~HOST_FAULTS);
	err = pthread_create(&thread, &attr, thread_main, (void *)fn);
	host_unblock(old);
	pthread_attr_destroy(&attr);
	return -err;
}
