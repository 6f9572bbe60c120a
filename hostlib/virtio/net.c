// SPDX-License-Identifier: GPL-2.0
/*
 * net.c - The virtio-net device: frames between its queues and a backend
 *
 * Transmit: the driver notifies, each chain is written to the backend at once
 * and given back; the device holds no frame. When the backend is full the
 * chain stays in the queue until there is room. The driver is told of frames
 * sent as network cards do it, a few at a time, or when the kernel is idle (a
 * fifth of a millisecond later at most, see engine.c): as long as it has not
 * heard, TCP takes its last frame for being under way and lets the next one
 * grow (tcp_autocorking), so a stream of small writes goes out in 64 KiB. The
 * driver looks on its own before each frame, too, and must not see segments
 * of TCP then: when it has seen a frame, TCP sends what it has kept back. All
 * else it may see, as sockets with small buffers send nothing before.
 *
 * Receive: chains are taken ahead of time, until together they hold the
 * longest frame there can be, and the backend reads straight into them. What
 * a frame did not use stays for the next one. When the driver has no chains
 * left, the frames stay in the backend until it notifies. Frames that came
 * alone for a while are expected to: whether there is another is not asked,
 * if the descriptor tells (level triggered).
 *
 * The queues' own rule (one event index per direction) keeps interrupts and
 * notifications to what the other side asked for.
 */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <lkl.h>
#include <lkl/linux/virtio_config.h>
#include <lkl/linux/virtio_ids.h>
#include <lkl/linux/virtio_net.h>
#include "mmio.h"
#include "netdev/netdev.h"
#include "posix/host.h"
#include "posix/raw.h"

#define RX		0
#define TX		1
#define QUEUES		2
#define QUEUE_SIZE	512
#define HDR_LEN		sizeof(struct lkl_virtio_net_hdr_mrg_rxbuf)

/* Longest frame: with and without segmentation offload. */
#define FRAME_TSO	(65536 + 18 + HDR_LEN)
#define FRAME_MAX	(65535 + 18 + HDR_LEN)

/* A chain has at most this many buffers: 64 KiB in pages, header, ends. */
#define CHAIN_MAX	20
#define IOV_MAX_RX	96

/*
 * Frames sent before the driver must hear of it. Together they take less than
 * the queue: at most 18 descriptors each.
 */
#define TX_HOLD		16

/* Longer frames than any link has: segments that the host has not cut up. */
#define LARGE		8192

/* Frames to take in one go before the driver gets to see them. */
#define RX_BATCH	64

/*
 * After so many lone frames the next is taken for one, but of so many one is
 * not.
 */
#define LONE		8
#define LONE_DOUBT	32

/* Features of virtio-net that the user may choose (OFFLOAD). */
#define OFFLOADS	0xfd83ULL

/**
 * struct rx_chain - A receive chain taken ahead of time
 * @head:	what virtq_put() wants to know
 * @n:		number of its buffers in rx_iov
 * @len:	bytes they hold
 */
struct rx_chain {
	unsigned short head;
	unsigned short n;
	unsigned int len;
};

/**
 * struct net_dev - A virtio-net device
 * @dev:	the transport's part, at the start of the page
 * @nd:		its backend
 * @rx_src:	tells when the backend has frames, and room if it is one file
 * @tx_src:	tells when the backend has room, if that is another file
 * @watched:	LKL_EVENT_* that @rx_src is told of
 * @tx_full:	frames wait for the backend
 * @rx_starved:	the driver has no chains for frames
 * @rx_lone:	counts frames that came alone
 * @rx_large:	the last frame was one of a stream
 * @rx_need:	bytes that chains must hold before a frame is read
 * @rx_len:	bytes that the chains taken hold
 * @rx_chains:	number of chains taken
 * @rx_iovs:	number of their buffers
 * @mac:	configuration space: the address is all of it
 * @chain:	the chains taken
 * @rx_iov:	their buffers
 */
struct net_dev {
	struct virtio_dev dev;
	struct lkl_netdev *nd;
	struct lkl_source rx_src;
	struct lkl_source tx_src;
	unsigned int watched;
	bool tx_full;
	bool rx_starved;
	unsigned int rx_lone;
	bool rx_large;
	unsigned int rx_need;
	unsigned int rx_len;
	int rx_chains;
	int rx_iovs;
	unsigned char mac[8];
	struct rx_chain chain[IOV_MAX_RX];
	struct iovec rx_iov[IOV_MAX_RX];
};

