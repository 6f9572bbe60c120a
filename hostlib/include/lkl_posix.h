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
#include <stddef.h>
#include <sys/types.h>

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
 * lkl_host_thread_begins() - The calling thread is about to make a call
 *
 * The library knows the thread from here on. What lkl_host_thread_interrupt()
 * wanted before does not end the call, what it wants from now on does: the
 * caller looks afterwards whether it wants to go on.
 */
LKL_API void lkl_host_thread_begins(void);

/**
 * lkl_host_interrupt_self() - End the call that the calling thread is in
 *
 * For a signal handler that has interrupted it: async-signal-safe.
 */
LKL_API void lkl_host_interrupt_self(void);

/**
 * lkl_host_thread_shield() - Keep the calling thread from being interrupted
 * @on:		not 0: lkl_host_thread_interrupt() has no effect on it
 */
LKL_API void lkl_host_thread_shield(int on);

/**
 * lkl_host_threads_stop() - Let no other thread return from the kernel
 *
 * For the end of the process, by the thread that ends it. The other threads stay
 * in the call they are in, or make next, for ever and without the kernel: what
 * blocks is interrupted, but they do not see it. A second thread that calls
 * this stays here.
 */
LKL_API void lkl_host_threads_stop(void);

/**
 * lkl_host_threads_inside() - How many other threads are in the kernel
 *
 * After lkl_host_threads_stop(): in calls that have yet to end, whose files are
 * not closed before.
 *
 * Return: their number
 */
LKL_API int lkl_host_threads_inside(void);

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
 * lkl_host_sigaction_by() - Which function is it that asks the host?
 * @libc:	libc's sigaction(); a program with one of its own, as Erlang's, would
 *		otherwise be asked itself, and ask lkl_host_sigaction() in turn
 */
LKL_API void lkl_host_sigaction_by(int (*libc)(int, const struct sigaction *,
					       struct sigaction *));

/**
 * lkl_host_fixup_by() - Which function knows of faults that are none?
 * @find:	is given the address of an instruction that has faulted; returns
 *		where to go on, or 0. Async-signal-safe
 */
LKL_API void lkl_host_fixup_by(unsigned long (*find)(unsigned long ip));

/**
 * lkl_host_wait_begins() - Forget what host descriptors were ready for
 *
 * To be called before a call of the kernel that waits for, or asks about,
 * descriptors that stand for the host's (LKL_NR_hostfd).
 */
LKL_API void lkl_host_wait_begins(void);

/**
 * lkl_host_wait_again() - lkl_host_wait_begins() soon after the last one
 *
 * Signals that the thread has been sent since are not looked for in signalfds,
 * which takes a system call of the host.
 */
LKL_API void lkl_host_wait_again(void);

/**
 * lkl_hostfd() - Make a descriptor whose readiness is that of the host's
 * @fd:	descriptor of the host, to be closed after this one
 *
 * Return: descriptor of the kernel, or a negative errno (-ENOSPC: there are too
 * many signalfds; the child of a fork that uses our kernel can have 16)
 */
LKL_API long lkl_hostfd(int fd);

/**
 * lkl_hostfd_close() - Close such a descriptor
 * @lkl_fd:	descriptor of the kernel
 *
 * Return: 0 or a negative errno
 */
LKL_API long lkl_hostfd_close(int lkl_fd);

/**
 * lkl_guest_map() - Map the rings of a packet socket, in a guest
 * @len:	bytes, all rings together
 * @prot:	PROT_*
 * @lkl_fd:	descriptor of the kernel
 * @off:	0
 *
 * Children of the process do not inherit it.
 *
 * Return: the address, or a negative errno (-ENODEV: this cannot be mapped, or
 * there are too many mappings; -EBUSY: another process has mapped it)
 */
LKL_API long lkl_guest_map(unsigned long len, int prot, int lkl_fd, long off);

/**
 * lkl_guest_unmap() - A guest is about to unmap a range of addresses
 * @at:		of the range
 * @len:	bytes
 *
 * The kernel has the rings back of which nothing is left.
 */
LKL_API void lkl_guest_unmap(const void *at, unsigned long len);

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
 * lkl_host_fd_keep() - Move a descriptor to where the library's own are
 * @fd:		descriptor, closed
 *
 * It is the caller's: lkl_host_fd_is_private() does not know it, and children of
 * fork have it.
 *
 * Return: its new number, close-on-exec, or a negative errno
 */
LKL_API int lkl_host_fd_keep(int fd);

