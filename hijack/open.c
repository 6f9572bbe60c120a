// SPDX-License-Identifier: GPL-2.0
/*
 * open.c - open() and its relatives, for files of the host and of the LKL kernel
 */
#include "names.h"

/**
 * open_lkl() - Open a file in the LKL kernel
 * @nr:		SYS_openat or SYS_openat2
 * @dirfd:	directory of the program, LKL's or AT_FDCWD
 * @path:	name for which name_is_net_at() is true
 * @how:	what follows in the arguments of the call: flags and mode, or
 * @size:	a structure and its size
 *
 * Return: descriptor, or -1 with errno
 */
static int open_lkl(long nr, int dirfd, const char *path, long how, long size)
{
	char own[NAME_ROOM];
	long fd, lkl_fd;

	if (nr == SYS_openat && name_leaves(dirfd, path, own))
		return fdtab_born(HOST(open)(own, how, size));
	if (!name_in_kernel_at(&dirfd, &path, own))
		return -1;
	fd = fdtab_reserve(0);
	if (fd < 0)
		return libc_result(fd);
	lkl_fd = LKL(nr, dirfd, path, how, size);
	if (lkl_fd < 0) {
		fdtab_unreserve(fd);
		return libc_result(lkl_fd);
	}
	fdtab_install(fd, lkl_fd);
	return fd;
}

/**
 * openat2_routed() - The system call, which libc has no function for
 * @a:		its arguments
 * @ret:	receives its result, or -1 with errno
 *
 * Return: false if it is the host's, and has not been made
 */
bool openat2_routed(const long a[6], long *ret)
{
	const char *path = (const char *)a[1];

	if (!name_is_net_at(a[0], path))
		return false;
	*ret = open_lkl(SYS_openat2, a[0], path, a[2], a[3]);
	return true;
}

/**
 * openat() - Open a file
 * @dirfd:	directory that a relative name begins at
 * @path:	name
 * @flags:	O_*
 *
 * Return: descriptor, or -1 with errno
 */
EXPORT int openat(int dirfd, const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list ap;

	if (__OPEN_NEEDS_MODE(flags)) {
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	if (unlikely(name_is_net_at(dirfd, path)) && !CALLED_BY_HOSTLIB())
		return open_lkl(SYS_openat, dirfd, path, flags, mode);
	return fdtab_born(HOST(openat)(dirfd, path, flags, mode));
}

/**
 * open() - Open a file
 * @path:	name
 * @flags:	O_*
 *
 * Return: descriptor, or -1 with errno
 */
EXPORT int open(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list ap;

	if (__OPEN_NEEDS_MODE(flags)) {
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	if (unlikely(name_is_net(path)) && !CALLED_BY_HOSTLIB())
		return open_lkl(SYS_openat, AT_FDCWD, path, flags, mode);
	return fdtab_born(HOST(open)(path, flags, mode));
}

/**
 * creat() - Make and open a file
 * @path:	name
 * @mode:	permissions
 *
 * Return: descriptor, or -1 with errno
 */
EXPORT int creat(const char *path, mode_t mode)
{
	return open(path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}
