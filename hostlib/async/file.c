// SPDX-License-Identifier: GPL-2.0
/* file.c - What is done with files so often that one request does all of it */
#include <limits.h>

#include "async/async.h"

/* getdents64() fails if there is no room for the longest name. */
#define DIRENT_MAX	512

/* Fail with what was tried. */
static long fail(struct lkl_async_slot *slot, int what, long err)
{
	slot->arg[6] = what;
	return err;
}

/**
 * read_once() - Read a part of a file
 * @fd:		LKL descriptor
 * @buf:	receives it
 * @len:	its length
 * @off:	where it begins, -1: where the descriptor stands
 *
 * Return: number of bytes or a negative errno
 */
static long read_once(int fd, char *buf, size_t len, long off)
{
	return off < 0 ? lkl_sys_read(fd, buf, len) :
	       lkl_sys_pread64(fd, buf, len, off);
}

static long write_once(int fd, const char *buf, size_t len, long off)
{
	return off < 0 ? lkl_sys_write(fd, (char *)buf, len) :
	       lkl_sys_pwrite64(fd, (char *)buf, len, off);
}

static long read_all(int fd, char *buf, size_t len, long off)
{
	size_t got = 0;
	long n;

	while (got < len) {
		n = read_once(fd, buf + got, len - got,
			      off < 0 ? off : off + (long)got);
		if (n < 0)
			return n;
		if (!n)
			break;
		got += n;
	}
	return got;
}

static long write_all(int fd, const char *buf, size_t len, long off)
{
	size_t put = 0;
	long n;

	while (put < len) {
		n = write_once(fd, buf + put, len - put,
			       off < 0 ? off : off + (long)put);
		if (n < 0)
			return n;
		put += n;
	}
	return put;
}

/** async_read() - LKL_ASYNC_READ */
long async_read(struct lkl_async_slot *slot)
{
	return read_all(slot->arg[0], (char *)slot->arg[1], slot->arg[2],
			slot->arg[3]);
}

/** async_write() - LKL_ASYNC_WRITE */
long async_write(struct lkl_async_slot *slot)
{
	return write_all(slot->arg[0], (char *)slot->arg[1], slot->arg[2],
			 slot->arg[3]);
}

/**
 * async_read_file() - LKL_ASYNC_READ_FILE
 * @slot:	request
 *
 * That a file is at its end is known if a read returns less than its size
 * lets expect: then no other read has to find out.
 *
 * Return: number of bytes in the slot, or a negative errno
 */
long async_read_file(struct lkl_async_slot *slot)
{
	long fd = lkl_sys_open((char *)slot->arg[0], slot->arg[1], 0), len, err;
	struct lkl_stat st;

	slot->arg[1] = -1;
	if (fd < 0)
		return fail(slot, LKL_ASYNC_IN_OPEN, fd);
	err = lkl_sys_fstat(fd, &st);
	/* Files of proc have a size of 0, whatever is in them. */
	len = err ? err : st.st_size && st.st_size < (long)sizeof(slot->data) ?
	      lkl_sys_read(fd, slot->data, st.st_size + 1) :
	      read_all(fd, slot->data, sizeof(slot->data), -1);
	if (len == (long)sizeof(slot->data) ||
	    (len > 0 && st.st_size && len > st.st_size)) {
		slot->arg[1] = fd;
		slot->arg[2] = st.st_size;
		return len;
	}
	lkl_sys_close(fd);
	return len < 0 ? fail(slot, LKL_ASYNC_IN_READ, len) : len;
}

/** async_read_dir() - LKL_ASYNC_READ_DIR */
long async_read_dir(struct lkl_async_slot *slot)
{
	long fd = lkl_sys_open((char *)slot->arg[0], LKL_O_RDONLY |
			       LKL_O_DIRECTORY | LKL_O_CLOEXEC, 0);
	size_t len = 0;
	long n;

	slot->arg[1] = -1;
	if (fd < 0)
		return fail(slot, LKL_ASYNC_IN_OPEN, fd);
	do {
		n = lkl_sys_getdents64(fd, (void *)(slot->data + len),
				       sizeof(slot->data) - len);
		if (n > 0)
			len += n;
	} while (n > 0 && sizeof(slot->data) - len >= DIRENT_MAX);
	if (n > 0) {
		slot->arg[1] = fd;
		return len;
	}
	lkl_sys_close(fd);
	return n < 0 ? fail(slot, LKL_ASYNC_IN_READ, n) : (long)len;
}

/** async_write_file() - LKL_ASYNC_WRITE_FILE */
long async_write_file(struct lkl_async_slot *slot)
{
	long fd = lkl_sys_open((char *)slot->arg[0], slot->arg[1],
			       slot->arg[2]);
	long ret;

	if (fd < 0)
		return fail(slot, LKL_ASYNC_IN_OPEN, fd);
	ret = write_all(fd, (char *)slot->arg[3], slot->arg[4], -1);
	if (ret < 0)
		fail(slot, LKL_ASYNC_IN_WRITE, ret);
	else if (slot->arg[5]) {
		ret = lkl_sys_fsync(fd);
		fail(slot, LKL_ASYNC_IN_SYNC, ret);
	}
	lkl_sys_close(fd);
	return ret;
}
