/* SPDX-License-Identifier: GPL-2.0 */
/*
 * iov.h - Copies between a list of buffers and one
 */
#ifndef NETDEV_IOV_H
#define NETDEV_IOV_H

#include <stdbool.h>
#include <string.h>
#include <sys/uio.h>

/** iov_length() - Return: bytes in the @n buffers of @iov */
static inline size_t iov_length(const struct iovec *iov, int n)
{
	size_t len = 0;

	for (int i = 0; i < n; i++)
		len += iov[i].iov_len;
	return len;
}

/**
 * iov_gather() - Copy all of a list of buffers
 * @to:		destination, iov_length() bytes
 * @iov:	buffers
 * @n:		number of them
 */
static inline void iov_gather(void *to, const struct iovec *iov, int n)
{
	char *at = to;

	for (int i = 0; i < n; at += iov[i++].iov_len)
		memcpy(at, iov[i].iov_base, iov[i].iov_len);
}

/**
 * iov_equal() - Compare all of a list of buffers with one
 * @iov:	buffers
 * @n:		number of them
 * @with:	iov_length() bytes
 *
 * Return: true if they hold the same bytes
 */
static inline bool iov_equal(const struct iovec *iov, int n, const void *with)
{
	const char *at = with;

	for (int i = 0; i < n; at += iov[i++].iov_len)
		if (memcmp(iov[i].iov_base, at, iov[i].iov_len))
			return false;
	return true;
}

/**
 * iov_scatter() - Copy into a list of buffers
 * @iov:	buffers
 * @n:		number of them
 * @from:	source
 * @len:	bytes of it
 *
 * Return: bytes copied, less than @len if the buffers are too small
 */
static inline size_t iov_scatter(const struct iovec *iov, int n,
				 const void *from, size_t len)
{
	const char *at = from;
	size_t left = len;

	for (int i = 0; i < n && left; i++) {
		size_t part = iov[i].iov_len < left ? iov[i].iov_len : left;

		memcpy(iov[i].iov_base, at, part);
		at += part;
		left -= part;
	}
	return len - left;
}

#endif /* NETDEV_IOV_H */
