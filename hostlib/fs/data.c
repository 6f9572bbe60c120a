// SPDX-License-Identifier: GPL-2.0
/* data.c - Contents of files: where they are, reading, copying */
#include <lkl/linux/fadvise.h>

#include "fs/fs.h"

/**
 * fs_next_data() - Find the next part of a file that is not a hole
 * @side:	where the file is
 * @fd:		its descriptor
 * @sparse:	it has holes
 * @size:	its size
 * @ext:	the part before, or zeros; receives the next one, of length 0 if
 *		there is none
 *
 * Return: 0 or a negative errno
 */
int fs_next_data(const struct side *side, int fd, bool sparse,
		 unsigned long long size, struct extent *ext)
{
	long long data = ext->next, hole = size;

	ext->len = 0;
	if (ext->next >= size)
		return 0;
	if (sparse) {
		data = CALL(side, lseek, fd, ext->next, LKL_SEEK_DATA);
		if (data == -LKL_ENXIO)
			return 0;
		if (data >= 0)
			hole = CALL(side, lseek, fd, data, LKL_SEEK_HOLE);
		if (data < 0 || hole < 0)
			return data < 0 ? data : hole;
	}
	if ((unsigned long long)hole > size)
		hole = size;
	if (data >= hole)
		return 0;
	ext->off = data;
	ext->len = hole - data;
	ext->next = hole;
	return 0;
}

/**
 * fs_read() - Read into the buffer
 * @fs:		image
 * @side:	where the file is
 * @fd:		its descriptor
 * @len:	number of bytes, at most BUFFER_SIZE are read
 * @off:	where from
 *
 * The kernel of the image need not keep what has been read: nobody will ask for
 * it again, and the memory that it was in is still in the CPU's cache.
 *
 * Return: number of bytes, 0 at the end, or a negative errno
 */
long fs_read(struct lkl_fs *fs, const struct side *side, int fd, size_t len,
	     unsigned long long off)
{
	long n;

	if (len > BUFFER_SIZE)
		len = BUFFER_SIZE;
	n = CALL(side, pread64, fd, fs->buffer, len, off);
	if (n > 0 && side == &image_side)
		CALL(side, fadvise64, fd, off, n, LKL_POSIX_FADV_DONTNEED);
	return n;
}

static long write_all(const struct side *side, int fd, const char *data,
		      long len, unsigned long long off)
{
	long done = 0, n;

	while (done < len) {
		n = CALL(side, pwrite64, fd, data + done, len - done,
			 off + done);
		if (n <= 0)
			return n ? n : -LKL_EIO;
		done += n;
	}
	return 0;
}

/**
 * fs_copy_data() - Copy the contents of a file, holes as holes
 * @fs:		image
 * @from:	where the source is
 * @in:		its descriptor
 * @to:		where the copy is
 * @out:	its descriptor, of an empty file
 * @st:		status of the source
 *
 * Return: 0 or a negative errno
 */
int fs_copy_data(struct lkl_fs *fs, const struct side *from, int in,
		 const struct side *to, int out, const struct lkl_statx *st)
{
	bool sparse = is_sparse(st);
	struct extent ext = { };
	long err, n;

	while (!(err = fs_next_data(from, in, sparse, st->stx_size, &ext)) &&
	       ext.len) {
		for (; ext.len; ext.off += n, ext.len -= n) {
			if (fs_cancelled(fs))
				return -LKL_ECANCELED;
			n = fs_read(fs, from, in, ext.len, ext.off);
			if (n <= 0)
				return n;
			err = write_all(to, out, fs->buffer, n, ext.off);
			if (err)
				return err;
			fs->progress->bytes += n;
		}
	}
	return err || !sparse ? err :
	       CALL(to, ftruncate, out, st->stx_size);
}
