/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fdio.h - Backends that are one descriptor: a frame is one read or write
 */
#ifndef NETDEV_FDIO_H
#define NETDEV_FDIO_H

#include "netdev.h"

ssize_t fdio_rx(struct lkl_netdev *nd, const struct iovec *iov, int n);
ssize_t fdio_tx(struct lkl_netdev *nd, const struct iovec *iov, int n);
void fdio_free(struct lkl_netdev *nd);
struct lkl_netdev *fdio_new(const char *name, int fd);

#endif /* NETDEV_FDIO_H */
