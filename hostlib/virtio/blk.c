// SPDX-License-Identifier: GPL-2.0
/*
 * blk.c - The virtio-blk device: requests between its queue and a disk
 *
 * The driver puts requests into the queue as they come, or a plug of them at
 * once, and notifies; the device then serves all that are there, in the thread
 * of the driver, and interrupts once. What is asked for is nearly always in the
 * host's page cache, so a request is a copy of memory, cheaper than handing it
 * to another thread (40 to 50 us); the host reads ahead and writes back on its
 * own. What does have to wait, a cold read or a flush, holds the virtual CPU:
 * other threads of the program wait for it if they enter the kernel. For the
 * tools, which have one thread in the kernel, there is nothing to gain.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lkl.h>
#include <lkl/linux/virtio_blk.h>
#include <lkl/linux/virtio_config.h>
#include <lkl/linux/virtio_ids.h>
#include "disk/disk.h"
#include "mmio.h"

#define QUEUE_SIZE	512

/* Buffers of a request: the data, between a header and a status. */
#define SEGMENTS	126
#define CHAIN_MAX	(SEGMENTS + 2)

/* Ranges of a discard or write zeroes request. */
#define RANGES		64

/* How far ahead the kernel reads is twice this, in bytes. */
#define OPTIMAL_IO	(512 << 10)

/**
 * struct blk_dev - A virtio-blk device
 * @dev:	the transport's part, at the start of the page
 * @disk:	its backend
 * @config:	configuration space
 */
struct blk_dev {
	struct virtio_dev dev;
	struct disk *disk;
	struct lkl_virtio_blk_config config;
};

static bool within(const struct disk *disk, unsigned long long sector,
		   unsigned long long len)
{
	return sector <= disk->size >> SECTOR_SHIFT && !(len & 511) &&
	       len <= disk->size - (sector << SECTOR_SHIFT);
}

/* Discard, or write zeroes to, the ranges that the driver has listed. */
static int do_ranges(struct disk *disk, unsigned int type,
		     const struct iovec *iov)
{
	const struct lkl_virtio_blk_discard_write_zeroes *r = iov->iov_base;
	size_t count = iov->iov_len / sizeof(*r);
	int err = 0;

	if (disk->read_only)
		return -EROFS;
	for (; count && !err; count--, r++) {
		unsigned long long len =
			(unsigned long long)r->num_sectors << SECTOR_SHIFT;
		bool unmap = r->flags &
			     LKL_VIRTIO_BLK_WRITE_ZEROES_FLAG_UNMAP;

		if (!within(disk, r->sector, len))
			return -EINVAL;
		if (type == LKL_VIRTIO_BLK_T_DISCARD)
			err = disk->ops->discard(disk, r->sector << SECTOR_SHIFT,
						 len);
		else
			err = disk->ops->zero(disk, r->sector << SECTOR_SHIFT,
					      len, unmap);
	}
	return err;
}

static int get_id(struct blk_dev *d, const struct iovec *iov)
{
	char id[LKL_VIRTIO_BLK_ID_BYTES] = "";

	snprintf(id, sizeof(id), "lkl%hu", (unsigned short)(d->dev.irq - 1));
	if (iov->iov_len < sizeof(id))
		return -EINVAL;
	memcpy(iov->iov_base, id, sizeof(id));
	return 0;
}

/**
 * serve() - Execute a request
 * @d:		device
 * @hdr:	its header
 * @iov:	its data
 * @n:		number of buffers of data
 *
 * Return: 0 or a negative errno (-EOPNOTSUPP: the device cannot do that)
 */
static int serve(struct blk_dev *d, const struct lkl_virtio_blk_outhdr *hdr,
		 const struct iovec *iov, int n)
{
	struct disk *disk = d->disk;
	unsigned long long off = hdr->sector << SECTOR_SHIFT;

	if (hdr->type == LKL_VIRTIO_BLK_T_FLUSH)
		return disk->ops->flush(disk);
	if (!n)
		return -EINVAL;
	switch (hdr->type) {
	case LKL_VIRTIO_BLK_T_IN:
		if (!within(disk, hdr->sector, iov_bytes(iov, n)))
			return -EINVAL;
		return disk->ops->read(disk, iov, n, off);
	case LKL_VIRTIO_BLK_T_OUT:
		if (disk->read_only)
			return -EROFS;
		if (!within(disk, hdr->sector, iov_bytes(iov, n)))
			return -EINVAL;
		return disk->ops->write(disk, iov, n, off);
	case LKL_VIRTIO_BLK_T_DISCARD:
	case LKL_VIRTIO_BLK_T_WRITE_ZEROES:
		return do_ranges(disk, hdr->type, iov);
	case LKL_VIRTIO_BLK_T_GET_ID:
		return get_id(d, iov);
	default:
		return -EOPNOTSUPP;
	}
}

