// SPDX-License-Identifier: GPL-2.0
/*
 * signal.c - Signal handlers, installed so that they wait for the LKL kernel
 *
 * A handler must not run while its thread is inside the LKL kernel, on the
 * stack of a kernel task. liblkl puts a function of its own before every
 * handler that takes care of it (lkl_host_sigaction()); here all the ways to
 * install a handler lead there.
 *
 * A vfork() child shares our memory but has its own dispositions: what it
 * sets must not enter liblkl's records, so it talks to the host directly.
 */
#include "kernel.h"

/* Signals for which siginterrupt() asked that system calls be interrupted. */
static sigset_t interrupting;

/**
 * sigaction() - Set or get what a signal does
 * @sig:	signal
 * @act:	new action, or NULL
 * @old:	receives the old action, or NULL
 *
 * Return: 0, or -1 with errno
 */
EXPORT int sigaction(int sig, const struct sigaction *restrict act,
		     struct sigaction *restrict old)
{
	if (CALLED_BY_HOSTLIB() || !process_is_owner())
		return HOST(sigaction)(sig, act, old);
	return libc_result(lkl_host_sigaction(sig, act, old));
}

/**
 * set_handler() - Install a handler, with flags
 * @sig:	signal
 * @handler:	function, SIG_DFL or SIG_IGN
 * @flags:	SA_*
 *
 * Return: the old handler, or SIG_ERR with errno
 */
static sighandler_t set_handler(int sig, sighandler_t handler, int flags)
{
	struct sigaction act = { .sa_handler = handler, .sa_flags = flags };
	struct sigaction old;

	if (handler == SIG_ERR) {
		errno = EINVAL;
		return SIG_ERR;
	}
	if (sigaction(sig, &act, &old))
		return SIG_ERR;
	return old.sa_handler;
}

/**
 * signal() - Install a handler, BSD semantics
 * @sig:	signal
 * @handler:	function, SIG_DFL or SIG_IGN
 *
 * Return: the old handler, or SIG_ERR with errno
 */
EXPORT sighandler_t signal(int sig, sighandler_t handler)
{
	int flags = sigismember(&interrupting, sig) == 1 ? 0 : SA_RESTART;

	return set_handler(sig, handler, flags);
}

/**
 * sysv_signal() - Install a handler for one signal only, System V semantics
 * @sig:	signal
 * @handler:	function, SIG_DFL or SIG_IGN
 *
 * Return: the old handler, or SIG_ERR with errno
 */
EXPORT sighandler_t sysv_signal(int sig, sighandler_t handler)
{
	return set_handler(sig, handler, SA_RESETHAND | SA_NODEFER);
}

/**
 * siginterrupt() - Should a signal interrupt system calls?
 * @sig:	signal
 * @flag:	not 0: yes
 *
 * Return: 0, or -1 with errno
 */
EXPORT int siginterrupt(int sig, int flag)
{
	struct sigaction act;

	if (sigaction(sig, NULL, &act))
		return -1;
	if (flag) {
		sigaddset(&interrupting, sig);
		act.sa_flags &= ~SA_RESTART;
	} else {
		sigdelset(&interrupting, sig);
		act.sa_flags |= SA_RESTART;
	}
	return sigaction(sig, &act, NULL);
}

/**
 * sigset() - Install a handler, or hold a signal
 * @sig:	signal
 * @handler:	function, SIG_DFL, SIG_IGN, or SIG_HOLD to block the signal
 *
 * Return: the old handler, SIG_HOLD if the signal was blocked, or SIG_ERR with
 * errno
 */
EXPORT sighandler_t sigset(int sig, sighandler_t handler)
{
	struct sigaction act;
	sighandler_t old;
	sigset_t set, was;

	sigemptyset(&set);
	if (sigaddset(&set, sig))
		return SIG_ERR;
	if (handler == SIG_HOLD) {
		if (sigaction(sig, NULL, &act) ||
		    sigprocmask(SIG_BLOCK, &set, &was))
			return SIG_ERR;
		old = act.sa_handler;
	} else {
		old = set_handler(sig, handler, 0);
		if (old == SIG_ERR || sigprocmask(SIG_UNBLOCK, &set, &was))
			return SIG_ERR;
	}
	return sigismember(&was, sig) == 1 ? SIG_HOLD : old;
}

/**
 * sigignore() - Ignore a signal
 * @sig:	signal
 *
 * Return: 0, or -1 with errno
 */
EXPORT int sigignore(int sig)
{
	return set_handler(sig, SIG_IGN, 0) == SIG_ERR ? -1 : 0;
}
