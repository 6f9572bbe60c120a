// SPDX-License-Identifier: GPL-2.0
/*
 * limits.c - The limit of open files is the program's own
 *
 * What the libraries keep open themselves is above it (hostlib/posix/fds.c):
 * the real limit is a little higher than the one that the program sees and sets.
 */
#include "environment.h"
#include "kernel.h"

#include <sys/resource.h>
#include <ulimit.h>

/**
 * prlimit() - Get and set a limit of a process
 * @pid:	the process, 0: this one
 * @what:	RLIMIT_*
 * @new:	new limit, or NULL
 * @old:	receives the old one, or NULL
 *
 * Linux looks at both addresses first: it sets nothing it does not know, and
 * says what the real limit is.
 *
 * Return: 0, or -1 with errno
 */
EXPORT int prlimit(pid_t pid, enum __rlimit_resource what,
		   const struct rlimit *new, struct rlimit *old)
{
	struct rlimit was;
	long ret = 0;

	if (what != RLIMIT_NOFILE || !process_is_owner() ||
	    (pid && pid != getpid()) || CALLED_BY_HOSTLIB())
		return HOST(prlimit)(pid, what, new, old);
	if (new && RAW(SYS_prlimit64, 0, RLIM_NLIMITS, new, NULL) == -EFAULT)
		ret = -EFAULT;
	if (old && !ret)
		ret = RAW(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, old);
	if (!ret)
		ret = lkl_host_nofile(new, &was);
	if (ret)
		return libc_result(ret);
	if (old)
		*old = was;
	if (new && is_child())
		mark_children();
	return 0;
}

EXPORT int getrlimit(__rlimit_resource_t what, struct rlimit *lim)
{
	if (what != RLIMIT_NOFILE)
		return HOST(getrlimit)(what, lim);
	return prlimit(0, RLIMIT_NOFILE, NULL, lim);
}

EXPORT int setrlimit(__rlimit_resource_t what, const struct rlimit *lim)
{
	if (what != RLIMIT_NOFILE)
		return HOST(setrlimit)(what, lim);
	return prlimit(0, RLIMIT_NOFILE, lim, NULL);
}

/**
 * getdtablesize() - Get the soft limit of open files
 *
 * Return: the limit
 */
EXPORT int getdtablesize(void)
{
	struct rlimit lim;

	return prlimit(0, RLIMIT_NOFILE, NULL, &lim) ? 256 : (int)lim.rlim_cur;
}

EXPORT long sysconf(int what)
{
	struct rlimit lim;

	if (likely(what != _SC_OPEN_MAX))
		return HOST(sysconf)(what);
	if (prlimit(0, RLIMIT_NOFILE, NULL, &lim))
		return -1;
	return lim.rlim_cur;
}

/**
 * ulimit() - Get and set limits, the old way
 * @cmd:	UL_*; the soft limit of open files is what we know better
 *
 * Return: the limit, or -1 with errno
 */
EXPORT long ulimit(int cmd, ...)
{
	va_list ap;
	long arg;

	va_start(ap, cmd);
	arg = va_arg(ap, long);
	va_end(ap);
	if (cmd == __UL_GETOPENMAX)
		return sysconf(_SC_OPEN_MAX);
	return HOST(ulimit)(cmd, arg);
}
