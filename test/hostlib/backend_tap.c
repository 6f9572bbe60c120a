// SPDX-License-Identifier: GPL-2.0
/*
 * backend_tap.c - The backend of a tap device, with offload
 *
 * Packet sockets play the host's network.
 */
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "backend_frames.h"
#include "backend_netns.h"

#define HOST_MAC "\x02\0\0\0\0\1"
#define DATA	8000
#define MSS	1400

/* Offload settings in use; the last must undo what the one before has set. */
static const int offloads[] = { 0, 0x8002, 0x883, 0x8883, 0xd983, 0 };

/**
 * struct vnet_frame - A frame as the device has it
 * @vnet:	header of virtio-net; a packet socket's has no num_buffers
 * @f:		frame
 */
struct vnet_frame {
	struct virtio_net_hdr_v1 vnet;
	struct frame f;
} __attribute__((packed));

/** packet_socket() - A socket for all frames of interface @name */
static int packet_socket(const char *name)
{
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = if_nametoindex(name),
	};
	int sock = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
	int on = 1;

	must(sock >= 0);
	must(!setsockopt(sock, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on,
			 sizeof(on)));
	must(!bind(sock, (struct sockaddr *)&addr, sizeof(addr)));
	return sock;
}

/**
 * gso_frame() - Make a frame of DATA bytes that is left to segment
 * @v:		receives it
 * @proto:	IPPROTO_TCP or IPPROTO_UDP
 *
 * Return: its length with the header of virtio-net
 */
static size_t gso_frame(struct vnet_frame *v, int proto)
{
	bool tcp = proto == IPPROTO_TCP;
	size_t l4 = tcp ? sizeof(v->f.tcp) : sizeof(v->f.udp);
	size_t len;

	memset(v, 'z', sizeof(*v));
	memset(v->f.payload, 0, l4);
	len = ip_frame(&v->f, HOST_MAC, proto, htonl(0x0a000002),
		       htonl(0x0a000001), l4 + DATA);
	if (tcp) {
		v->f.tcp.doff = 5;
		v->f.tcp.ack = 1;
		v->f.tcp.check = ~fold(pseudo_sum(&v->f, l4 + DATA));
	} else {
		v->f.udp.len = htons(l4 + DATA);
		v->f.udp.check = ~fold(pseudo_sum(&v->f, l4 + DATA));
	}
	v->vnet = (struct virtio_net_hdr_v1){
		.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
		.gso_type = tcp ? VIRTIO_NET_HDR_GSO_TCPV4 :
				  VIRTIO_NET_HDR_GSO_UDP,
		.hdr_len = len - DATA,
		.gso_size = MSS,
		.csum_start = sizeof(v->f.eth) + sizeof(v->f.ip),
		.csum_offset = tcp ? 16 : 6,
	};
	return sizeof(v->vnet) + len;
}

/** read_ip() - Read frames until one of @proto; return: its length or -1 */
static ssize_t read_ip(int sock, int proto, struct vnet_frame *v)
{
	struct pollfd pfd = { .fd = sock, .events = POLLIN };
	ssize_t len;

	while (poll(&pfd, 1, SOON) > 0) {
		len = read(sock, &v->f, sizeof(v->f));
		if (v->f.eth.ether_type == htons(ETHERTYPE_IP) &&
		    v->f.ip.protocol == proto)
			return len;
	}
	return -1;
}

/** test_to_host() - What the guest leaves to segment the host takes */
static void test_to_host(struct lkl_netdev *nd, int sock, int proto)
{
	struct vnet_frame sent, got;
	ssize_t len = gso_frame(&sent, proto);

	ok(tx(nd, &sent, len) == len &&
	   read_ip(sock, proto, &got) == len - (ssize_t)sizeof(got.vnet) &&
	   !memcmp(got.f.payload + 20, sent.f.payload + 20, DATA - 20),
	   "offload 0x%x: the host takes %d bytes of %s at once", nd->offload,
	   DATA, proto == IPPROTO_TCP ? "TCP" : "UDP");
}

/** read_guest() - Read a frame as the device has it, with its header or without */
static ssize_t read_guest(struct lkl_netdev *nd, struct vnet_frame *v)
{
	if (nd->vnet_hdr)
		return rx_within(nd, v, sizeof(*v), SOON);
	v->vnet = (struct virtio_net_hdr_v1){ 0 };
	return rx_within(nd, &v->f, sizeof(v->f), SOON);
}

