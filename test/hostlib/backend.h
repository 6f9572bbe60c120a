/* SPDX-License-Identifier: GPL-2.0 */
/*
 * backend.h - What the tests of the network backends share
 *
 * They play the virtio-net device: no LKL kernel runs.
 */
#ifndef TEST_BACKEND_H
#define TEST_BACKEND_H

#include <poll.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <lkl_net.h>
#include "netdev/netdev.h"
#include "../hijack/tap.h"

/* Milliseconds: what must come comes within SOON, else within NOTHING not. */
#define SOON	5000
#define NOTHING	100

/** tx() - Send a frame; return: as of struct netdev_ops */
__attribute__((unused))
static ssize_t tx(struct lkl_netdev *nd, const void *frame, size_t len)
{
	/* In two buffers, as from a device. */
	struct iovec iov[] = {
		{ (void *)frame, 10 }, { (char *)frame + 10, len - 10 },
	};

	return nd->ops->tx(nd, iov, 2);
}

/** rx() - Receive a frame that is there; return: as of struct netdev_ops */
__attribute__((unused))
static ssize_t rx(struct lkl_netdev *nd, void *frame, size_t len)
{
	struct iovec iov[] = {
		{ frame, 12 }, { (char *)frame + 12, len - 12 },
	};

	return nd->ops->rx(nd, iov, 2);
}

/**
 * rx_within() - Receive a frame
 * @nd:		backend
 * @frame:	receives it
 * @len:	room
 * @ms:		how long to wait
 *
 * Return: as of struct netdev_ops
 */
__attribute__((unused))
static ssize_t rx_within(struct lkl_netdev *nd, void *frame, size_t len, int ms)
{
	struct pollfd pfd = { .fd = nd->fd, .events = POLLIN };
	ssize_t ret = rx(nd, frame, len);

	while (ret == -EAGAIN && poll(&pfd, 1, ms) > 0)
		ret = rx(nd, frame, len);
	return ret;
}

/**
 * refused() - Check that a backend was not made, and why
 * @nd:		what its create function returned
 * @why:	to be found in the message
 */
#define refused(nd, why)						\
	do {								\
		ok(!(nd) && strstr(lkl_netdev_error(), why),		\
		   "refused: %s", lkl_netdev_error());			\
	} while (0)

/** skip_rest() - End the program: the rest cannot be tested here, and why */
__attribute__((unused, noreturn)) static void skip_rest(const char *why)
{
	if (tap_count)
		printf("ok %d # SKIP %s\n", ++tap_count, why);
	printf("1..%d%s%s\n", tap_count, tap_count ? "" : " # SKIP ",
	       tap_count ? "" : why);
	exit(tap_failed > 0);
}

#endif /* TEST_BACKEND_H */
