// SPDX-License-Identifier: GPL-2.0
/*
 * cancel.c - pthread_cancel() of a thread that waits in the LKL kernel
 *
 * libc marks the thread as cancelled and, if it waits in a system call of the
 * host, sends a signal. About LKL calls it does not know, so we end them:
 *
 *   1. libc's pthread_cancel() sets the mark
 *   2. lkl_host_thread_interrupt() ends the call with EINTR
 *   3. the wrapper hands EINTR to libc_error(), all resources given back: there
 *      pthread_testcancel() finds the mark, and the thread ends
 *
 * Every wrapper that may wait also looks for the mark at its start
 * (cancellation_point()), so it does not matter if the interruption comes
 * between two calls. It is forgotten there, before the look: the mark was set
 * first. Else it would end a call of what cleans up after the thread.
 *
 * A thread that has disabled cancellation must not see EINTR: liblkl shields it
 * (lkl_host_thread_shield()). Once it has enabled it again it finds an older mark
 * itself.
 *
 * PTHREAD_CANCEL_ASYNCHRONOUS needs nothing: POSIX forbids a thread in this
 * state any call that could wait.
 */
#include "kernel.h"

/**
 * pthread_cancel() - Ask a thread to end
 * @thread:	thread
 *
 * Return: 0 or an error number
 */
EXPORT int pthread_cancel(pthread_t thread)
{
	int err = HOST(pthread_cancel)(thread);

	if (!err && kernel_is_running())
		lkl_host_thread_interrupt(thread);
	return err;
}

/**
 * pthread_setcancelstate() - May the calling thread be cancelled?
 * @state:	PTHREAD_CANCEL_ENABLE or PTHREAD_CANCEL_DISABLE
 * @old:	receives the old state, or NULL
 *
 * Return: 0 or an error number
 */
EXPORT int pthread_setcancelstate(int state, int *old)
{
	lkl_host_thread_shield(state == PTHREAD_CANCEL_DISABLE);
	return HOST(pthread_setcancelstate)(state, old);
}

/**
 * cancellation_point() - End here if the calling thread has been cancelled
 *
 * From before the look on liblkl knows the thread, or pthread_cancel() could not
 * end a first call that began just then.
 */
void cancellation_point(void)
{
	lkl_host_thread_begins();
	pthread_testcancel();
}

/**
 * libc_error() - Fail as a libc call does; cancellation takes effect
 * @ret:	negative errno
 *
 * Return: -1 with errno
 */
long libc_error(long ret)
{
	if (ret == -EINTR)
		pthread_testcancel();
	errno = -ret;
	return -1;
}
