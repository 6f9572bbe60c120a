/* SPDX-License-Identifier: GPL-2.0 */
/*
 * mmio.h - The virtio-mmio transport, device side
 *
 * A device is a struct virtio_dev in a page of its own. The address of the
 * page is what the driver takes for the address of the registers; nothing is
 * ever read or written there, the kernel's accesses come as calls.
 *
 * The driver's memory is ours, so rings and buffers are used where they are.
 * Everything here runs with the virtual CPU held, by the thread that also
 * runs the driver: nothing changes under our hands.
 */
#ifndef HOSTLIB_VIRTIO_MMIO_H
#define HOSTLIB_VIRTIO_MMIO_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

#include <lkl/linux/virtio_ring.h>

#include "posix/host.h"

#define VIRTIO_MAX_QUEUES	4

/**
 * struct virtq - A queue, as the driver has set it up
 * @size:	number of descriptors, a power of two
 * @ready:	the driver uses it
 * @next:	index of the next available chain to take
 * @used_idx:	index of the next used entry to fill
 * @told:	@used_idx when the driver was last told
 * @desc:	descriptors
 * @avail:	chains from the driver
 * @used:	chains to the driver
 */
struct virtq {
	unsigned int size;
	unsigned int ready;
	unsigned short next;
	unsigned short used_idx;
	unsigned short told;
	struct lkl_vring_desc *desc;
	struct lkl_vring_avail *avail;
	struct lkl_vring_used *used;
};

struct virtio_dev;

/**
 * struct virtio_ops - What a kind of device is
 * @device_id:	VIRTIO_ID_*
 * @queue_size:	largest size of its queues
 * @notify:	the driver has put something into queue @q
 * @reset:	forget everything about the queues; may be NULL
 * @start:	the kernel runs, or is about to: return 0 or a negative errno; may
 *		be NULL
 * @poll:	look for news without waiting, return 0 or LKL_POLL_*; may be NULL
 * @idle:	finish what was put off, return not 0 if that raised an interrupt;
 *		may be NULL
 */
struct virtio_ops {
	unsigned int device_id;
	unsigned int queue_size;
	void (*notify)(struct virtio_dev *dev, int q);
	void (*reset)(struct virtio_dev *dev);
	int (*start)(struct virtio_dev *dev);
	int (*poll)(struct virtio_dev *dev);
	int (*idle)(struct virtio_dev *dev);
};

/**
 * struct virtio_dev - The state of a device
 * @ops:	its kind
 * @irq:	its interrupt, set by virtio_plug()
 * @id:		number the kernel gave it, negative while it has none
 * @features:	what it offers
 * @driver_features: what the driver has taken
 * @feature_sel: which half the driver is reading
 * @driver_feature_sel: which half the driver is writing
 * @status:	VIRTIO_CONFIG_S_*
 * @irq_status:	why it interrupts
 * @queue_sel:	which queue the driver is setting up
 * @config:	configuration space
 * @config_len:	its size in bytes
 * @queues:	its queues
 */
struct virtio_dev {
	const struct virtio_ops *ops;
	int irq;
	long id;
	unsigned long long features;
	unsigned long long driver_features;
	unsigned int feature_sel;
	unsigned int driver_feature_sel;
	unsigned int status;
	unsigned int irq_status;
	unsigned int queue_sel;
	const void *config;
	unsigned int config_len;
	struct virtq queues[VIRTIO_MAX_QUEUES];
};

/* Size of the page that a device lives in. */
#define VIRTIO_PAGE	4096UL

unsigned long long virtio_mmio_read(unsigned long addr, unsigned int size);
void virtio_mmio_write(unsigned long addr, unsigned long long val,
		       unsigned int size);

int virtq_take(struct virtq *q, struct iovec *iov, int room,
	       unsigned short *head);
void virtq_untake(struct virtq *q);
void virtq_put(struct virtq *q, unsigned short head, unsigned int len);
void virtq_show(struct virtq *q);
int virtq_done(struct virtio_dev *dev, struct virtq *q);
void virtq_want_notify(struct virtq *q, bool want);

int virtio_plug(struct virtio_dev *dev);
void virtio_unplug(struct virtio_dev *dev);
struct virtio_dev *virtio_device(int slot, const struct virtio_ops *ops);

int virtio_spin_poll(void);
int virtio_idle(void);
int virtio_boot_devices(char *words, size_t size);

#endif /* HOSTLIB_VIRTIO_MMIO_H */