/* Serve a chain. Return: number of bytes written into it */
static unsigned int serve_chain(struct blk_dev *d, const struct iovec *iov,
				int n)
{
	const struct lkl_virtio_blk_outhdr *hdr = iov[0].iov_base;
	unsigned char *status = iov[n - 1].iov_base;
	int err;

	if (n < 2 || iov[0].iov_len < sizeof(*hdr))
		return 0;	/* no request at all */
	err = serve(d, hdr, iov + 1, n - 2);
	*status = !err ? LKL_VIRTIO_BLK_S_OK :
		  err == -EOPNOTSUPP ? LKL_VIRTIO_BLK_S_UNSUPP :
		  LKL_VIRTIO_BLK_S_IOERR;
	if (hdr->type != LKL_VIRTIO_BLK_T_IN || err)
		return 1;
	return iov_bytes(iov + 1, n - 2) + 1;
}

static void blk_notify(struct virtio_dev *dev, int queue)
{
	struct blk_dev *d = container_of(dev, struct blk_dev, dev);
	struct virtq *q = &dev->queues[queue];
	struct iovec iov[CHAIN_MAX];
	unsigned short head;
	int n;

	while ((n = virtq_take(q, iov, CHAIN_MAX, &head)))
		virtq_put(q, head, serve_chain(d, iov, n));
	virtq_want_notify(q, true);
	virtq_done(dev, q);
}

static const struct virtio_ops blk_ops = {
	.device_id	= LKL_VIRTIO_ID_BLOCK,
	.queue_size	= QUEUE_SIZE,
	.notify		= blk_notify,
};

static void describe(struct blk_dev *d)
{
	const struct disk *disk = d->disk;

	d->config = (struct lkl_virtio_blk_config){
		.capacity	= disk->size >> SECTOR_SHIFT,
		.seg_max	= SEGMENTS,
		.blk_size	= disk->sector_size,
		.min_io_size	= 1,
		.opt_io_size	= OPTIMAL_IO / disk->sector_size,
		.max_discard_sectors		= 0xffffffff >> SECTOR_SHIFT,
		.max_discard_seg		= RANGES,
		.discard_sector_alignment = disk->sector_size >> SECTOR_SHIFT,
		.max_write_zeroes_sectors	= 0xffffffff >> SECTOR_SHIFT,
		.max_write_zeroes_seg		= RANGES,
		.write_zeroes_may_unmap		= disk->discard,
	};
	d->dev.features = 1ULL << LKL_VIRTIO_F_VERSION_1 |
			  1ULL << LKL_VIRTIO_RING_F_EVENT_IDX |
			  1ULL << LKL_VIRTIO_BLK_F_SEG_MAX |
			  1ULL << LKL_VIRTIO_BLK_F_BLK_SIZE |
			  1ULL << LKL_VIRTIO_BLK_F_TOPOLOGY |
			  1ULL << LKL_VIRTIO_BLK_F_FLUSH;
	if (disk->read_only)
		d->dev.features |= 1ULL << LKL_VIRTIO_BLK_F_RO;
	else
		d->dev.features |= 1ULL << LKL_VIRTIO_BLK_F_WRITE_ZEROES;
	if (disk->discard)
		d->dev.features |= 1ULL << LKL_VIRTIO_BLK_F_DISCARD;
}

/* Make the backend that the flags ask for. */
static int open_disk(const struct lkl_disk *disk, struct disk **backend)
{
	bool scratch = disk->flags & LKL_DISK_SCRATCH;
	int err;

	err = disk_file_open(disk->fd,
			     scratch || disk->flags & LKL_DISK_READONLY,
			     disk->sector_size, backend);
	return err || !scratch ? err : disk_scratch_open(*backend, backend);
}

int lkl_disk_add(struct lkl_disk *disk)
{
	size_t size = (sizeof(struct blk_dev) + VIRTIO_PAGE - 1) & -VIRTIO_PAGE;
	struct disk *backend;
	struct blk_dev *d;
	int slot;

	slot = open_disk(disk, &backend);
	if (slot)
		return slot;
	d = aligned_alloc(VIRTIO_PAGE, size);
	if (!d) {
		backend->ops->close(backend);
		return -ENOMEM;
	}
	memset(d, 0, size);
	d->disk = backend;
	d->dev.ops = &blk_ops;
	d->dev.config = &d->config;
	d->dev.config_len = sizeof(d->config);
	describe(d);
	slot = virtio_plug(&d->dev);
	if (slot < 0) {
		backend->ops->close(backend);
		free(d);
		return slot;
	}
	disk->dev = d;
	return slot;
}

int lkl_disk_remove(struct lkl_disk disk)
{
	struct blk_dev *d = disk.dev;

	if (!d)
		return -ENODEV;
	virtio_unplug(&d->dev);
	d->disk->ops->close(d->disk);
	free(d);
	return 0;
}

/**
 * disk_kernel_id() - Which number has the kernel given to a disk?
 * @disk_id:	from lkl_disk_add()
 *
 * Return: number, or -ENODEV
 */
long disk_kernel_id(int disk_id)
{
	struct virtio_dev *dev = virtio_device(disk_id, &blk_ops);

	return dev ? dev->id : -ENODEV;
}
