// SPDX-License-Identifier: GPL-2.0
/*
 * vde.c - Network backend: a port of a VDE switch
 *
 * The library's own functions are cancellation points; a thread must not be
 * cancelled while it carries the kernel.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>

#include <lkl_net.h>
#include "dso.h"
#include "iov.h"
#include "netdev.h"
#include "posix/fds.h"

/* The longest frame that libvdeplug carries. */
#define FRAME_MAX	(9216 + 14 + 4)

/* Interface version of vde_open_real(). */
#define VDE_INTERFACE	1

struct vdeconn;

static struct {
	struct vdeconn *(*open)(const char *url, const char *descr, int version,
				void *args);
	ssize_t (*recv)(struct vdeconn *conn, void *buf, size_t len, int flags);
	ssize_t (*send)(struct vdeconn *conn, const void *buf, size_t len,
			int flags);
	int (*datafd)(struct vdeconn *conn);
	int (*ctlfd)(struct vdeconn *conn);
	int (*close)(struct vdeconn *conn);
} lib;

static const struct dso_symbol symbols[] = {
	{ "vde_open_real", &lib.open },
	{ "vde_recv", &lib.recv },
	{ "vde_send", &lib.send },
	{ "vde_datafd", &lib.datafd },
	{ "vde_ctlfd", &lib.ctlfd },
	{ "vde_close", &lib.close },
};

/**
 * struct vde_netdev - The backend
 * @nd:		what the device sees
 * @conn:	the library's
 * @frame:	a frame in one piece
 */
struct vde_netdev {
	struct lkl_netdev nd;
	struct vdeconn *conn;
	char frame[FRAME_MAX];
};

/** vde_rx() - Read one frame; see struct netdev_ops */
static ssize_t vde_rx(struct lkl_netdev *nd, const struct iovec *iov, int n)
{
	struct vde_netdev *v = (struct vde_netdev *)nd;
	ssize_t len, ret;
	int state;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	/* What is shorter than an address is no frame: the library says 1. */
	do
		len = lib.recv(v->conn, v->frame, sizeof(v->frame), 0);
	while (len > 0 && len < 14);
	ret = len < 0 ? -errno : len;
	pthread_setcancelstate(state, NULL);
	if (!ret)
		return -EPIPE;
	return ret < 0 ? ret : (ssize_t)iov_scatter(iov, n, v->frame, len);
}

/** vde_tx() - Write one frame; see struct netdev_ops */
static ssize_t vde_tx(struct lkl_netdev *nd, const struct iovec *iov, int n)
{
	struct vde_netdev *v = (struct vde_netdev *)nd;
	size_t len = iov_length(iov, n);
	ssize_t ret;
	int state;

	if (len > sizeof(v->frame))
		return -EMSGSIZE;
	iov_gather(v->frame, iov, n);
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	ret = lib.send(v->conn, v->frame, len, 0);
	if (ret < 0)
		ret = -errno;
	pthread_setcancelstate(state, NULL);
	return ret;
}

/** vde_free() - Leave the switch and release the backend */
static void vde_free(struct lkl_netdev *nd)
{
	struct vde_netdev *v = (struct vde_netdev *)nd;

	host_fd_unregister(nd->fd);
	host_fd_unregister(lib.ctlfd(v->conn));
	lib.close(v->conn);
	free(v);
}

static const struct netdev_ops vde_ops = {
	.rx = vde_rx,
	.tx = vde_tx,
	.free = vde_free,
};

/**
 * claim() - Make a descriptor of the library ours
 * @fd:	descriptor; its number cannot change, the library knows it
 */
static void claim(int fd)
{
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	host_fd_register(fd);
}

/**
 * lkl_netdev_vde_create() - Make a backend of a port of a VDE switch
 * @path:	directory of the switch, or a URL of libvdeplug
 *
 * Return: the backend, or NULL: see lkl_netdev_error()
 */
struct lkl_netdev *lkl_netdev_vde_create(const char *path)
{
	struct vde_netdev *v;

	if (!path || !*path)
		return netdev_fail("vde: '': expected the directory of a VDE switch (vde_switch -sock DIR)");
	if (!dso_load("vde", "libvdeplug.so.2", "libvdeplug2", symbols,
		      sizeof(symbols) / sizeof(*symbols)))
		return NULL;
	v = calloc(1, sizeof(*v));
	if (!v)
		return netdev_fail("vde: out of memory");
	v->conn = lib.open(path, "lkl", VDE_INTERFACE, NULL);
	if (!v->conn) {
		netdev_fail("vde: %s: %m; is there a switch? vde_switch -daemon -sock %s",
			    path, path);
		free(v);
		return NULL;
	}
	v->nd.ops = &vde_ops;
	v->nd.fd = lib.datafd(v->conn);
	v->nd.tx_fd = v->nd.fd;
	v->nd.id = -1;
	fcntl(v->nd.fd, F_SETFL, fcntl(v->nd.fd, F_GETFL) | O_NONBLOCK);
	claim(v->nd.fd);
	claim(lib.ctlfd(v->conn));
	return &v->nd;
}
