// SPDX-License-Identifier: GPL-2.0
/*
 * dup.c - Closing and duplicating descriptors of both kinds
 *
 * See fdtab.c for who owns what and the order in which things are done. To the
 * program our own descriptors are not open.
 */
#include "fdtab.h"
#include "gone.h"
#include "sigio.h"

#include <linux/close_range.h>
#include <sys/pidfd.h>
#include <sys/resource.h>

/**
 * drop() - Close what an entry taken out of the table names
 * @entry:	the entry, any value
 *
 * Return: result of the LKL close, 0 if there was none
 */
static long drop(int entry)
{
	if (!entry)
		return 0;
	return entry < 0 ? lkl_hostfd_close(-entry - 1) :
			   LKL(SYS_close, entry - 1);
}

/* IS_HIDDEN() - Is it one of our own, and the caller the program? */
#define IS_HIDDEN(fd)							\
	(unlikely(fdtab_private(fd)) && process_is_owner() &&		\
	 !CALLED_BY_HOSTLIB())

/**
 * close() - Close a descriptor
 * @fd:	descriptor
 *
 * Return: 0, or -1 with errno (EBADF also for descriptors of our own)
 */
EXPORT int close(int fd)
{
	int entry = fdtab_get(fd);
	long ret;

	if (likely(!entry)) {
		if (IS_HIDDEN(fd))
			return libc_result(-EBADF);
		if (unlikely(fdtab_private(fd)) && CALLED_BY_SLIRP()) {
			lkl_host_fd_drop(fd);
			return 0;
		}
		return HOST(close)(fd);
	}
	if (!process_is_owner())
		return HOST(close)(fd);
	entry = fdtab_exchange(fd, 0);
	if (entry <= 0) {
		drop(entry);
		return HOST(close)(fd);
	}
	ret = drop(entry);
	RAW(SYS_close, fd);
	/* There is nothing left that could fail. */
	return gone_now(ret) ? 0 : libc_result(ret);
}

/**
 * close_host_range() - Close a range on the host, sparing our own descriptors
 * @first:	first number
 * @last:	last number
 * @flags:	CLOSE_RANGE_*
 *
 * Return: 0 or a negative errno
 */
static long close_host_range(unsigned int first, unsigned int last,
			     unsigned int flags)
{
	unsigned int end = last < FDTAB_SIZE ? last + 1 : FDTAB_SIZE;
	unsigned int from = first;
	long ret = 0;

	for (unsigned int fd = first; fd < end && !ret; fd++) {
		if (!fdtab_private(fd))
			continue;
		if (from < fd)
			ret = RAW(SYS_close_range, from, fd - 1, flags);
		from = fd + 1;
	}
	if (from <= last && !ret)
		ret = RAW(SYS_close_range, from, last, flags);
	return ret;
}

/**
 * close_range() - Close all descriptors of a range, or mark them
 * @first:	first number
 * @last:	last number
 * @flags:	CLOSE_RANGE_UNSHARE, CLOSE_RANGE_CLOEXEC
 *
 * Return: 0, or -1 with errno
 */
EXPORT int close_range(unsigned int first, unsigned int last, int flags)
{
	unsigned int end = fdtab_limit();
	int entry;

	if (!process_is_owner() || first > last ||
	    (flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC)))
		return libc_result(RAW(SYS_close_range, first, last, flags));
	for (unsigned int fd = first; fd < end && fd <= last; fd++) {
		entry = fdtab_get(fd);
		if (!entry)
			continue;
		if (!(flags & CLOSE_RANGE_CLOEXEC))
			drop(fdtab_exchange(fd, 0));
		else if (entry > 0)
			LKL(SYS_fcntl, entry - 1, F_SETFD, FD_CLOEXEC);
	}
	return libc_result(close_host_range(first, last, flags));
}

/**
 * closefrom() - Close all descriptors from a number on
 * @first:	the number
 */
EXPORT void closefrom(int first)
{
	close_range(first < 0 ? 0 : first, ~0U, 0);
}

