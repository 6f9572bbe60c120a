// SPDX-License-Identifier: GPL-2.0
/*
 * open.c - open() and openat(), for files of the host and of the LKL kernel
 */
#include "names.h"

/**
 * openat_lkl() - Open a file in the LKL kernel
 * @dirfd:	directory of the program, LKL's or AT_FDCWD
 * @path:	name for which name_is_net_at() is true
 * @flags:	O_*
 * @mode:	permissions of a new file
 *
 * Return: descriptor, or -1 with errno
 */
static int openat_lkl(int dirfd, const char *path, int flags, mode_t mode)
{
	char own[NAME_ROOM];
	long fd, lkl_fd;

	path = name_in_kernel_at(&dirfd, path, own);
	if (!path)
		return -1;
	fd = fdtab_reserve(0);
	if (fd < 0)
		return libc_result(fd);
	lkl_fd = LKL(SYS_openat, dirfd, path, flags, mode);
	if (lkl_fd < 0) {
		fdtab_unreserve(fd);
		return libc_result(lkl_fd);
	}
	fdtab_install(fd, lkl_fd);
	return fd;
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
		return openat_lkl(dirfd, path, flags, mode);
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
		return openat_lkl(AT_FDCWD, path, flags, mode);
	return fdtab_born(HOST(open)(path, flags, mode));
}
