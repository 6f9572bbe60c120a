// SPDX-License-Identifier: GPL-2.0
/*
 * devices.c - The devices of the kernel: their interrupts, at boot and later
 *
 * A device has a slot as long as it is plugged; its interrupt is one more than
 * the slot. Devices that are plugged before the kernel runs wait in their
 * slots and go to the kernel with its command line.
 *
 * Threads may plug and unplug at the same time. Who looks at the devices holds
 * the virtual CPU (virtio_spin_poll(), virtio_idle()), so a device that goes is
 * hidden from them first: when the kernel has executed a call after that, none
 * of them has it in hand any more.
 */
#include <errno.h>
#include <stdio.h>

#include <lkl.h>
#include "mmio.h"

#define SLOTS	(LKL_NR_IRQS - 1)

static struct virtio_dev *devices[SLOTS];
static unsigned long slots;	/* those that are taken: a bit for each */

/* Take a slot; return: it, or -ENOSPC */
static int take_slot(void)
{
	unsigned long bit;

	for (int i = 0; i < SLOTS; i++) {
		bit = 1UL << i;
		if (!(__atomic_fetch_or(&slots, bit, __ATOMIC_SEQ_CST) & bit))
			return i;
	}
	return -ENOSPC;
}

/* The device in a slot, NULL: none */
static struct virtio_dev *device(int slot)
{
	return __atomic_load_n(&devices[slot], __ATOMIC_ACQUIRE);
}

static void set_device(int slot, struct virtio_dev *dev)
{
	__atomic_store_n(&devices[slot], dev, __ATOMIC_SEQ_CST);
}

/* All slots that are taken; @dev is NULL if its device is yet to come, or goes. */
#define FOR_EACH_DEVICE(dev)						\
	for (unsigned long left_ = __atomic_load_n(&slots, __ATOMIC_ACQUIRE); \
	     left_ && ((dev) = device(__builtin_ctzl(left_)), true);	\
	     left_ &= left_ - 1)

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
	int slot = take_slot(), err = 0;

	if (slot < 0)
		return slot;
	dev->irq = slot + 1;
	dev->id = -ENODEV;
	set_device(slot, dev);
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
	int slot = dev->irq - 1;

	set_device(slot, NULL);
	if (lkl_is_running())
		lkl_syscall(LKL_NR_virtio_remove, (long[6]){ dev->id });
	__atomic_fetch_and(&slots, ~(1UL << slot), __ATOMIC_SEQ_CST);
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

	if (slot < 0 || slot >= SLOTS)
		return NULL;
	dev = device(slot);
	return dev && dev->ops == ops ? dev : NULL;
}

/**
 * virtio_spin_poll() - lkl_host_ops.spin_poll
 *
 * Return: 0: nothing has arrived, or LKL_POLL_*
 */
int virtio_spin_poll(void)
{
	struct virtio_dev *dev;
	int ret = 0, news;

	FOR_EACH_DEVICE(dev) {
		news = dev && dev->ops->poll ? dev->ops->poll(dev) : 0;
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
	struct virtio_dev *dev;
	int irqs = 0;

	FOR_EACH_DEVICE(dev)
		if (dev && dev->ops->idle)
			irqs += dev->ops->idle(dev);
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
	struct virtio_dev *dev;
	size_t len = 0;
	int err, id = 0;

	*words = '\0';
	FOR_EACH_DEVICE(dev) {
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
