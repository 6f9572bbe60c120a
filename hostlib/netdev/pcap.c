// SPDX-License-Identifier: GPL-2.0
/*
 * pcap.c - Network backend: another one, whose frames are written to a file
 */
#include <linux/virtio_net.h>
#include <stdlib.h>

#include "pcapng.h"

/**
 * struct pcap_netdev - The backend
 * @nd:		what the device sees: the same as of @inner, but for the operations
 * @inner:	the backend that moves the frames
 * @file:	where they are written
 * @interface:	number of the interface there
 */
struct pcap_netdev {
	struct lkl_netdev nd;
	struct lkl_netdev *inner;
	struct pcapng *file;
	int interface;
};

/**
 * capture() - Write a frame to the file
 * @pcap:	backend
 * @dir:	its direction
 * @iov:	the frame, behind the header of virtio-net if there is one
 * @n:		number of buffers
 * @len:	bytes, with the header
 */
static void capture(struct pcap_netdev *pcap, enum pcapng_direction dir,
		    const struct iovec *iov, int n, size_t len)
{
	size_t header = pcap->nd.vnet_hdr ? sizeof(struct virtio_net_hdr_v1) :
					    0;

	if (len >= header)
		pcapng_frame(pcap->file, pcap->interface, dir, iov, n, header,
			     len - header);
}

static ssize_t pcap_rx(struct lkl_netdev *nd, const struct iovec *iov, int n)
{
	struct pcap_netdev *pcap = (struct pcap_netdev *)nd;
	ssize_t len = pcap->inner->ops->rx(pcap->inner, iov, n);

	if (len > 0)
		capture(pcap, PCAPNG_IN, iov, n, len);
	return len;
}

static ssize_t pcap_tx(struct lkl_netdev *nd, const struct iovec *iov, int n)
{
	struct pcap_netdev *pcap = (struct pcap_netdev *)nd;
	ssize_t len = pcap->inner->ops->tx(pcap->inner, iov, n);

	if (len > 0)
		capture(pcap, PCAPNG_OUT, iov, n, len);
	return len;
}

static void pcap_free(struct lkl_netdev *nd)
{
	struct pcap_netdev *pcap = (struct pcap_netdev *)nd;

	pcapng_flush(pcap->file);
	pcap->inner->ops->free(pcap->inner);
	free(pcap);
}

static void pcap_finish(struct lkl_netdev *nd, const struct timespec *until)
{
	struct pcap_netdev *pcap = (struct pcap_netdev *)nd;

	if (pcap->inner->ops->finish)
		pcap->inner->ops->finish(pcap->inner, until);
}

static const struct netdev_ops pcap_ops = {
	.rx = pcap_rx,
	.tx = pcap_tx,
	.finish = pcap_finish,
	.free = pcap_free,
};

/**
 * pcap_wrap() - Make a backend that also writes the frames of another
 * @inner:	the other one; is freed with this one, and in case of an error
 * @file:	where the frames are written; must stay
 * @name:	name of the interface there
 *
 * Return: the backend, or NULL: see lkl_netdev_error()
 */
struct lkl_netdev *pcap_wrap(struct lkl_netdev *inner, struct pcapng *file,
			     const char *name)
{
	struct pcap_netdev *pcap = calloc(1, sizeof(*pcap));

	if (!pcap) {
		inner->ops->free(inner);
		return netdev_fail("pcap: out of memory");
	}
	pcap->nd = *inner;
	pcap->nd.ops = &pcap_ops;
	pcap->inner = inner;
	pcap->file = file;
	pcap->interface = pcapng_add_interface(file, name);
	return &pcap->nd;
}
