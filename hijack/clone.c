// SPDX-License-Identifier: GPL-2.0
/*
 * clone.c - Children that a program makes by number
 *
 * syscall(SYS_clone) tells libc nothing, so the child would have no kernel. What
 * does no more than fork() is made by it; namespaces are entered by the child then.
 * Not so those of processes and users, which only clone() gives to a child alone.
 */
#include "calls.h"
#include "clone.h"
#include "kernel.h"
#include "raw.h"
#include "start.h"

#include <sched.h>
#include <sys/wait.h>

#define NAMESPACES (CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET | \
		    CLONE_NEWCGROUP)

/**
 * clone_is_fork() - Is it a fork, of a process that shares its kernel?
 * @a:	arguments of clone()
 */
bool clone_is_fork(const long a[6])
{
	return (a[0] & ~NAMESPACES) == SIGCHLD && !a[1] &&
	       kernel_is_running() && setting_shares_kernel();
}

/* In the child: enter namespaces, and tell the parent; ends if that fails. */
static void enter(int namespaces, int parent)
{
	int err = unshare(namespaces) ? errno : 0;

	RAW(SYS_write, parent, &err, sizeof(err));
	RAW(SYS_close, parent);
	if (err)
		RAW(SYS_exit_group, 1);
}

/**
 * clone_fork() - Make a child
 * @flags:	of clone(), known to be a fork
 *
 * Return: its process id, 0 in the child, -1 with errno
 */
long clone_fork(long flags)
{
	int namespaces = flags & NAMESPACES, ends[2], err = 0;
	pid_t pid;

	if (!namespaces)
		return fork();
	if (libc_result(RAW(SYS_pipe2, ends, O_CLOEXEC)) < 0)
		return -1;
	pid = fork();
	if (!pid) {
		RAW(SYS_close, ends[0]);
		enter(namespaces, ends[1]);
		return 0;
	}
	RAW(SYS_close, ends[1]);
	if (pid > 0)
		RAW(SYS_read, ends[0], &err, sizeof(err));
	RAW(SYS_close, ends[0]);
	if (!err)
		return pid;
	waitpid(pid, NULL, 0);
	errno = err;
	return -1;
}
