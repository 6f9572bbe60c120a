/* SPDX-License-Identifier: GPL-2.0 */
/*
 * netdev.h - What a network backend is to the virtio-net device
 *
 * A backend moves whole Ethernet frames between the device and something on
 * the host. It is one file: a public lkl_netdev_NAME_create() and the
 * operations below. The device asks for frames when @fd became readable and
 * reads until -EAGAIN, or at least once if @level. It never blocks in a backend.
 *
 * With @vnet_hdr every frame starts with a struct virtio_net_hdr_v1 (12
 * bytes, with num_buffers), as virtio-net itself has it; without, frames are
 * bare and the device adds or drops the header.
 */
#ifndef HOSTLIB_NETDEV_H
#define HOSTLIB_NETDEV_H

#include <stdbool.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>

struct lkl_netdev;

/**
 * struct netdev_ops - The operations of a backend
 * @rx:	read one frame into @iov; return its length, -EAGAIN if there is none
 *	now, another negative errno when the backend is dead. A frame longer
 *	than the buffers is cut.
 * @tx:	write one frame; return its length or a negative errno; -EAGAIN: the
 *	other side is full, try again when @fd is writable
 * @free: release everything, the struct too
 * @finish: (may be NULL; not called by the kernel) nothing will be sent any more:
 *	wait until the host has all, at most until this monotonic time
 *
 * The others are called on a small kernel stack (use less than 4 KiB), with the
 * virtual CPU held: no locks are needed against each other.
 */
struct netdev_ops {
	ssize_t (*rx)(struct lkl_netdev *nd, const struct iovec *iov, int n);
	ssize_t (*tx)(struct lkl_netdev *nd, const struct iovec *iov, int n);
	void (*free)(struct lkl_netdev *nd);
	void (*finish)(struct lkl_netdev *nd, const struct timespec *until);
};

/**
 * struct lkl_netdev - A network backend; embedded in the backend's own struct
 * @ops:	its operations
 * @fd:		what to poll for frames, O_NONBLOCK and O_CLOEXEC
 * @tx_fd:	what to poll for room to send, the same as @fd or another
 * @level:	@fd is readable as long as there are frames, and else it is not
 * @vnet_hdr:	frames carry a header of virtio-net, see above
 * @offload:	virtio-net feature bits that are in force
 * @id:		of the device, -1 while it is not added
 * @mac:	address, all zero: let the device choose
 */
struct lkl_netdev {
	const struct netdev_ops *ops;
	int fd;
	int tx_fd;
	bool level;
	bool vnet_hdr;
	unsigned int offload;
	int id;
	unsigned char mac[6];
};

/**
 * netdev_fail() - Remember why a backend could not be made
 * @fmt:	message as of printf(), one line, without newline: names the thing,
 *		the value and what was expected
 *
 * The message is per thread; lkl_netdev_error() gives it to the caller of
 * lkl_netdev_*_create().
 *
 * Return: NULL, for a tail call
 */
struct lkl_netdev *netdev_fail(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));

#endif /* HOSTLIB_NETDEV_H */
