// SPDX-License-Identifier: GPL-2.0
/*
 * tap.c - Network backend: a tap device of the host
 *
 * The device must exist: a tap made here would have no address, no owner and
 * no routes, and vanish with the program, so a misspelt name would look like a
 * dead network.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <lkl_net.h>
#include "posix/raw.h"
#include "vnet.h"

#define TUN_PATH "/dev/net/tun"

/**
 * device_exists() - Does the host have an interface of this name?
 * @ifr:	ifr_name is set
 *
 * Return: true if it has, or if that cannot be found out
 */
static bool device_exists(struct ifreq *ifr)
{
	int sock = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	/* Not through libc: the hijack library would ask LKL. */
	bool missing = RAW(SYS_ioctl, sock, SIOCGIFINDEX, ifr) == -ENODEV;

	close(sock);
	return !missing;
}

/**
 * attach() - Make a descriptor of /dev/net/tun that of a device
 * @fd:		the descriptor
 * @name:	name of the device
 * @offload:	virtio-net feature bits
 *
 * Return: false: see lkl_netdev_error()
 */
static bool attach(int fd, const char *name, unsigned int offload)
{
	struct ifreq ifr = { 0 };

	strcpy(ifr.ifr_name, name);
	if (!device_exists(&ifr)) {
		netdev_fail("tap: %s: no such device; create it: ip tuntap add dev %s mode tap user %u",
			    name, name, geteuid());
		return false;
	}
	ifr.ifr_flags = vnet_flags(offload);
	if (!ioctl(fd, TUNSETIFF, &ifr))
		return true;
	if (errno == EPERM)
		netdev_fail("tap: %s: belongs to another user; delete it and create it for yours: ip tuntap add dev %s mode tap user %u",
			    name, name, geteuid());
	else if (errno == EBUSY)
		netdev_fail("tap: %s: in use by another program", name);
	else if (errno == EINVAL)
		netdev_fail("tap: %s: not a tap device, or one with multi_queue",
			    name);
	else
		netdev_fail("tap: %s: %m", name);
	return false;
}

/**
 * lkl_netdev_tap_create() - Make a backend of an existing tap device
 * @ifname:	its name
 * @offload:	virtio-net feature bits
 *
 * Return: the backend, or NULL: see lkl_netdev_error()
 */
struct lkl_netdev *lkl_netdev_tap_create(const char *ifname, int offload)
{
	int fd;

	if (!ifname || !*ifname || strlen(ifname) >= IFNAMSIZ)
		return netdev_fail("tap: '%s': expected the name of a tap device, 1 to %d characters",
				   ifname ? ifname : "", IFNAMSIZ - 1);
	fd = open(TUN_PATH, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return netdev_fail(errno == EACCES ?
			"tap: " TUN_PATH ": %m; as root: chmod 666 " TUN_PATH :
			"tap: " TUN_PATH ": %m; as root: modprobe tun");
	if (!attach(fd, ifname, offload)) {
		close(fd);
		return NULL;
	}
	return vnet_new("tap", ifname, fd, offload);
}
