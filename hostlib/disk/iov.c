// SPDX-License-Identifier: GPL-2.0
/* iov.c - Arithmetic of scattered buffers */
#include "disk/disk.h"

/**
 * iov_bytes() - Add up the lengths of buffers
 * @iov:	buffers
 * @n:		their number
 *
 * Return: number of bytes
 */
size_t iov_bytes(const struct iovec *iov, int n)
{
	size_t len = 0;

	for (int i = 0; i < n; i++)
		len += iov[i].iov_len;
	return len;
}

/**
 * iov_slice() - Describe a part of what buffers describe
 * @to:		receives buffers, as many as @from has at most
 * @from:	buffers of @skip + @len bytes or more
 * @skip:	bytes before the part
 * @len:	bytes of the part
 *
 * Return: number of buffers in @to
 */
int iov_slice(struct iovec *to, const struct iovec *from, size_t skip,
	      size_t len)
{
	int n = 0;

	for (; skip >= from->iov_len; from++)
		skip -= from->iov_len;
	for (; len; from++) {
		size_t part = from->iov_len - skip;

		if (part > len)
			part = len;
		to[n].iov_base = (char *)from->iov_base + skip;
		to[n++].iov_len = part;
		len -= part;
		skip = 0;
	}
	return n;
}
