// SPDX-License-Identifier: GPL-2.0
/*
 * devices.c - virtio-mmio devices of the host library
 *
 * Plugged at any time by a call, or there at boot: lkl_virtio=ADDRESS,SIZE,IRQ
 * on the command line, once for every device.
 */
#include <linux/err.h>
#include <linux/idr.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/netdevice.h>
#include <linux/platform_device.h>
#include <linux/string.h>
#include "engine.h"

static DEFINE_IDR(virtio_devices);

u64 lkl_mmio_read(unsigned long addr, unsigned int size)
{
	return lkl_host->mmio_read(addr, size);
}

void lkl_mmio_write(unsigned long addr, u64 val, unsigned int size)
{
	lkl_host->mmio_write(addr, val, size);
}

/**
 * lkl_virtio_add() - Plug a device
 * @base:	address of its registers
 * @size:	their size in bytes
 * @irq:	its interrupt
 *
 * The driver has been bound when this returns.
 *
 * Return: id of the device, or a negative errno
 */
long lkl_virtio_add(unsigned long base, unsigned long size, int irq)
{
	struct resource res[] = {
		DEFINE_RES_MEM(base, size),
		DEFINE_RES_IRQ(irq),
	};
	struct platform_device *dev;
	int id;

	if (irq < 1 || irq >= LKL_NR_IRQS)
		return -EINVAL;
	id = idr_alloc(&virtio_devices, NULL, 0, 0, GFP_KERNEL);
	if (id < 0)
		return id;
	dev = platform_device_register_simple("virtio-mmio", id, res,
					      ARRAY_SIZE(res));
	if (IS_ERR(dev)) {
		idr_remove(&virtio_devices, id);
		return PTR_ERR(dev);
	}
	idr_replace(&virtio_devices, dev, id);
	return id;
}

/**
 * lkl_virtio_remove() - Unplug a device
 * @id:	what lkl_virtio_add() returned
 *
 * Return: 0, or -ENODEV
 */
long lkl_virtio_remove(int id)
{
	struct platform_device *dev = idr_find(&virtio_devices, id);

	if (!dev)
		return -ENODEV;
	platform_device_unregister(dev);
	idr_remove(&virtio_devices, id);
	return 0;
}

/**
 * lkl_virtio_ifindex() - Which network interface a device became
 * @id:	what lkl_virtio_add() returned
 *
 * Return: index of the interface, or -ENODEV
 */
long lkl_virtio_ifindex(int id)
{
	struct platform_device *dev = idr_find(&virtio_devices, id);
	long ret = -ENODEV;
	struct net_device *netdev;

	rcu_read_lock();
	for_each_netdev_rcu(&init_net, netdev)
		if (dev && netdev->dev.parent &&
		    netdev->dev.parent->parent == &dev->dev)
			ret = netdev->ifindex;
	rcu_read_unlock();
	return ret;
}

static int __init add_boot_devices(void)
{
	static const char word[] = "lkl_virtio=";
	unsigned long base, size;
	const char *p = boot_command_line;
	int irq;

	while ((p = strstr(p, word))) {
		p += sizeof(word) - 1;
		if (sscanf(p, "%lx,%lu,%d", &base, &size, &irq) == 3)
			lkl_virtio_add(base, size, irq);
	}
	return 0;
}
device_initcall(add_boot_devices);

/* Its words are not for init. */
static int __init is_ours(char *arg)
{
	return 1;
}
__setup("lkl_virtio=", is_ours);
