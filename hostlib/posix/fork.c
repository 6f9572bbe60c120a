// SPDX-License-Identifier: GPL-2.0
/*
 * fork.c - The child of a fork has no kernel
 *
 * The child has one thread, and what the others were doing inside the kernel
 * will never be finished there: a copy of the kernel would be as it is in the
 * middle of anything, with a lock that nobody gives back and the parent's
 * devices. So the child does not even get the memory of it (MADV_DONTFORK,
 * which makes forking cheap). It is a guest of the parent's kernel (guest.c), if
 * that has been asked for; else every call fails with ENODEV, until it goes
 * back to where its parent was before the boot (pristine.c) and boots again. The
 * exception is a child that becomes the keeper of the kernel (move.c).
 *
 * There is nothing to wait for in the parent before it forks, but the locks that
 * children go on with. Until the child knows what it is, no handler of a signal
 * may run there: it could call the kernel.
 */
#include <pthread.h>

#include "host.h"

/* We are the child of a process that had a kernel. */
bool host_forked;

/* libc calls us: once is enough, and children stay told. */
static bool watching HOST_KEPT;

/* Mask of the thread that forks; one does at a time, see host_guest_before_fork(). */
static unsigned long mask;

static void before(void)
{
	unsigned long old = host_block(HOST_SIGNALS);

	host_guest_before_fork();
	mask = old;
	host_actions_hold();
	if (host_moves)
		host_move_hold();
}

static void in_parent(void)
{
	unsigned long old = mask;

	if (host_moves)
		host_move_forked(false);
	host_actions_release();
	host_guest_in_parent();
	host_unblock(old);
}

static void in_child(void)
{
	if (host_moves) {
		host_move_forked(true);
		host_actions_release();
		host_guest_in_parent();
		return;
	}
	host_actions_release();
	host_forked = true;
	host_threads_forked();
	host_guest_in_child();
	host_unblock(mask);
}

/**
 * host_fork_init() - From now on children know that they have no kernel
 *
 * Return: 0 or a negative errno
 */
int host_fork_init(void)
{
	int err = watching ? 0 : -pthread_atfork(before, in_parent, in_child);

	watching = !err;
	return err;
}
