// SPDX-License-Identifier: GPL-2.0
/*
 * move.c - The kernel moves to a process of its own
 *
 * Theory of operation
 * -------------------
 * A program that executes another one in its place loses its memory, and with it
 * the kernel. If there is something to keep (sockets that the new program is to
 * have, guests), the process is forked before: the copy becomes the keeper, the
 * new program, which has the process id and the parent of the old one, its
 * guest. Unlike other children (fork.c) that copy has the kernel's memory.
 *
 * What executes may fail, and then the kernel is to be where it was. So there
 * must not be two that run: the copy only looks on until the program has been
 * executed, which closes our end of a socket pair, or has ended; if neither is
 * possible we say so, and the copy is gone.
 *
 *   the process                                   its copy
 *   open a channel, as for a guest (guest.c)
 *   hold: backends with threads, the kernel
 *   fork ---------------------------------------> its parent ends: an orphan
 *                                                 which nobody has to wait for
 *   execute -- the socket pair breaks ----------> begin
 *   or else: tell ------------------------------> end
 *            release
 *
 * What the copy has to do to begin: none of the other threads is there. Their
 * calls are ended, their tasks too; those of our own are started anew. Nobody
 * knows what the host has reported meanwhile, so all descriptors are asked again.
 * Signals of the terminal and others that its group is sent are for the
 * programs: it has them all blocked, and ends by itself when there is no guest.
 *
 * The new program begins with the mask of signals of the old one, but until then
 * all are blocked: no handler may run that calls the kernel while it is held. So
 * the mask is passed on as well (lkl_guest_pass()). Faults are none of the program's
 * then, see signal.c.
 */
#include <errno.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <lkl.h>
#include <lkl_posix.h>
#include "fds.h"
#include "host.h"
#include "raw.h"

/* The thread forks a keeper. */
__thread bool host_moves __attribute__((tls_model("initial-exec")));

/* One thread at a time. If it succeeds the others are no more. */
static int moving;

/* Our end of the socket pair, and the copy's. */
static int here = -1, there = -1;

/* Backends with threads. */
static struct host_mover *movers;

/**
 * host_mover_add() - There is something else that runs beside the kernel
 * @m:	what to do with it when the kernel moves
 */
void host_mover_add(struct host_mover *m)
{
	unsigned long old = host_block(HOST_SIGNALS);

	m->next = movers;
	movers = m;
	host_unblock(old);
}

/**
 * host_mover_del() - It is no more
 * @m:	the same
 */
void host_mover_del(struct host_mover *m)
{
	struct host_mover **at = &movers;

	while (*at && *at != m)
		at = &(*at)->next;
	if (*at)
		*at = m->next;
}

static void hold_movers(bool early)
{
	for (struct host_mover *m = movers; m; m = m->next)
		if (m->early == early)
			m->hold(m);
}

static void release_movers(void)
{
	for (struct host_mover *m = movers; m; m = m->next)
		m->release(m);
}

/** host_move_hold() - Let everything stand still, about to fork the keeper */
void host_move_hold(void)
{
	hold_movers(true);
	lkl_image_hold();
	hold_movers(false);
	host_fds_hold();
	host_threads_hold();
	host_mem_inherit(true);
}

/**
 * host_move_forked() - The keeper has been forked
 * @child:	in the child; else in its parent
 *
 * The kernel and the backends stay as they are.
 */
void host_move_forked(bool child)
{
	if (!child)
		host_mem_inherit(false);
	host_threads_release();
	host_fds_release();
}

/**
 * be_keeper() - Wait for the program to be executed, then keep the kernel for it
 * @keep:	does that
 */
static __attribute__((noreturn)) void be_keeper(void (*keep)(void))
{
	int pid = RAW(SYS_getpid, 0);
	char said;
	long n;

	host_fd_drop(here);
	RAW(SYS_write, there, &pid, sizeof(pid));
	do
		n = RAW(SYS_read, there, &said, sizeof(said));
	while (n == -EINTR);
	if (n > 0)
		RAW(SYS_exit_group, 0);
	host_fd_drop(there);
	host_moves = false;
	RAW(SYS_prctl, PR_SET_NAME, "lkl-keeper");
	host_guest_cancel();
	lkl_image_alone();
	host_wait_alone();
	host_threads_alone();
	lkl_image_release(&host_self->lkl);
	host_threads_bury();
	for (struct host_mover *m = movers; m; m = m->next)
		m->restart(m);
	host_thread_start(lkl_image_helper);
	keep();
	RAW(SYS_exit_group, 0);
	__builtin_unreachable();
}

/* Have the keeper forked, by a process in between, whom it is no child of. */
static int fork_keeper(void (*keep)(void))
{
	pid_t pid = fork();

	if (!pid) {
		pid = _Fork();
		if (pid)
			RAW(SYS_exit_group, 0);
		be_keeper(keep);
	}
	host_fd_drop(there);
	if (pid < 0)
		return -errno;
	RAW(SYS_wait4, pid, NULL, __WALL, NULL);
	return RAW(SYS_read, here, &host_keeper, sizeof(host_keeper)) ==
	       sizeof(host_keeper) ? 0 : -EAGAIN;
}

static int open_ends(void)
{
	int ends[2];
	int err = RAW(SYS_socketpair, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0,
		      ends);

	if (err)
		return err;
	here = host_fd_keep(ends[0]);
	there = host_fd_keep(ends[1]);
	if (here >= 0 && there >= 0)
		return 0;
	host_fd_drop(here);
	host_fd_drop(there);
	return -EMFILE;
}

int lkl_fork_moves(void)
{
	return host_moves;
}

int lkl_kernel_leave(void (*keep)(void))
{
	unsigned long mask;
	int err;

	if (host_forked || !lkl_is_running() || !lkl_host_thread_self())
		return -EINVAL;
	while (__atomic_exchange_n(&moving, 1, __ATOMIC_SEQ_CST))
		RAW(SYS_sched_yield, 0);
	mask = host_block(HOST_SIGNALS & ~HOST_FAULTS);
	err = host_mem_is_fixed() ? -EBUSY : host_guest_reserve(mask);
	if (!err) {
		err = open_ends();
		if (err)
			host_guest_cancel();
	}
	if (err) {
		__atomic_store_n(&moving, 0, __ATOMIC_SEQ_CST);
		host_unblock(mask);
		return err;
	}
	host_moves = true;
	err = fork_keeper(keep);
	if (err)
		lkl_kernel_return();
	else
		host_guest_begin();
	return err;
}

void lkl_kernel_return(void)
{
	unsigned long mask;

	RAW(SYS_sendto, here, "", 1, MSG_NOSIGNAL);
	host_fd_drop(here);
	host_moves = false;
	host_keeper = 0;
	lkl_image_release(&host_self->lkl);
	release_movers();
	mask = host_guest_cancel();
	__atomic_store_n(&moving, 0, __ATOMIC_SEQ_CST);
	host_unblock(mask);
}
