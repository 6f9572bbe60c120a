// SPDX-License-Identifier: GPL-2.0
/*
 * backend_raw.c - The backend of a packet socket, on a tap device
 *
 * The test holds the other side of the tap and plays the host's link.
 */
#include "backend_frames.h"
#include "backend_netns.h"

/** read_arp() - Read frames of the link until an ARP message comes */
static bool read_arp(int link, struct arp_frame *f)
{
	struct pollfd pfd = { .fd = link, .events = POLLIN };
	char buf[2048];

	while (poll(&pfd, 1, SOON) > 0 && read(link, buf, sizeof(buf)) > 0) {
		memcpy(f, buf, sizeof(*f));
		if (f->eth.ether_type == htons(ETHERTYPE_ARP))
			return true;
	}
	return false;
}

/** rx_arp() - The same for the backend */
static bool rx_arp(struct lkl_netdev *nd, struct arp_frame *f, int ms)
{
	char buf[2048];

	while (rx_within(nd, buf, sizeof(buf), ms) > 0) {
		memcpy(f, buf, sizeof(*f));
		if (f->eth.ether_type == htons(ETHERTYPE_ARP))
			return true;
	}
	return false;
}

/** set_up() - Switch an interface on or off */
static void set_up(const char *name, bool up)
{
	struct ifreq ifr = { .ifr_flags = up ? IFF_UP : 0 };
	int sock = socket(AF_INET, SOCK_DGRAM, 0);

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	must(!ioctl(sock, SIOCSIFFLAGS, &ifr));
	close(sock);
}

int main(void)
{
	struct arp_frame q = arp_frame("\x02\0\0\0\0\1", ARPOP_REQUEST, 1, 2);
	struct arp_frame a;
	struct lkl_netdev *nd;
	int link;

	refused(lkl_netdev_raw_create(NULL), "''");
	refused(lkl_netdev_raw_create("averyverylongname"), "1 to 15");
	if (!enter_netns())
		skip_rest("no network namespaces");
	refused(lkl_netdev_raw_create("nosuch0"), "No such device");
	link = make_tap("tap0");
	if (link < 0)
		skip_rest("no tap devices");

	nd = lkl_netdev_raw_create("tap0");
	must(nd);
	ok(!nd->vnet_hdr, "a backend without header");
	must(write(link, &q, sizeof(q)) == sizeof(q));
	ok(rx_arp(nd, &a, SOON) && !memcmp(&a, &q, sizeof(q)),
	   "a frame of the link, not for the host's address");
	ok(tx(nd, &q, sizeof(q)) == sizeof(q) && read_arp(link, &a) &&
	   !memcmp(&a, &q, sizeof(q)), "a frame to the link");
	ok(!rx_arp(nd, &a, NOTHING), "what was sent does not come back");
	set_up("tap0", false);
	ok(rx(nd, &a, sizeof(a)) == -EAGAIN && tx(nd, &q, sizeof(q)) < 0,
	   "an interface that is down is quiet");
	set_up("tap0", true);
	must(write(link, &q, sizeof(q)) == sizeof(q));
	ok(rx_arp(nd, &a, SOON), "and works when it is up again");
	nd->ops->free(nd);
	close(link);
	return tap_done();
}
