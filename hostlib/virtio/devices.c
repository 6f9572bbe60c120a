// SPDX-License-Identifier: GPL-2.0
/*
 * devices.c - The devices of the kernel: their interrupts, at boot and later
 *
 * A device has a slot as long as it is plugged; its interrupt is one more than
 * the slot. Devices that are plugged before the kernel runs wait in their
 * slots and go to the kernel with its command line.
 */
#include <errno.h>
#include <stdio.h>

#include <lkl.h>
#include "mmio.h"

#define SLOTS	(LKL_NR_IRQS - 1)

static struct virtio_dev *devices[SLOTS];
static int slots_used;	/* none is used from here on */

static int free_slot(void)
{
	for (int i = 0; i < SLOTS; i++)
		if (!devices[i])
			return i;
	return -ENOSPC;
}

static int start(struct virtio_dev *dev)
{
	return dev->ops->start ? dev->ops->start(dev) : 0;
}

/**
 * virtio_plug() - Give the kernel a device, or have it there at boot
 * @dev:	device at the start of a page, all but @irq, @id and the queues set
 *
 * The driver has been bound when this returns, if the kernel runs.
 *
 * Return: its slot, or a negative errno (-ENOSPC: there are too many)
 */
int virtio_plug(struct virtio_dev *dev)
{
	int slot = free_slot(), err = 0;

	if (slot < 0)
		return slot;
	dev->irq = slot + 1;
	dev->id = -ENODEV;
	devices[slot] = dev;
	if (slot >= slots_used)
		slots_used = slot + 1;
	if (lkl_is_running()) {
		dev->id = lkl_syscall(LKL_NR_virtio_add, (long[6]){
				      (long)dev, VIRTIO_PAGE, dev->irq });
		err = dev->id < 0 ? dev->id : start(dev);
	}
	if (err) {
		virtio_unplug(dev);
		return err;
	}
	return slot;
}

/**
 * virtio_unplug() - Take a device away from the kernel
 * @dev:	device
 */
void virtio_unplug(struct virtio_dev *dev)
{
	if (lkl_is_running() && dev->id >= 0)
		lkl_syscall(LKL_NR_virtio_remove, (long[6]){ dev->id });
	devices[dev->irq - 1] = NULL;
}

/**
 * virtio_device() - Find a device
 * @slot:	from virtio_plug()
 * @ops:	what kind it must be
 *
 * Return: the device, or NULL if there is no such one
 */
struct virtio_dev *virtio_device(int slot, const struct virtio_ops *ops)
{
	struct virtio_dev *dev;

	if (slot < 0 || slot >= slots_used)
		return NULL;
	dev = devices[slot];
	return dev && dev->ops == ops ? dev : NULL;
}

/**
 * virtio_spin_poll() - lkl_host_ops.spin_poll
 *
 * Return: 0: nothing has arrived, or LKL_POLL_*
 */
int virtio_spin_poll(void)
{
	int ret = 0, news;

	for (int i = 0; i < slots_used; i++) {
		if (!devices[i] || !devices[i]->ops->poll)
			continue;
		news = devices[i]->ops->poll(devices[i]);
		if (news > ret)
			ret = news;
	}
	return ret;
}

/**
 * virtio_idle() - lkl_host_ops.idle
 *
 * Return: number of interrupts raised
 */
int virtio_idle(void)
{
	int irqs = 0;

	for (int i = 0; i < slots_used; i++)
		if (devices[i] && devices[i]->ops->idle)
			irqs += devices[i]->ops->idle(devices[i]);
	return irqs;
}

/**
 * virtio_boot_devices() - Have the devices plugged so far in the kernel at boot
 * @words:	receives what to append to its command line
 * @size:	room there
 *
 * The kernel numbers them in this order.
 *
 * Return: 0, or a negative errno (-E2BIG: the words do not fit)
 */
int virtio_boot_devices(char *words, size_t size)
{
	size_t len = 0;
	int err, id = 0;

	*words = '\0';
	for (int i = 0; i < slots_used; i++) {
		struct virtio_dev *dev = devices[i];

		if (!dev)
			continue;
		dev->id = id++;
		len += snprintf(words + len, size - len,
				" lkl_virtio=%lx,%lu,%d", (unsigned long)dev,
				VIRTIO_PAGE, dev->irq);
		if (len >= size)
			return -E2BIG;
		err = start(dev);
		if (err)
			return err;
	}
	return 0;
}