/**
 * lkl_host_fd_hide() - A descriptor is the library's own from now on
 * @fd:		descriptor
 *
 * lkl_host_fd_is_private() knows it, and children of fork do not have it.
 */
LKL_API void lkl_host_fd_hide(int fd);

/**
 * lkl_host_fd_drop() - Close a hidden descriptor
 * @fd:		descriptor
 */
LKL_API void lkl_host_fd_drop(int fd);

struct rlimit;

/**
 * lkl_host_nofile() - The limit of open files without the library's own
 * @new:	new limit, NULL: none
 * @old:	receives the limit, NULL: it is not wanted
 *
 * Return: 0 or a negative errno of the host
 */
LKL_API int lkl_host_nofile(const struct rlimit *new, struct rlimit *old);

/**
 * lkl_fork_share() - Let children of fork use our kernel
 *
 * A child that is forked while the kernel runs is a process of it, as on Linux:
 * with copies of our descriptors of the kernel, under the same numbers, and with
 * calls of its own. So are its children. Its calls are executed in our process,
 * which must be there as long: they take some 20 us more, and they fail with
 * -LKL_ENODEV once we have ended.
 *
 * Where the host does not allow it (-LKL_EFAULT for every pointer: we are not
 * root, and the child has changed its user or must not be dumped), or has no
 * memory for it, the child has no kernel.
 */
LKL_API void lkl_fork_share(void);

/**
 * lkl_fork_is_shared() - Is the kernel that calls go to that of another process?
 *
 * Return: 1 in a child of fork that uses its parent's kernel, else 0
 */
LKL_API int lkl_fork_is_shared(void);

/** lkl_is_guest() - Return: 1 if the kernel is in another process, else 0 */
LKL_API int lkl_is_guest(void);

/**
 * lkl_guest_is_lost() - Has the process ended that our kernel was in?
 *
 * Known once a call has failed with -LKL_ENODEV for that.
 *
 * Return: 1 if so, else 0: also in a process that is no guest
 */
LKL_API int lkl_guest_is_lost(void);

/**
 * lkl_guest_pass() - Let the program that is executed next have the kernel
 * @text:	receives what to tell it, terminated
 * @size:	room there, 64 bytes are enough
 *
 * In a child of fork that shares its parent's kernel, or after
 * lkl_kernel_leave(); the new program has its place and its descriptors of the
 * kernel, but those that close on exec.
 *
 * Return: length of the text or -EINVAL (not in such a child)
 */
LKL_API int lkl_guest_pass(char *text, size_t size);

/** lkl_guest_keep() - Take lkl_guest_pass() back: no program was executed */
LKL_API void lkl_guest_keep(void);

/**
 * lkl_guest_resume() - Use the kernel that the program before us used
 * @text:	from its lkl_guest_pass()
 *
 * Instead of lkl_start_kernel().
 *
 * Return: 0 or a negative errno (-EINVAL: that is not for this process)
 */
LKL_API int lkl_guest_resume(const char *text);

/**
 * lkl_kernel_leave() - Have the kernel survive in another process
 * @keep:	what that one does with it; to end when it returns
 *
 * Before this process executes a program, to which lkl_guest_pass() gives the
 * kernel; it becomes a child of fork in that respect. Until then the kernel stands
 * still, and so does every thread that calls it; all signals are blocked, and
 * the program's mask is passed on. The other process gets no signals, and has
 * all descriptors.
 *
 * Return: 0 or a negative errno; then everything is as before (-EINVAL: the kernel
 * is not in this process; -EBUSY: its memory cannot be copied)
 */
LKL_API int lkl_kernel_leave(void (*keep)(void));

/** lkl_kernel_return() - Undo lkl_kernel_leave(): no program was executed */
LKL_API void lkl_kernel_return(void);

/**
 * lkl_fork_moves() - Is this fork, of the calling thread, that of a process for
 * the kernel?
 *
 * For handlers of pthread_atfork().
 *
 * Return: 1 if so, else 0
 */
LKL_API int lkl_fork_moves(void);

/**
 * lkl_vfork() - fork(), but the parent waits as that of vfork() does
 * @err:	receives what the child said with lkl_vfork_tell(), 0 for nothing;
 *		may be NULL
 *
 * Until the child executes a program, or ends. It has memory of its own.
 *
 * Return: its process id, 0 in the child, -1 with errno
 */
LKL_API pid_t lkl_vfork(int *err);

/**
 * lkl_vfork_tell() - In a child of lkl_vfork(): say what went wrong
 * @err:	error number
 */
LKL_API void lkl_vfork_tell(int err);

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
