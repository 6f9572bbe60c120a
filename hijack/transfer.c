// SPDX-License-Identifier: GPL-2.0
/*
 * transfer.c - sendfile() across the kernels, and what has no pipe end in LKL
 *
 * sendfile() with one side on the host goes through a buffer. The position of
 * the source advances by exactly what arrived, never by what was read: a file
 * is read with pread(), so a short write needs no undoing.
 *
 * splice(), tee(), vmsplice() and copy_file_range() answer EINVAL when a side
 * is LKL's: the pipe between is on the other kernel. Programs that use them
 * have a fallback for file types that cannot do it, and take it on EINVAL.
 */
#include "fdtab.h"
#include "user.h"

/* Linux moves no more in one call. */
#define MOST 0x7ffff000

/* One piece of a transfer; malloc() keeps memory of this size around. */
#define PIECE 65536

/**
 * struct end - A descriptor on one of the kernels
 * @fd:		number on that kernel
 * @lkl:	true if it is LKL's
 */
struct end {
	int fd;
	bool lkl;
};

/**
 * end_of() - Find the kernel of a descriptor
 * @fd:	descriptor of the program
 *
 * Return: the same, on its kernel
 */
static struct end end_of(int fd)
{
	int entry = fdtab_get(fd);

	if (entry > 0)
		return (struct end){ entry - 1, true };
	return (struct end){ fd, false };
}

/* END() - a system call on an end; result or negative errno. */
#define END(end, nr, ...)					\
	((end).lkl ? LKL(nr, (end).fd, __VA_ARGS__) :		\
		     RAW(nr, (end).fd, __VA_ARGS__))

/**
 * copy_file() - Copy from a seekable end to another
 * @out:	destination
 * @in:		source
 * @pos:	position in the source, updated
 * @count:	bytes at most
 * @buf:	PIECE bytes
 *
 * Return: bytes copied, or a negative errno if none could be
 */
static long copy_file(struct end out, struct end in, off_t *pos, size_t count,
		      char *buf)
{
	long got, put = 0, done = 0;

	while (count) {
		got = END(in, SYS_pread64, buf, count < PIECE ? count : PIECE,
			  *pos);
		if (got <= 0)
			return done ? done : got;
		put = END(out, SYS_write, buf, got);
		if (put < 0)
			return done ? done : put;
		*pos += put;
		done += put;
		count -= put;
		if (put < got)
			break;
	}
	return done;
}

/**
 * copy_between() - sendfile() with a buffer
 * @out:	destination
 * @in:		source; must be seekable, as Linux wants it
 * @offset:	where to read, updated; NULL: at the source's own position
 * @count:	bytes at most
 *
 * Return: bytes copied, or a negative errno (-EINVAL: not a file, -ENOMEM,
 * -EFAULT)
 */
static long copy_between(struct end out, struct end in, off_t *offset,
			 size_t count)
{
	off_t pos;
	char *buf;
	long ret;

	if (offset)
		USER_GET(pos, offset, fault);
	if ((ssize_t)count < 0)
		return -EINVAL;
	if (count > MOST)
		count = MOST;
	if (!offset)
		pos = END(in, SYS_lseek, 0, SEEK_CUR);
	if (pos < 0)
		return offset || pos == -ESPIPE ? -EINVAL : pos;
	buf = malloc(PIECE);
	if (!buf)
		return -ENOMEM;
	ret = copy_file(out, in, &pos, count, buf);
	free(buf);
	if (offset)
		USER_PUT(pos, offset, fault);
	else if (ret > 0)
		END(in, SYS_lseek, pos, SEEK_SET);
	return ret == -ESPIPE ? -EINVAL : ret;
fault:
	return -EFAULT;
}

/**
 * sendfile() - Copy from a file to a descriptor
 * @out:	destination
 * @in:		source
 * @offset:	where to read, updated; NULL: at the source's own position
 * @count:	bytes at most
 *
 * Return: bytes copied, or -1 with errno
 */
EXPORT ssize_t sendfile(int out, int in, off_t *offset, size_t count)
{
	struct end to = end_of(out), from = end_of(in);
	long ret;

	if (likely(!to.lkl && !from.lkl))
		return HOST(sendfile)(out, in, offset, count);
	if (to.lkl && from.lkl)
		ret = LKL(SYS_sendfile, to.fd, from.fd, offset, count);
	else
		ret = copy_between(to, from, offset, count);
	return to.lkl ? send_result(to.fd, ret, 0) : libc_result(ret);
}

/**
 * splice() - Move data between a pipe and a descriptor
 * @in:		source
 * @off_in:	where to read
 * @out:	destination
 * @off_out:	where to write
 * @n:		bytes at most
 * @flags:	SPLICE_F_*
 *
 * Return: bytes moved, or -1 with errno
 */
EXPORT ssize_t splice(int in, off64_t *off_in, int out, off64_t *off_out,
		      size_t n, unsigned int flags)
{
	if (fdtab_get(in) > 0 || fdtab_get(out) > 0)
		return libc_result(-EINVAL);
	return HOST(splice)(in, off_in, out, off_out, n, flags);
}

/**
 * tee() - Duplicate the content of a pipe
 * @in:		source
 * @out:	destination
 * @n:		bytes at most
 * @flags:	SPLICE_F_*
 *
 * Return: bytes duplicated, or -1 with errno
 */
EXPORT ssize_t tee(int in, int out, size_t n, unsigned int flags)
{
	if (fdtab_get(in) > 0 || fdtab_get(out) > 0)
		return libc_result(-EINVAL);
	return HOST(tee)(in, out, n, flags);
}

/**
 * vmsplice() - Map memory into a pipe
 * @fd:		pipe
 * @iov:	memory
 * @n:		number of pieces
 * @flags:	SPLICE_F_*
 *
 * Return: bytes mapped, or -1 with errno
 */
EXPORT ssize_t vmsplice(int fd, const struct iovec *iov, size_t n,
			unsigned int flags)
{
	if (fdtab_get(fd) > 0)
		return libc_result(-EBADF);
	return HOST(vmsplice)(fd, iov, n, flags);
}

/**
 * copy_file_range() - Copy between files
 * @in:		source
 * @off_in:	where to read
 * @out:	destination
 * @off_out:	where to write
 * @n:		bytes at most
 * @flags:	0
 *
 * Return: bytes copied, or -1 with errno
 */
EXPORT ssize_t copy_file_range(int in, off64_t *off_in, int out,
			       off64_t *off_out, size_t n, unsigned int flags)
{
	if (fdtab_get(in) > 0 || fdtab_get(out) > 0)
		return libc_result(-EINVAL);
	return HOST(copy_file_range)(in, off_in, out, off_out, n, flags);
}
