// SPDX-License-Identifier: GPL-2.0
/*
 * wait.c - Waiting in the LKL kernel under a signal mask of the host
 *
 * ppoll(), pselect() and epoll_pwait() change the signal mask and wait in one
 * step, so that a signal cannot slip in between unnoticed. Signals are the
 * host's and the wait is LKL's, so the step is made of two, in this order:
 *
 *   1. mark the thread as inside the kernel: from now on a handler is not run
 *      but recorded, and the next blocking call ends with EINTR
 *   2. change the mask: a signal that was pending comes now, and is recorded
 *   3. the LKL call: ends at once with EINTR if something is recorded; at
 *      its end liblkl runs the recorded handlers, under the mask of the wait,
 *      as Linux does
 *   4. restore the mask
 */
#include "user.h"
#include "wait.h"

#define KERNEL_SIGSET 8

/**
 * wait_masked() - Make a blocking LKL call under another signal mask
 * @mask:	mask of the host while waiting, NULL for no change
 * @nr:		system call
 * @params:	its six arguments
 *
 * Return: its result, or a negative errno
 */
long wait_masked(const sigset_t *mask, long nr, long params[6])
{
	struct lkl_thread *self;
	unsigned long new, old;
	long ret;

	if (!mask)
		return lkl_call(nr, params);
	USER_GET(new, (const unsigned long *)mask, fault);
	self = lkl_host_thread_self();
	if (!self)
		return -ENOMEM;
	__atomic_store_n(&self->inside, 1, __ATOMIC_SEQ_CST);
	RAW(SYS_rt_sigprocmask, SIG_SETMASK, &new, &old, KERNEL_SIGSET);
	ret = lkl_call(nr, params);
	RAW(SYS_rt_sigprocmask, SIG_SETMASK, &old, NULL, KERNEL_SIGSET);
	return ret;
fault:
	return -EFAULT;
}