/* Skip the first bytes of a frame. Return: number of buffers left */
static int skip(const struct iovec **iov, int n, struct iovec *first,
		size_t len)
{
	while (n && len >= (*iov)->iov_len) {
		len -= (*iov)->iov_len;
		++*iov;
		n--;
	}
	if (n) {
		first->iov_base = (char *)(*iov)->iov_base + len;
		first->iov_len = (*iov)->iov_len - len;
	}
	return n;
}

/* Send a frame without its header: the backend has none. */
static ssize_t tx_bare(struct lkl_netdev *nd, struct iovec *iov, int n)
{
	const struct iovec *from = iov;
	struct iovec first;

	n = skip(&from, n, &first, HDR_LEN);
	if (!n)
		return 0;
	iov[from - iov] = first;
	return nd->ops->tx(nd, from, n);
}

/* Be told of what can be dealt with, and no more. */
static int watch(struct net_dev *d)
{
	struct lkl_netdev *nd = d->nd;
	unsigned int events = 0;

	/* An edge that comes now would not come again. */
	if (!nd->level || !d->rx_starved)
		events |= LKL_EVENT_IN;
	if (d->tx_full && nd->tx_fd == nd->fd)
		events |= LKL_EVENT_OUT;
	if (events == d->watched)
		return 0;
	d->watched = events;
	if (nd->level)
		return host_watch_level(nd->fd, events, &d->rx_src);
	return host_watch(nd->fd, events, &d->rx_src);
}

/* Be told of room in the backend only while frames wait for it. */
static void tx_wait(struct net_dev *d, bool full)
{
	struct lkl_netdev *nd = d->nd;

	if (d->tx_full == full)
		return;
	d->tx_full = full;
	if (nd->tx_fd == nd->fd)
		watch(d);
	else if (full)
		host_watch(nd->tx_fd, LKL_EVENT_OUT, &d->tx_src);
	else
		host_unwatch(nd->tx_fd, &d->tx_src);
}

/* Does a frame have data of TCP that is to be cut up? */
static bool is_tcp(const struct iovec *iov)
{
	const struct lkl_virtio_net_hdr_mrg_rxbuf *hdr = iov->iov_base;
	unsigned char type = hdr->hdr.gso_type & ~LKL_VIRTIO_NET_HDR_GSO_ECN;

	return type == LKL_VIRTIO_NET_HDR_GSO_TCPV4 ||
	       type == LKL_VIRTIO_NET_HDR_GSO_TCPV6;
}

static void net_tx(struct net_dev *d)
{
	struct virtq *q = &d->dev.queues[TX];
	struct lkl_netdev *nd = d->nd;
	struct iovec iov[CHAIN_MAX];
	unsigned short head;
	bool full = false, hold;
	ssize_t ret;
	int n;

	if (!q->ready)
		return;
	while ((n = virtq_take(q, iov, CHAIN_MAX, &head))) {
		hold = is_tcp(iov);
		ret = nd->vnet_hdr ? nd->ops->tx(nd, iov, n) :
		      tx_bare(nd, iov, n);
		if (ret == -EAGAIN) {
			virtq_untake(q);
			full = true;
			break;
		}
		virtq_put(q, head, 0);
		if (!hold)
			virtq_show(q);
	}
	tx_wait(d, full);
	virtq_want_notify(q, !full);
	if ((unsigned short)(q->used_idx - q->told) >= TX_HOLD)
		virtq_done(&d->dev, q);
}

/* Take chains until they hold a frame. Return: false if there are too few */
static bool rx_gather(struct net_dev *d, struct virtq *q)
{
	struct rx_chain *c;
	int n;

	while (d->rx_len < d->rx_need && d->rx_iovs < IOV_MAX_RX) {
		c = &d->chain[d->rx_chains];
		n = virtq_take(q, d->rx_iov + d->rx_iovs,
			       IOV_MAX_RX - d->rx_iovs, &c->head);
		if (!n)
			return false;
		c->n = n;
		c->len = 0;
		for (int i = 0; i < n; i++)
			c->len += d->rx_iov[d->rx_iovs + i].iov_len;
		d->rx_iovs += n;
		d->rx_len += c->len;
		d->rx_chains++;
	}
	return true;
}

