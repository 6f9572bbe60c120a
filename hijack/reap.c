// SPDX-License-Identifier: GPL-2.0
/*
 * reap.c - A child that has been waited for has no sockets any more
 *
 * On Linux the files of a process are closed before its parent is told of its
 * end: who waits for a server can have its port. A child that uses our kernel
 * (hostlib/posix/guest.c) is a process of the host as well, and the kernel hears
 * of its end at about the same time as we do. So it is asked to come back when
 * it has closed the files.
 */
#include "kernel.h"

#include <sys/wait.h>

/**
 * child_reaped() - A process has been waited for
 * @pid:	the process
 * @status:	what the host says of it
 */
void child_reaped(pid_t pid, int status)
{
	if ((WIFEXITED(status) || WIFSIGNALED(status)) &&
	    kernel_is_running() && process_is_owner())
		LKL(LKL_NR_guests, pid);
}

/**
 * child_reaped_info() - A process may have been waited for
 * @info:	what the host says of it
 */
void child_reaped_info(const siginfo_t *info)
{
	if (info->si_pid &&
	    (info->si_code == CLD_EXITED || info->si_code == CLD_KILLED ||
	     info->si_code == CLD_DUMPED))
		child_reaped(info->si_pid, 0);
}

/**
 * wait4() - Wait for a process
 * @pid:	which, as of waitpid()
 * @status:	receives how it has ended, or NULL
 * @options:	W*
 * @usage:	receives what it has used, or NULL
 *
 * Return: the process, 0: none has changed, or -1 with errno
 */
EXPORT pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
	int own;
	pid_t ret;

	if (!status)
		status = &own;
	ret = HOST(wait4)(pid, status, options, usage);
	if (ret > 0)
		child_reaped(ret, *status);
	return ret;
}

EXPORT pid_t wait3(int *status, int options, struct rusage *usage)
{
	return wait4(-1, status, options, usage);
}

EXPORT pid_t waitpid(pid_t pid, int *status, int options)
{
	return wait4(pid, status, options, NULL);
}

EXPORT pid_t wait(int *status)
{
	return wait4(-1, status, 0, NULL);
}

/**
 * waitid() - Wait for a process
 * @type:	P_*
 * @id:		which
 * @info:	receives what has happened, or NULL
 * @options:	W*
 *
 * Return: 0, or -1 with errno
 */
EXPORT int waitid(idtype_t type, id_t id, siginfo_t *info, int options)
{
	siginfo_t own;
	int ret;

	if (!info)
		info = &own;
	ret = HOST(waitid)(type, id, info, options);
	if (!ret)
		child_reaped_info(info);
	return ret;
}