/** test_to_guest() - The guest gets what it can segment, and no more */
static void test_to_guest(struct lkl_netdev *nd, int sock)
{
	bool tso = nd->offload & LKL_NETDEV_GUEST_TSO4;
	bool csum = nd->offload & LKL_NETDEV_GUEST_CSUM;
	struct vnet_frame v;
	size_t len = gso_frame(&v, IPPROTO_TCP);
	struct iovec iov[] = {
		{ &v.vnet, sizeof(struct virtio_net_hdr) },
		{ &v.f, len - sizeof(v.vnet) },
	};
	unsigned int frames = 0, bad = 0, data = 0;
	int on = 1;

	must(!setsockopt(sock, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on)));
	must(writev(sock, iov, 2) > 0);
	while (data < DATA && read_guest(nd, &v) > 0) {
		if (v.f.eth.ether_type != htons(ETHERTYPE_IP) ||
		    v.f.ip.protocol != IPPROTO_TCP)
			continue;
		len = ntohs(v.f.ip.tot_len) - 20;
		data += len - 20;
		frames++;
		if (v.vnet.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM)
			bad += !csum;
		else
			bad += l4_sum(&v.f, len) != 0;
		bad += (v.vnet.gso_type != VIRTIO_NET_HDR_GSO_NONE) != tso;
	}
	ok(data == DATA && !bad && (frames == 1) == tso,
	   "offload 0x%x: the guest gets %u bytes in %u frames, %u bad",
	   nd->offload, data, frames, bad);
}

static void test_offload(int offload)
{
	struct lkl_netdev *nd = lkl_netdev_tap_create("tap0", offload);
	int from = packet_socket("tap0"), to = packet_socket("tap0");

	must(nd);
	ok(nd->vnet_hdr == (offload != 0) &&
	   nd->offload == (unsigned int)offload,
	   "offload 0x%x is in force, frames %s a header", offload,
	   offload ? "with" : "without");
	if (offload & LKL_NETDEV_HOST_TSO4)
		test_to_host(nd, from, IPPROTO_TCP);
	if (offload & LKL_NETDEV_HOST_UFO)
		test_to_host(nd, from, IPPROTO_UDP);
	test_to_guest(nd, to);
	close(from);
	close(to);
	nd->ops->free(nd);
}

/** test_busy() - Two programs cannot have the same tap */
static void test_busy(void)
{
	struct lkl_netdev *nd = lkl_netdev_tap_create("tap0", 0);

	must(nd);
	refused(lkl_netdev_tap_create("tap0", 0), "in use");
	nd->ops->free(nd);
}

/** test_owner() - Another user's tap; in a child that drops root */
static void test_owner(void)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		const char *why = lkl_netdev_error();

		if (setuid(1))
			_exit(2);
		if (lkl_netdev_tap_create("tap0", 0))
			_exit(1);
		printf("# %s\n", why);
		fflush(stdout);
		_exit(!strstr(why, "belongs to another user") &&
		      !strstr(why, "chmod 666 /dev/net/tun"));
	}
	waitpid(pid, &status, 0);
	ok(!WEXITSTATUS(status) || WEXITSTATUS(status) == 2,
	   "another user is told what to do%s",
	   status ? " # SKIP there is no other user" : "");
}

int main(void)
{
	int other;

	refused(lkl_netdev_tap_create(NULL, 0), "''");
	refused(lkl_netdev_tap_create("averyverylongname", 0), "1 to 15");
	if (!enter_netns())
		skip_rest("no network namespaces");
	other = make_tap("tap0");
	if (other < 0 || ioctl(other, TUNSETPERSIST, 1) ||
	    ioctl(other, TUNSETOWNER, 0))
		skip_rest("no tap devices");
	close(other);
	refused(lkl_netdev_tap_create("tap7", 0), "ip tuntap add dev tap7");
	ok(!if_nametoindex("tap7"), "no device was made");
	refused(lkl_netdev_tap_create("lo", 0), "not a tap device");
	refused(lkl_netdev_tap_create("tap0", LKL_NETDEV_GUEST_TSO4), "0x80");
	test_busy();
	test_owner();
	for (size_t i = 0; i < sizeof(offloads) / sizeof(*offloads); i++)
		test_offload(offloads[i]);
	return tap_done();
}