/* Read a frame behind an empty header: the backend has none. */
static ssize_t rx_bare(struct net_dev *d)
{
	struct iovec iov[IOV_MAX_RX], first;
	const struct iovec *from = d->rx_iov;
	ssize_t len;
	int n;

	n = skip(&from, d->rx_iovs, &first, HDR_LEN);
	if (!n)
		return -ENOBUFS;
	memcpy(iov, from, n * sizeof(*iov));
	iov[0] = first;
	len = d->nd->ops->rx(d->nd, iov, n);
	if (len < 0)
		return len;
	memset(d->rx_iov[0].iov_base, 0,
	       d->rx_iov[0].iov_len < HDR_LEN ? d->rx_iov[0].iov_len : HDR_LEN);
	return len + HDR_LEN;
}

/* Give the chains that a frame fills to the driver; keep the others. */
static void rx_frame(struct net_dev *d, struct virtq *q, size_t len)
{
	struct lkl_virtio_net_hdr_mrg_rxbuf *hdr = d->rx_iov[0].iov_base;
	bool large = len > LARGE;
	int n = 0, iovs = 0;

	do {
		struct rx_chain *c = &d->chain[n++];
		size_t part = len < c->len ? len : c->len;

		virtq_put(q, c->head, part);
		iovs += c->n;
		d->rx_len -= c->len;
		len -= part;
	} while (len && n < d->rx_chains);
	hdr->num_buffers = n;
	d->rx_large = large;
	d->rx_chains -= n;
	d->rx_iovs -= iovs;
	memmove(d->chain, d->chain + n, d->rx_chains * sizeof(*d->chain));
	memmove(d->rx_iov, d->rx_iov + iovs, d->rx_iovs * sizeof(*d->rx_iov));
}

/* Was that the only frame? Nothing is lost if there is another after all. */
static bool lone(const struct net_dev *d, int frames)
{
	return d->nd->level && frames == 1 && !d->rx_large &&
	       d->rx_lone >= LONE && d->rx_lone % LONE_DOUBT;
}

static void rx_starved(struct net_dev *d, bool starved)
{
	if (d->rx_starved == starved)
		return;
	d->rx_starved = starved;
	watch(d);
}

/* A device that is gone would be told of for ever: once will do. */
static void rx_failed(struct net_dev *d)
{
	if (!d->nd->level)
		return;
	d->nd->level = false;
	d->watched = 0;
	watch(d);
}

/**
 * net_rx() - Move frames from the backend to the driver
 * @d:	device
 *
 * Return: number of frames
 */
static int net_rx(struct net_dev *d)
{
	struct virtq *q = &d->dev.queues[RX];
	bool starved = false;
	int frames = 0;
	ssize_t len = 0;

	if (!q->ready) {
		rx_starved(d, true);
		return 0;
	}
	do {
		starved = !rx_gather(d, q);
		if (starved)
			break;
		len = d->nd->vnet_hdr ?
		      d->nd->ops->rx(d->nd, d->rx_iov, d->rx_iovs) : rx_bare(d);
		if (len < 0)
			break;
		rx_frame(d, q, len);
		frames++;
	} while (frames < RX_BATCH && !lone(d, frames));
	if (frames == 1)
		d->rx_lone++;
	else if (frames)
		d->rx_lone = 0;
	virtq_want_notify(q, starved);
	rx_starved(d, starved);
	if (len < 0 && len != -EAGAIN)
		rx_failed(d);
	virtq_done(&d->dev, q);
	if (frames == RX_BATCH)
		lkl_image_post(&d->rx_src, LKL_EVENT_IN);
	return frames;
}

static void net_notify(struct virtio_dev *dev, int q)
{
	struct net_dev *d = container_of(dev, struct net_dev, dev);

	if (q == TX && !d->tx_full)
		net_tx(d);
	else if (q == RX)
		net_rx(d);
}

static void net_reset(struct virtio_dev *dev)
{
	struct net_dev *d = container_of(dev, struct net_dev, dev);

	d->rx_chains = 0;
	d->rx_iovs = 0;
	d->rx_len = 0;
	tx_wait(d, false);
}

static void rx_ready(struct lkl_source *src, unsigned int events)
{
	struct net_dev *d = container_of(src, struct net_dev, rx_src);

	if (events & LKL_EVENT_OUT && d->tx_full)
		net_tx(d);
	if (events & ~LKL_EVENT_OUT)
		net_rx(d);
}

static void tx_ready(struct lkl_source *src, unsigned int events)
{
	struct net_dev *d = container_of(src, struct net_dev, tx_src);

	(void)events;
	if (d->tx_full)
		net_tx(d);
}

