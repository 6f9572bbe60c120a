// SPDX-License-Identifier: GPL-2.0
/*
 * raw.c - Network backend: a packet socket on an interface of the host
 *
 * The guest sits beside the host on the host's link: it reaches what the link
 * reaches, but not the host itself, because a packet socket cannot inject
 * frames into its own host. Two properties of packet sockets matter to users:
 * the host's GRO merges TCP segments into frames longer than the MTU, which
 * the guest drops (ethtool -K IF gro off), and frames that a virtual peer sends
 * (veth, virtio) may have checksums that are not computed yet (ethtool -K IF
 * tx off, on the peer's side).
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <lkl_net.h>
#include "fdio.h"

/* Room for a burst of frames, in bytes; the host may grant less. */
#define SOCKET_BUFFER	(2 << 20)

/**
 * raw_rx() - Read one frame; see struct netdev_ops
 *
 * That the interface went down is told by one error; it may come up again.
 */
static ssize_t raw_rx(struct lkl_netdev *nd, const struct iovec *iov, int n)
{
	ssize_t ret = fdio_rx(nd, iov, n);

	return ret == -ENETDOWN ? fdio_rx(nd, iov, n) : ret;
}

static const struct netdev_ops raw_ops = {
	.rx = raw_rx,
	.tx = fdio_tx,
	.free = fdio_free,
};

/**
 * open_on() - Receive all frames of an interface
 * @fd:		packet socket that is not bound yet
 * @index:	index of the interface
 *
 * Return: 0, or -1 with errno
 */
static int open_on(int fd, int index)
{
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = index,
	};
	struct packet_mreq all = {
		.mr_ifindex = index,
		.mr_type = PACKET_MR_PROMISC,
	};
	int on = 1, size = SOCKET_BUFFER;

	if (setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on)))
		return -1;
	/* Frames for the guest's address, which is not the interface's. */
	if (setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all,
		       sizeof(all)))
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	return bind(fd, (struct sockaddr *)&addr, sizeof(addr));
}

/**
 * lkl_netdev_raw_create() - Make a backend of an interface of the host
 * @ifname:	its name; it should be up
 *
 * Return: the backend, or NULL: see lkl_netdev_error()
 */
struct lkl_netdev *lkl_netdev_raw_create(const char *ifname)
{
	struct ifreq ifr = { 0 };
	struct lkl_netdev *nd;
	int fd;

	if (!ifname || !*ifname || strlen(ifname) >= IFNAMSIZ)
		return netdev_fail("raw: '%s': expected the name of an interface of the host, 1 to %d characters",
				   ifname ? ifname : "", IFNAMSIZ - 1);
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return netdev_fail("raw: %s: packet socket: %m%s", ifname,
				   errno == EPERM ?
				   "; it needs root or CAP_NET_RAW" : "");
	strcpy(ifr.ifr_name, ifname);
	if (ioctl(fd, SIOCGIFINDEX, &ifr) || open_on(fd, ifr.ifr_ifindex)) {
		netdev_fail("raw: %s: %m%s", ifname, errno == ENODEV ?
			    "; ip link lists the interfaces" : "");
		close(fd);
		return NULL;
	}
	nd = fdio_new("raw", fd);
	if (nd)
		nd->ops = &raw_ops;
	return nd;
}
