// SPDX-License-Identifier: GPL-2.0
/*
 * vnet.c - Offload of tap and macvtap devices
 *
 * What the guest may send (CSUM, HOST_TSO4, ...) a tap always takes: the header
 * of the frame says what is left to do, and the host's network does it. What
 * the guest can receive (GUEST_CSUM, GUEST_TSO4, ...) the tap must be told: it
 * keeps what the last program has told it. Without offload there is no header.
 */
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "fdio.h"
#include "vnet.h"

static const struct {
	unsigned int feature;	/* bit number of virtio-net */
	unsigned int tun;	/* what it is to the tap */
} guest_offloads[] = {
	{ VIRTIO_NET_F_GUEST_CSUM, TUN_F_CSUM },
	{ VIRTIO_NET_F_GUEST_TSO4, TUN_F_TSO4 },
	{ VIRTIO_NET_F_GUEST_TSO6, TUN_F_TSO6 },
	{ VIRTIO_NET_F_GUEST_ECN, TUN_F_TSO_ECN },
	{ VIRTIO_NET_F_GUEST_UFO, TUN_F_UFO },
};

/** tun_flags() - Return: TUN_F_* for virtio-net feature bits @offload */
static unsigned int tun_flags(unsigned int offload)
{
	unsigned int flags = 0;

	for (size_t i = 0;
	     i < sizeof(guest_offloads) / sizeof(*guest_offloads); i++)
		if (offload & 1u << guest_offloads[i].feature)
			flags |= guest_offloads[i].tun;
	return flags;
}

/** vnet_flags() - Return: IFF_* of a tap for virtio-net feature bits @offload */
short vnet_flags(unsigned int offload)
{
	return IFF_TAP | IFF_NO_PI | (offload ? IFF_VNET_HDR : 0);
}

/**
 * vnet_new() - Make a backend of an attached tap
 * @type:	"tap" or "macvtap", for the message
 * @name:	name of the device, for the message
 * @fd:		descriptor, attached with vnet_flags(); taken over, closed in case
 *		of an error
 * @offload:	virtio-net feature bits
 *
 * Return: the backend, or NULL: see lkl_netdev_error()
 */
struct lkl_netdev *vnet_new(const char *type, const char *name, int fd,
			    unsigned int offload)
{
	int header = sizeof(struct virtio_net_hdr_v1);
	struct lkl_netdev *nd;

	if (offload && ioctl(fd, TUNSETVNETHDRSZ, &header)) {
		netdev_fail("%s: %s: no header of %d bytes: %m", type, name,
			    header);
		close(fd);
		return NULL;
	}
	if (ioctl(fd, TUNSETOFFLOAD, (unsigned long)tun_flags(offload))) {
		netdev_fail("%s: %s: the host refuses offload 0x%x (%m): guest_tso4 (0x80), guest_tso6 (0x100) and guest_ecn (0x200) need guest_csum (0x2)",
			    type, name, offload);
		close(fd);
		return NULL;
	}
	nd = fdio_new(type, fd);
	if (nd) {
		nd->vnet_hdr = offload;
		nd->offload = offload;
	}
	return nd;
}
