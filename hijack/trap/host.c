// SPDX-License-Identifier: GPL-2.0
/*
 * host.c - Calls of the host that a trapped program's signals interrupt
 *
 * A call that a wrapper of ours hands on to libc would sleep on while a signal
 * waits for it to end; so in a trapped program the way to libc's functions that
 * may wait leads here.
 */
#include "trap.h"

/**
 * trap_on_host() - Make a call of the host
 * @nr:	number
 * @a:	arguments
 *
 * Return: its result, or a negative errno; -RESTART if a signal came first
 */
long trap_on_host(long nr, const long a[6])
{
	struct trap_thread *self = trap_self;

	host_stirred = true;
	if (self)
		return trap_interruptible(nr, a, &self->deferred);
	return raw_syscall6(nr, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* Calls that may wait, and whose arguments are the kernel's. */
#define FOR_EACH_WAITING(DO)						\
	DO(accept) DO(accept4) DO(sendmsg) DO(sendmmsg) DO(recvmsg)	\
	DO(recvmmsg) DO(splice) DO(tee) DO(vmsplice)			\
	DO(copy_file_range) DO(close) DO(fcntl) DO(ioctl) DO(poll)	\
	DO(ppoll) DO(select) DO(epoll_wait) DO(epoll_pwait)		\
	DO(epoll_pwait2) DO(open) DO(openat) DO(sendfile)

#define WAITING(name)							\
	static long trap_##name(long a, long b, long c, long d, long e,	\
				long f)					\
	{								\
		return libc_result(trap_on_host(SYS_##name, (long[6])	\
						{ a, b, c, d, e, f }));	\
	}

FOR_EACH_WAITING(WAITING)

/* liblkl sets the handlers of faults when it boots. */
static int trap_libc_sigaction(int sig, const struct sigaction *act,
			       struct sigaction *old)
{
	struct sigaction now = { .sa_handler = SIG_DFL };

	if (old)
		*old = now;
	if (act)
		now = *act;
	if (act && (sig == SIGSEGV || sig == SIGBUS))
		trap_adopt_fault_handler(sig, &now);
	return 0;
}

/** trap_take_host_calls() - From now on our wrappers come here */
void trap_take_host_calls(void)
{
#define TAKE(name) host_calls[HOST_##name] = (void *)trap_##name;
	FOR_EACH_WAITING(TAKE)
	host_calls[HOST_sigaction] = (void *)trap_libc_sigaction;
	lkl_host_sigaction_by(trap_libc_sigaction);
}
