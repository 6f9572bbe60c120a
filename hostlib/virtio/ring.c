// SPDX-License-Identifier: GPL-2.0
/* ring.c - Split virtqueues, device side (virtio 1.2, section 2.7) */
#include <lkl_host.h>
#include <lkl/linux/virtio_config.h>
#include <lkl/linux/virtio_mmio.h>
#include "mmio.h"

static bool has_event_idx(struct virtio_dev *dev)
{
	return dev->driver_features & 1ULL << LKL_VIRTIO_RING_F_EVENT_IDX;
}

/* Where the driver writes after which used entry it wants an interrupt. */
static unsigned short used_event(struct virtq *q)
{
	return *(volatile unsigned short *)&q->avail->ring[q->size];
}

/**
 * virtq_take() - Take the next chain of buffers
 * @q:		queue
 * @iov:	receives the buffers, in order
 * @room:	how many fit into @iov
 * @head:	receives what virtq_put() wants to know
 *
 * A chain longer than @room is cut. The driver offers no indirect chains, we
 * do not have the feature.
 *
 * Return: number of buffers; 0: there is no chain
 */
int virtq_take(struct virtq *q, struct iovec *iov, int room,
	       unsigned short *head)
{
	unsigned short idx = *(volatile unsigned short *)&q->avail->idx;
	unsigned int mask = q->size - 1;
	struct lkl_vring_desc *d;
	int n = 0;

	if (q->next == idx)
		return 0;
	*head = q->avail->ring[q->next++ & mask];
	for (d = &q->desc[*head & mask]; n < room;
	     d = &q->desc[d->next & mask]) {
		iov[n].iov_base = (void *)d->addr;
		iov[n++].iov_len = d->len;
		if (!(d->flags & LKL_VRING_DESC_F_NEXT))
			break;
	}
	return n;
}

/**
 * virtq_untake() - Put the chain that was taken last back
 * @q:	queue
 */
void virtq_untake(struct virtq *q)
{
	q->next--;
}

/**
 * virtq_put() - Give a chain back to the driver, with the next virtq_show()
 * @q:		queue
 * @head:	from virtq_take()
 * @len:	bytes written into it
 */
void virtq_put(struct virtq *q, unsigned short head, unsigned int len)
{
	struct lkl_vring_used_elem *e =
		&q->used->ring[q->used_idx++ & (q->size - 1)];

	e->id = head;
	e->len = len;
}

/**
 * virtq_show() - Let the driver see what virtq_put() did, when it looks
 * @q:	queue
 */
void virtq_show(struct virtq *q)
{
	*(volatile unsigned short *)&q->used->idx = q->used_idx;
}

/**
 * virtq_done() - virtq_show(), and interrupt if the driver wants to know
 * @dev:	device
 * @q:		its queue
 *
 * Return: 1 if it does
 */
int virtq_done(struct virtio_dev *dev, struct virtq *q)
{
	unsigned short old = q->told, new = q->used_idx;

	if (old == new)
		return 0;
	q->told = new;
	virtq_show(q);
	if (has_event_idx(dev)) {
		if ((unsigned short)(new - used_event(q) - 1) >=
		    (unsigned short)(new - old))
			return 0;
	} else if (q->avail->flags & LKL_VRING_AVAIL_F_NO_INTERRUPT) {
		return 0;
	}
	dev->irq_status |= LKL_VIRTIO_MMIO_INT_VRING;
	lkl_image_irq(dev->irq);
	return 1;
}

/**
 * virtq_want_notify() - Should the driver notify us of the next chain?
 * @q:		queue
 * @want:	if so; else it may, but need not
 *
 * The event index asks for a notification of the chain that follows @next, so
 * leaving it behind means: none.
 */
void virtq_want_notify(struct virtq *q, bool want)
{
	volatile unsigned short *avail_event =
		(volatile unsigned short *)&q->used->ring[q->size];

	if (want)
		*avail_event = q->next;
	q->used->flags = want ? 0 : LKL_VRING_USED_F_NO_NOTIFY;
}