/**
 * why_not() - Why is there no free number from one on?
 * @err:	what Linux says, negative
 * @min:	lowest number wanted
 *
 * Return: -EINVAL if that is over the limit, as the program knows it, else @err
 */
static long why_not(long err, long min)
{
	struct rlimit lim;

	if (likely(err != -EMFILE) || lkl_host_nofile(NULL, &lim))
		return err;
	return (rlim_t)min >= lim.rlim_cur ? -EINVAL : err;
}

/**
 * dup_lkl_from() - Duplicate an LKL descriptor to the lowest free number
 * @from:	its number
 * @lkl_fd:	in the LKL kernel
 * @min:	lowest number wanted
 * @cmd:	F_DUPFD or F_DUPFD_CLOEXEC
 *
 * Return: descriptor, or a negative errno
 */
static long dup_lkl_from(int from, int lkl_fd, int min, int cmd)
{
	long fd, copy;

	fd = fdtab_reserve(min);
	if (fd < 0)
		return why_not(fd, min);
	copy = LKL(SYS_fcntl, lkl_fd, cmd, 0);
	if (copy < 0) {
		fdtab_unreserve(fd);
		return copy;
	}
	fdtab_install(fd, copy);
	gone_note_dup(from, fd);
	return fd;
}

/**
 * dup_lkl_to() - Duplicate an LKL descriptor to a given number
 * @from:	its number
 * @lkl_fd:	in the LKL kernel
 * @to:		the number; what is there is closed
 * @cmd:	F_DUPFD or F_DUPFD_CLOEXEC
 *
 * Return: @to, or a negative errno
 */
static long dup_lkl_to(int from, int lkl_fd, int to, int cmd)
{
	long copy, ret;
	int old;

	if ((unsigned int)to >= FDTAB_SIZE)
		return -EBADF;
	copy = LKL(SYS_fcntl, lkl_fd, cmd, 0);
	if (copy < 0)
		return copy;
	old = fdtab_exchange(to, copy + 1);
	gone_note_dup(from, to);
	ret = fdtab_placeholder_at(to);
	if (ret < 0)
		drop(fdtab_exchange(to, old));
	else
		drop(old);
	if (ret >= 0 && unlikely(sigio_used))
		sigio_forget(to);
	return ret;
}

/**
 * dup_to() - dup2() and dup3() proper
 * @from:	descriptor
 * @to:		number wanted, not @from
 * @flags:	0 or O_CLOEXEC
 *
 * Return: @to, or a negative errno
 */
static long dup_to(int from, int to, int flags)
{
	int entry = fdtab_get(from);
	long ret;

	if (!process_is_owner())
		return RAW(SYS_dup3, from, to, flags);
	if (fdtab_private(to) || fdtab_private(from))
		return -EBADF;
	if (entry > 0)
		return dup_lkl_to(from, entry - 1, to, flags & O_CLOEXEC ?
				  F_DUPFD_CLOEXEC : F_DUPFD);
	ret = RAW(SYS_dup3, from, to, flags);
	if (ret >= 0 && fdtab_get(to))
		drop(fdtab_exchange(to, 0));
	return ret;
}

/**
 * dup() - Duplicate a descriptor
 * @fd:	descriptor
 *
 * Return: descriptor, or -1 with errno
 */
EXPORT int dup(int fd)
{
	int entry = fdtab_get(fd);

	if (entry > 0 && process_is_owner())
		return libc_result(dup_lkl_from(fd, entry - 1, 0, F_DUPFD));
	return fdtab_born(HOST(dup)(fd));
}

/**
 * dup2() - Duplicate a descriptor to a given number
 * @from:	descriptor
 * @to:		number; what is there is closed first
 *
 * Return: @to, or -1 with errno
 */
EXPORT int dup2(int from, int to)
{
	if (CALLED_BY_HOSTLIB() || from == to)
		return HOST(dup2)(from, to);
	return libc_result(dup_to(from, to, 0));
}

/**
 * dup3() - Duplicate a descriptor to a given number, with flags
 * @from:	descriptor
 * @to:		number; what is there is closed first
 * @flags:	0 or O_CLOEXEC
 *
 * Return: @to, or -1 with errno
 */
