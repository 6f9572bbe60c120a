// SPDX-License-Identifier: GPL-2.0
/* mmio.c - Registers of a virtio-mmio device (virtio 1.2, section 4.2) */
#include <string.h>

#include <lkl_host.h>
#include <lkl/linux/virtio_config.h>
#include <lkl/linux/virtio_mmio.h>
#include "mmio.h"

#define MAGIC		0x74726976	/* "virt" */
#define VERSION		2
#define VENDOR		0x4b4c4b4c	/* "LKLK" */

static struct virtio_dev *device_of(unsigned long addr)
{
	return (struct virtio_dev *)(addr & -VIRTIO_PAGE);
}

static struct virtq *selected(struct virtio_dev *dev)
{
	static struct virtq none;

	return dev->queue_sel < VIRTIO_MAX_QUEUES ?
	       &dev->queues[dev->queue_sel] : &none;
}

static unsigned long long read_config(struct virtio_dev *dev,
				      unsigned int off, unsigned int size)
{
	unsigned long long val = 0;

	if (off + size <= dev->config_len)
		memcpy(&val, (const char *)dev->config + off, size);
	return val;
}

/**
 * virtio_mmio_read() - lkl_host_ops.mmio_read
 * @addr:	register
 * @size:	bytes
 *
 * Return: its value
 */
unsigned long long virtio_mmio_read(unsigned long addr, unsigned int size)
{
	struct virtio_dev *dev = device_of(addr);
	unsigned int reg = addr & (VIRTIO_PAGE - 1);

	if (reg >= LKL_VIRTIO_MMIO_CONFIG)
		return read_config(dev, reg - LKL_VIRTIO_MMIO_CONFIG, size);
	switch (reg) {
	case LKL_VIRTIO_MMIO_MAGIC_VALUE:
		return MAGIC;
	case LKL_VIRTIO_MMIO_VERSION:
		return VERSION;
	case LKL_VIRTIO_MMIO_DEVICE_ID:
		return dev->ops->device_id;
	case LKL_VIRTIO_MMIO_VENDOR_ID:
		return VENDOR;
	case LKL_VIRTIO_MMIO_DEVICE_FEATURES:
		return dev->feature_sel > 1 ? 0 :
		       (unsigned int)(dev->features >> 32 * dev->feature_sel);
	case LKL_VIRTIO_MMIO_QUEUE_NUM_MAX:
		return dev->queue_sel < VIRTIO_MAX_QUEUES ?
		       dev->ops->queue_size : 0;
	case LKL_VIRTIO_MMIO_QUEUE_READY:
		return selected(dev)->ready;
	case LKL_VIRTIO_MMIO_INTERRUPT_STATUS:
		return dev->irq_status;
	case LKL_VIRTIO_MMIO_STATUS:
		return dev->status;
	default:
		return 0;
	}
}

/* Half of a 64-bit address: the driver writes the low one first. */
#define SET_HALF(ptr, shift, val)					\
	((ptr) = (__typeof__(ptr))					\
	 (((unsigned long)(ptr) & ~(0xffffffffUL << (shift))) |		\
	  ((unsigned long)(unsigned int)(val) << (shift))))

static void reset(struct virtio_dev *dev)
{
	memset(dev->queues, 0, sizeof(dev->queues));
	dev->irq_status = 0;
	dev->driver_features = 0;
	if (dev->ops->reset)
		dev->ops->reset(dev);
}

/**
 * virtio_mmio_write() - lkl_host_ops.mmio_write
 * @addr:	register
 * @val:	value
 * @size:	bytes
 */
void virtio_mmio_write(unsigned long addr, unsigned long long val,
		       unsigned int size)
{
	struct virtio_dev *dev = device_of(addr);
	struct virtq *q = selected(dev);

	(void)size;
	switch (addr & (VIRTIO_PAGE - 1)) {
	case LKL_VIRTIO_MMIO_QUEUE_NOTIFY:
		if (val < VIRTIO_MAX_QUEUES && dev->queues[val].ready)
			dev->ops->notify(dev, val);
		break;
	case LKL_VIRTIO_MMIO_INTERRUPT_ACK:
		dev->irq_status &= ~val;
		break;
	case LKL_VIRTIO_MMIO_DEVICE_FEATURES_SEL:
		dev->feature_sel = val;
		break;
	case LKL_VIRTIO_MMIO_DRIVER_FEATURES_SEL:
		dev->driver_feature_sel = val;
		break;
	case LKL_VIRTIO_MMIO_DRIVER_FEATURES:
		if (dev->driver_feature_sel < 2)
			SET_HALF(dev->driver_features,
				 32 * dev->driver_feature_sel, val);
		break;
	case LKL_VIRTIO_MMIO_QUEUE_SEL:
		dev->queue_sel = val;
		break;
	case LKL_VIRTIO_MMIO_QUEUE_NUM:
		q->size = val;
		break;
	case LKL_VIRTIO_MMIO_QUEUE_READY:
		q->ready = val;
		break;
	case LKL_VIRTIO_MMIO_QUEUE_DESC_LOW:
		SET_HALF(q->desc, 0, val);
		break;
	case LKL_VIRTIO_MMIO_QUEUE_DESC_HIGH:
		SET_HALF(q->desc, 32, val);
		break;
	case LKL_VIRTIO_MMIO_QUEUE_AVAIL_LOW:
		SET_HALF(q->avail, 0, val);
		break;
	case LKL_VIRTIO_MMIO_QUEUE_AVAIL_HIGH:
		SET_HALF(q->avail, 32, val);
		break;
	case LKL_VIRTIO_MMIO_QUEUE_USED_LOW:
		SET_HALF(q->used, 0, val);
		break;
	case LKL_VIRTIO_MMIO_QUEUE_USED_HIGH:
		SET_HALF(q->used, 32, val);
		break;
	case LKL_VIRTIO_MMIO_STATUS:
		dev->status = val;
		if (!val)
			reset(dev);
		break;
	}
}