/* Not freed: a report of its source may still be on its way. */
static void release(struct net_dev *d)
{
	tx_wait(d, false);
	host_unwatch(d->nd->fd, &d->rx_src);
	d->nd->id = -1;
}

static int net_start(struct virtio_dev *dev)
{
	struct net_dev *d = container_of(dev, struct net_dev, dev);

	return watch(d);
}

static int net_poll(struct virtio_dev *dev)
{
	struct net_dev *d = container_of(dev, struct net_dev, dev);

	if (!net_rx(d))
		return 0;
	return d->rx_large ? LKL_POLL_STREAM : LKL_POLL_SOME;
}

/* Tell the driver of all frames sent. */
static int net_idle(struct virtio_dev *dev)
{
	return virtq_done(dev, &dev->queues[TX]);
}

static const struct virtio_ops net_ops = {
	.device_id	= LKL_VIRTIO_ID_NET,
	.queue_size	= QUEUE_SIZE,
	.notify		= net_notify,
	.reset		= net_reset,
	.start		= net_start,
	.poll		= net_poll,
	.idle		= net_idle,
};

/* The bytes that chains must hold: one frame, as long as it can get. */
static unsigned int rx_need(struct net_dev *d)
{
	unsigned long long mrg = 1ULL << LKL_VIRTIO_NET_F_MRG_RXBUF;
	unsigned long long tso = 1ULL << LKL_VIRTIO_NET_F_GUEST_TSO4 |
				 1ULL << LKL_VIRTIO_NET_F_GUEST_TSO6;

	if (!(d->dev.features & mrg))
		return 1;	/* any one chain */
	return d->dev.features & tso ? FRAME_TSO : FRAME_MAX;
}

static void set_mac(struct net_dev *d, const unsigned char *mac)
{
	static const unsigned char none[6];

	if (mac && memcmp(mac, none, 6)) {
		memcpy(d->mac, mac, 6);
	} else if (memcmp(d->nd->mac, none, 6)) {
		memcpy(d->mac, d->nd->mac, 6);
	} else {
		RAW(SYS_getrandom, d->mac, 6, 0);
		d->mac[0] = (d->mac[0] & 0xfe) | 2;	/* ours, unicast */
	}
	memcpy(d->nd->mac, d->mac, 6);
}

int lkl_netdev_add(struct lkl_netdev *nd, struct lkl_netdev_args *args)
{
	struct net_dev *d;
	size_t size = (sizeof(*d) + VIRTIO_PAGE - 1) & -VIRTIO_PAGE;
	int slot;

	d = aligned_alloc(VIRTIO_PAGE, size);
	if (!d)
		return -ENOMEM;
	memset(d, 0, size);
	d->nd = nd;
	d->rx_src.handler = rx_ready;
	d->tx_src.handler = tx_ready;
	set_mac(d, args ? args->mac : NULL);
	d->dev.ops = &net_ops;
	d->dev.config = d->mac;
	d->dev.config_len = 6;
	d->dev.features = 1ULL << LKL_VIRTIO_F_VERSION_1 |
			  1ULL << LKL_VIRTIO_RING_F_EVENT_IDX |
			  1ULL << LKL_VIRTIO_NET_F_MAC |
			  (nd->offload & OFFLOADS);
	d->rx_need = rx_need(d);
	slot = virtio_plug(&d->dev);
	if (slot < 0)
		release(d);
	else
		nd->id = slot;
	return slot;
}

static struct net_dev *device(int id)
{
	struct virtio_dev *dev = virtio_device(id, &net_ops);

	return dev ? container_of(dev, struct net_dev, dev) : NULL;
}

int lkl_netdev_remove(int id)
{
	struct net_dev *d = device(id);

	if (!d)
		return -ENODEV;
	virtio_unplug(&d->dev);
	release(d);
	return 0;
}

int lkl_netdev_get_ifindex(int id)
{
	struct net_dev *d = device(id);

	if (!d)
		return -ENODEV;
	return lkl_syscall(LKL_NR_virtio_ifindex, (long[6]){ d->dev.id });
}

void lkl_netdev_finish(int id, unsigned int ms)
{
	struct net_dev *d = device(id);
	struct timespec until;

	if (!d || !d->nd->ops->finish)
		return;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += ms % 1000 * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_nsec -= 1000000000L;
		until.tv_sec++;
	}
	d->nd->ops->finish(d->nd, &until);
}

void lkl_netdev_free(struct lkl_netdev *nd)
{
	nd->ops->free(nd);
}
