// SPDX-License-Identifier: GPL-2.0
/*
 * notify.c - Work that is done beside the program, and how it hears of the end
 *
 * For getaddrinfo_a() and the aio functions: threads that take no signals, what
 * a struct sigevent asks for, and a counter of what is done to wait on.
 */
#include "notify.h"
#include "raw.h"

#include <linux/futex.h>

uint32_t notify_completions;

/**
 * notify_thread() - Start a thread that takes no signals
 * @attr:	attributes, or NULL: nobody will wait for it
 * @run:	what it runs
 * @arg:	argument
 *
 * Return: 0 or an error number
 */
int notify_thread(const pthread_attr_t *attr, void *(*run)(void *), void *arg)
{
	pthread_attr_t detached;
	sigset_t all, old;
	pthread_t thread;
	int err;

	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = pthread_create(&thread, attr ? attr : &detached, run, arg);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	pthread_attr_destroy(&detached);
	return err;
}

/* What SIGEV_THREAD wants to have called. */
static void *call_function(void *arg)
{
	struct sigevent sig = *(struct sigevent *)arg;
	sigset_t none;

	free(arg);
	sigemptyset(&none);
	pthread_sigmask(SIG_SETMASK, &none, NULL);
	sig.sigev_notify_function(sig.sigev_value);
	return NULL;
}

/**
 * notify_tell() - Tell the program that what it asked for is done
 * @sig:	how
 * @code:	si_code of a signal
 */
void notify_tell(const struct sigevent *sig, int code)
{
	siginfo_t info = { .si_signo = sig->sigev_signo, .si_code = code };
	struct sigevent *copy;

	switch (sig->sigev_notify) {
	case SIGEV_SIGNAL:
		info.si_pid = getpid();
		info.si_uid = getuid();
		info.si_value = sig->sigev_value;
		RAW(SYS_rt_sigqueueinfo, info.si_pid, info.si_signo, &info);
		break;
	case SIGEV_THREAD:
		copy = malloc(sizeof(*copy));
		if (!copy)
			return;
		*copy = *sig;
		if (notify_thread(sig->sigev_notify_attributes, call_function,
				  copy))
			free(copy);
		break;
	}
}

/** notify_done() - Something is done: let those who wait look */
void notify_done(void)
{
	__atomic_add_fetch(&notify_completions, 1, __ATOMIC_RELEASE);
	RAW(SYS_futex, &notify_completions, FUTEX_WAKE_PRIVATE, INT32_MAX);
}

/**
 * notify_until() - When is a time over that begins now?
 * @timeout:	how long
 * @until:	receives the end
 */
void notify_until(const struct timespec *timeout, struct timespec *until)
{
	clock_gettime(CLOCK_MONOTONIC, until);
	until->tv_sec += timeout->tv_sec;
	until->tv_nsec += timeout->tv_nsec;
	if (until->tv_nsec >= 1000000000) {
		until->tv_nsec -= 1000000000;
		until->tv_sec++;
	}
}

/**
 * notify_wait() - Wait until something is done; a cancellation point
 * @seen:	notify_seen(), from before the caller looked what is
 * @until:	how long at most, NULL: for ever
 *
 * Return: 0, -ETIMEDOUT, or -EINTR
 */
int notify_wait(uint32_t seen, const struct timespec *until)
{
	long ret;
	int type;

	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &type);
	ret = RAW(SYS_futex, &notify_completions, FUTEX_WAIT_BITSET_PRIVATE,
		  seen, until, NULL, FUTEX_BITSET_MATCH_ANY);
	pthread_setcanceltype(type, NULL);
	return ret == -EAGAIN ? 0 : ret;
}
