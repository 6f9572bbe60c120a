// SPDX-License-Identifier: GPL-2.0
/*
 * fdio.c - Backends that are one descriptor: a frame is one read or write
 *
 * The calls are made without libc: readv() and writev() are cancellation
 * points, and a thread must not be cancelled while it carries the kernel.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fdio.h"
#include "posix/fds.h"
#include "posix/raw.h"

/** fdio_rx() - Read one frame; see struct netdev_ops */
ssize_t fdio_rx(struct lkl_netdev *nd, const struct iovec *iov, int n)
{
	/* The host has less to do for one buffer. */
	if (n == 1)
		return RAW(SYS_read, nd->fd, iov->iov_base, iov->iov_len);
	return RAW(SYS_readv, nd->fd, iov, n);
}

/** fdio_tx() - Write one frame; see struct netdev_ops */
ssize_t fdio_tx(struct lkl_netdev *nd, const struct iovec *iov, int n)
{
	if (n == 1)
		return RAW(SYS_write, nd->tx_fd, iov->iov_base, iov->iov_len);
	return RAW(SYS_writev, nd->tx_fd, iov, n);
}

/** fdio_free() - Close the descriptor and release the backend */
void fdio_free(struct lkl_netdev *nd)
{
	host_fd_drop(nd->fd);
	free(nd);
}

static const struct netdev_ops fdio_ops = {
	.rx = fdio_rx,
	.tx = fdio_tx,
	.free = fdio_free,
};

/**
 * fdio_new() - Make a backend of a descriptor
 * @name:	what it is, for the message
 * @fd:		O_NONBLOCK, one frame per read and write; taken over, and closed
 *		in case of an error
 *
 * Return: the backend, frames without header and no offload; NULL: see
 * lkl_netdev_error()
 */
struct lkl_netdev *fdio_new(const char *name, int fd)
{
	struct lkl_netdev *nd = calloc(1, sizeof(*nd));

	if (!nd) {
		close(fd);
		return netdev_fail("%s: out of memory", name);
	}
	fd = host_fd_keep(fd);
	if (fd < 0) {
		free(nd);
		return netdev_fail("%s: %s", name, strerror(-fd));
	}
	nd->ops = &fdio_ops;
	nd->fd = fd;
	nd->tx_fd = fd;
	nd->level = true;
	nd->id = -1;
	return nd;
}
