// SPDX-License-Identifier: GPL-2.0
/*
 * macvtap.c - Network backend: a macvtap device of the host
 *
 * The host delivers what is sent to the address of the macvtap interface and
 * nothing else, so that address is proposed to the device.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <lkl_net.h>
#include "vnet.h"

/**
 * lkl_netdev_macvtap_create() - Make a backend of a macvtap device
 * @path:	its device node, /dev/tapN, N being the index of the interface
 * @offload:	virtio-net feature bits
 *
 * Return: the backend, or NULL: see lkl_netdev_error()
 */
struct lkl_netdev *lkl_netdev_macvtap_create(const char *path, int offload)
{
	struct ifreq ifr = { .ifr_flags = vnet_flags(offload) };
	struct lkl_netdev *nd;
	int fd;

	if (!path || *path != '/')
		return netdev_fail("macvtap: '%s': expected a device node /dev/tapN, N as in /sys/class/net/NAME/ifindex",
				   path ? path : "");
	fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return netdev_fail("macvtap: %s: no such device node; create it: ip link add link ETH name macvtap0 type macvtap mode bridge",
				   path);
	if (fd < 0 && errno == EACCES)
		return netdev_fail("macvtap: %s: %m; give it to your user: chown %u %s",
				   path, geteuid(), path);
	if (fd < 0)
		return netdev_fail("macvtap: %s: %m", path);
	/* The host would share the frames out between two that open it. */
	if (flock(fd, LOCK_EX | LOCK_NB)) {
		netdev_fail("macvtap: %s: in use by another program", path);
		close(fd);
		return NULL;
	}
	if (ioctl(fd, TUNSETIFF, &ifr)) {
		netdev_fail("macvtap: %s: not a macvtap device (%m)", path);
		close(fd);
		return NULL;
	}
	nd = vnet_new("macvtap", path, fd, offload);
	if (nd && !ioctl(nd->fd, SIOCGIFHWADDR, &ifr))
		memcpy(nd->mac, ifr.ifr_hwaddr.sa_data, sizeof(nd->mac));
	return nd;
}
