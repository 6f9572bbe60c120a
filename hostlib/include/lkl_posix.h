/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lkl_posix.h - What the library offers on POSIX hosts only
 *
 * For code that lives between a program and its libc, and for programs that
 * have signal handlers of their own.
 */
#ifndef LKL_POSIX_H
#define LKL_POSIX_H

#include <poll.h>
#include <pthread.h>
#include <signal.h>

#ifndef LKL_API
#define LKL_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

struct lkl_thread;

/**
 * lkl_host_thread_self() - Record of the calling thread
 *
 * Return: the record, NULL if the thread has not called the kernel yet and
 * there is no memory for one
 */
LKL_API struct lkl_thread *lkl_host_thread_self(void);

/**
 * lkl_host_thread_interrupt() - End the call that a thread is blocked in
 * @thread:	a thread that has not ended
 *
 * The call returns -LKL_EINTR, or what it has done so far. If the thread is not
 * in a call its next one may end like that.
 */
LKL_API void lkl_host_thread_interrupt(pthread_t thread);

/**
 * lkl_host_thread_shield() - Keep the calling thread from being interrupted
 * @on:		not 0: lkl_host_thread_interrupt() has no effect on it
 */
LKL_API void lkl_host_thread_shield(int on);

/**
 * lkl_host_sigaction() - sigaction() of the host, safe with the kernel
 * @sig:	signal
 * @act:	new action, or NULL
 * @old:	receives the old action, or NULL
 *
 * A signal that comes while its thread is inside the kernel is kept until the
 * call is over; a blocking call ends with -LKL_EINTR. Faults that the kernel
 * raises itself by accessing bad pointers never reach the handler.
 *
 * Return: 0 or a negative errno of the host
 */
LKL_API long lkl_host_sigaction(int sig, const struct sigaction *act,
				struct sigaction *old);

/**
 * lkl_host_wait_begins() - Forget what host descriptors were ready for
 *
 * To be called before a call of the kernel that waits for, or asks about,
 * descriptors that stand for the host's (LKL_NR_hostfd).
 */
LKL_API void lkl_host_wait_begins(void);

/**
 * lkl_host_look() - See what has happened to descriptors of the host
 *
 * The kernel sees events of the host when it waits. A call that does not wait
 * needs this before it; one system call of the host.
 */
LKL_API void lkl_host_look(void);

/**
 * lkl_host_ask() - Ask the host what descriptors are ready for
 * @fds:	descriptors; events and revents are overwritten
 * @n:		how many
 *
 * The kernel does not ask again before the next lkl_host_wait_begins(). One
 * system call of the host, where the kernel would make one for each.
 */
LKL_API void lkl_host_ask(struct pollfd *fds, unsigned int n);

/**
 * lkl_host_pin() - Keep the kernel on the CPU that the calling thread runs on
 *
 * To be called before the boot. The thread stays there, and so does every
 * thread that calls the kernel, from its first call on, and our own.
 *
 * Return: 0 or a negative errno of the host
 */
LKL_API int lkl_host_pin(void);

/**
 * lkl_host_fd_is_private() - Is this descriptor of the host the library's own?
 * @fd:		descriptor
 *
 * Return: 1 if the library uses it and nobody else must, else 0
 */
LKL_API int lkl_host_fd_is_private(int fd);

/**
 * lkl_fork_prepare() - Let children of fork have kernels of their own
 *
 * To be called before anything else of the library that has an effect: it is
 * the state now that children go back to. Costs 2 MiB of memory.
 *
 * Return: 0 or a negative errno of the host (-EOPNOTSUPP: the library is
 * linked into the program, -ENOMEM)
 */
LKL_API int lkl_fork_prepare(void);

/**
 * lkl_fork_renew() - In a child of fork: start anew
 *
 * Then everything is as it was before lkl_fork_prepare(), and a kernel can be
 * booted; of the parent's it knows nothing. No other thread may use the
 * library meanwhile.
 *
 * Return: 0 or -EINVAL (not in a child of a process that had a kernel and has
 * called lkl_fork_prepare())
 */
LKL_API int lkl_fork_renew(void);

#ifdef __cplusplus
}
#endif

#endif /* LKL_POSIX_H */
