// SPDX-License-Identifier: GPL-2.0
/*
 * backend_macvtap.c - The backend of a macvtap device, on a tap device
 */
#include <linux/virtio_net.h>

#include "backend_frames.h"
#include "backend_netns.h"

/** make_macvtap() - Make a macvtap device; return: false: not possible */
static bool make_macvtap(char *path, size_t room)
{
	if (system("ip link add link tap0 name macvtap0 type macvtap && "
		   "ip link set macvtap0 up"))
		return false;
	snprintf(path, room, "/dev/tap%u", if_nametoindex("macvtap0"));
	return !access(path, R_OK | W_OK);
}

int main(void)
{
	struct {
		struct virtio_net_hdr_v1 vnet;
		struct arp_frame arp;
	} __attribute__((packed)) sent = { 0 }, got;
	struct lkl_netdev *nd;
	char path[32], buf[2048];
	ssize_t len;
	int link;

	refused(lkl_netdev_macvtap_create(NULL, 0), "/dev/tapN");
	refused(lkl_netdev_macvtap_create("macvtap0", 0), "'macvtap0'");
	refused(lkl_netdev_macvtap_create("/dev/tap9999", 0), "no such");
	refused(lkl_netdev_macvtap_create("/dev/null", 0), "not a macvtap");
	if (!enter_netns())
		skip_rest("no network namespaces");
	link = make_tap("tap0");
	if (link < 0)
		skip_rest("no tap devices");
	if (!make_macvtap(path, sizeof(path)))
		skip_rest("no macvtap devices");

	nd = lkl_netdev_macvtap_create(path, 0x8883);
	if (!nd)
		printf("# %s\n", lkl_netdev_error());
	must(nd);
	ok(nd->vnet_hdr && nd->offload == 0x8883, "a backend with header");
	refused(lkl_netdev_macvtap_create(path, 0), "in use");
	sent.arp = arp_frame(nd->mac, ARPOP_REQUEST, 1, 2);
	must(write(link, &sent.arp, sizeof(sent.arp)) == sizeof(sent.arp));
	do
		len = rx_within(nd, &got, sizeof(got), SOON);
	while (len > 0 && got.arp.eth.ether_type != htons(ETHERTYPE_ARP));
	ok(len == sizeof(got) && !memcmp(&got.arp, &sent.arp, sizeof(got.arp)),
	   "a frame of the link for the address that is proposed");
	ok(tx(nd, &sent, sizeof(sent)) == sizeof(sent), "a frame is sent");
	do
		len = read(link, buf, sizeof(buf));
	while (len > 0 && memcmp(buf, &sent.arp, sizeof(sent.arp)));
	ok(len == sizeof(sent.arp), "and seen on the link");
	nd->ops->free(nd);
	close(link);
	return tap_done();
}