EXPORT int dup3(int from, int to, int flags)
{
	if (CALLED_BY_HOSTLIB() || from == to || (flags & ~O_CLOEXEC))
		return HOST(dup3)(from, to, flags);
	return libc_result(dup_to(from, to, flags));
}

/* F_DUPFD or F_DUPFD_CLOEXEC of a host descriptor */
static int dup_host_from(int fd, int min, int cmd)
{
	int copy = HOST(fcntl)(fd, cmd, min);

	return copy >= 0 ? fdtab_born(copy) : libc_result(why_not(-errno, min));
}

/**
 * fcntl() - Operations on a descriptor
 * @fd:		descriptor
 * @cmd:	F_*
 *
 * Return: depends on @cmd; -1 with errno for an error
 */
EXPORT int fcntl(int fd, int cmd, ...)
{
	int entry = fdtab_get(fd);
	va_list ap;
	long arg, ret;

	va_start(ap, cmd);
	arg = va_arg(ap, long);
	va_end(ap);
	if (likely(entry <= 0)) {
		if (IS_HIDDEN(fd))
			return libc_result(-EBADF);
		if (cmd == F_DUPFD || cmd == F_DUPFD_CLOEXEC)
			return dup_host_from(fd, arg, cmd);
		return HOST(fcntl)(fd, cmd, arg);
	}
	if ((cmd == F_DUPFD || cmd == F_DUPFD_CLOEXEC || cmd == F_SETFD) &&
	    !process_is_owner())
		return HOST(fcntl)(fd, cmd, arg);
	if (cmd == F_DUPFD || cmd == F_DUPFD_CLOEXEC)
		return libc_result(dup_lkl_from(fd, entry - 1, arg, cmd));
	if (unlikely(sigio_fcntl(fd, entry - 1, cmd, arg, &ret)))
		return cmd == F_GETOWN ? ret : libc_result(ret);
	ret = libc_result(LKL(SYS_fcntl, entry - 1, cmd, arg));
	if (cmd == F_SETFL && !ret && (arg & O_ASYNC || sigio_used))
		sigio_async(fd, entry - 1, arg & O_ASYNC);
	return ret;
}

/* Which process is this a descriptor of? Of none: 0. */
static int pid_of(int pidfd)
{
	char name[40], text[512];
	const char *at;
	long fd, n;

	snprintf(name, sizeof(name), "/proc/thread-self/fdinfo/%d", pidfd);
	fd = RAW(SYS_openat, AT_FDCWD, name, O_RDONLY | O_CLOEXEC);
	n = RAW(SYS_read, fd, text, sizeof(text) - 1);
	RAW(SYS_close, fd);
	text[n > 0 ? n : 0] = '\0';
	at = strstr(text, "\nPid:");
	return at ? atoi(at + sizeof("\nPid:") - 1) : 0;
}

/**
 * pidfd_getfd() - Duplicate a descriptor of a process
 * @pidfd:	the process; only this one has LKL descriptors that can be had
 * @fd:		descriptor there
 * @flags:	0
 *
 * Return: descriptor, close-on-exec, or -1 with errno
 */
EXPORT int pidfd_getfd(int pidfd, int fd, unsigned int flags)
{
	int entry = fdtab_get(fd);

	if (unlikely(entry > 0) && !flags && process_is_owner() &&
	    pid_of(pidfd) == getpid())
		return libc_result(dup_lkl_from(fd, entry - 1, 0,
						F_DUPFD_CLOEXEC));
	return fdtab_born(HOST(pidfd_getfd)(pidfd, fd, flags));
}

/**
 * fstat() - Get what a descriptor is
 * @fd:	descriptor
 * @st:	receives it
 *
 * Return: 0, or -1 with errno
 */
EXPORT int fstat(int fd, struct stat *st)
{
	int entry = fdtab_get(fd);

	if (entry > 0)
		return libc_result(LKL(SYS_fstat, entry - 1, st));
	if (IS_HIDDEN(fd))
		return libc_result(-EBADF);
	return HOST(fstat)(fd, st);
}
