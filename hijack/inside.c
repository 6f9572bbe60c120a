// SPDX-License-Identifier: GPL-2.0
/*
 * inside.c - Functions that make a call by descriptor inside libc
 *
 * For descriptors of the host they stay libc's.
 */
#include "fdtab.h"

#include <netdb.h>

/**
 * posix_fallocate() - Make room in a file
 * @fd:		descriptor
 * @off:	where it begins
 * @len:	how much
 *
 * Return: 0 or an error number
 */
EXPORT int posix_fallocate(int fd, off_t off, off_t len)
{
	int entry = fdtab_get(fd);

	if (entry <= 0)
		return HOST(posix_fallocate)(fd, off, len);
	return -LKL(SYS_fallocate, entry - 1, 0, off, len);
}

/**
 * posix_fadvise() - Say how a file will be read
 * @fd:		descriptor
 * @off:	where it begins
 * @len:	how much
 * @advice:	POSIX_FADV_*
 *
 * Return: 0 or an error number
 */
EXPORT int posix_fadvise(int fd, off_t off, off_t len, int advice)
{
	int entry = fdtab_get(fd);

	if (entry <= 0)
		return HOST(posix_fadvise)(fd, off, len, advice);
	return -LKL(SYS_fadvise64, entry - 1, off, len, advice);
}

/**
 * lockf() - Lock a part of a file, from where it is read on
 * @fd:		descriptor
 * @cmd:	F_LOCK, F_TLOCK, F_ULOCK, F_TEST
 * @len:	how much; 0: to its end
 *
 * Return: 0, or -1 with errno
 */
EXPORT int lockf(int fd, int cmd, off_t len)
{
	struct flock lock = {
		.l_type = cmd == F_ULOCK ? F_UNLCK : F_WRLCK,
		.l_whence = SEEK_CUR,
		.l_len = len,
	};

	if (fdtab_get(fd) <= 0)
		return HOST(lockf)(fd, cmd, len);
	switch (cmd) {
	case F_LOCK:
		return fcntl(fd, F_SETLKW, &lock);
	case F_TLOCK:
	case F_ULOCK:
		return fcntl(fd, F_SETLK, &lock);
	case F_TEST:
		if (fcntl(fd, F_GETLK, &lock))
			return -1;
		return lock.l_type == F_UNLCK ? 0 : libc_result(-EACCES);
	default:
		return libc_result(-EINVAL);
	}
}

/**
 * isfdtype() - Is a descriptor of this kind?
 * @fd:		descriptor
 * @type:	S_IF*
 *
 * Return: 1, 0, or -1 with errno
 */
EXPORT int isfdtype(int fd, int type)
{
	struct stat st;

	if (fstat(fd, &st))
		return -1;
	return (st.st_mode & S_IFMT) == (mode_t)type;
}

/* LKL has no terminals: a call that only terminals answer says why. */
static int no_terminal(int fd)
{
	isatty(fd);
	return errno;
}

/**
 * ttyname() - Name of a terminal
 * @fd:	descriptor
 *
 * Return: the name, or NULL with errno
 */
EXPORT char *ttyname(int fd)
{
	if (fdtab_get(fd) <= 0)
		return HOST(ttyname)(fd);
	no_terminal(fd);
	return NULL;
}

/**
 * ttyname_r() - Name of a terminal
 * @fd:		descriptor
 * @buf:	receives it
 * @len:	room there
 *
 * Return: 0 or an error number
 */
EXPORT int ttyname_r(int fd, char *buf, size_t len)
{
	if (fdtab_get(fd) <= 0)
		return HOST(ttyname_r)(fd, buf, len);
	return no_terminal(fd);
}

/**
 * herror() - Print what h_errno means
 * @what:	what went wrong, or NULL
 */
EXPORT void herror(const char *what)
{
	bool named = what && *what;

	if (fdtab_get(STDERR_FILENO) > 0)
		dprintf(STDERR_FILENO, "%s%s%s\n", named ? what : "",
			named ? ": " : "", hstrerror(h_errno));
	else
		HOST(herror)(what);
}
