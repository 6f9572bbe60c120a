/* SPDX-License-Identifier: GPL-2.0 */
/*
 * backend_frames.h - Ethernet frames by hand, for the tests of the backends
 *
 * All frames are from GUEST_MAC. Addresses are in network byte order.
 */
#ifndef TEST_BACKEND_FRAMES_H
#define TEST_BACKEND_FRAMES_H

#include <arpa/inet.h>
#include <net/ethernet.h>
#include <netinet/if_ether.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <stdint.h>
#include <string.h>

#define GUEST_MAC "\x52\x54\x00\x12\x34\x56"

/** struct frame - An IPv4 frame, with room for one that is to be segmented */
struct frame {
	struct ether_header eth;
	struct iphdr ip;
	union {
		struct icmphdr icmp;
		struct udphdr udp;
		struct tcphdr tcp;
		char payload[8192];
	};
} __attribute__((packed));

/** sum16() - Add @len bytes to the Internet checksum @sum */
__attribute__((unused))
static uint32_t sum16(uint32_t sum, const void *data, size_t len)
{
	const uint8_t *at = data;

	for (size_t i = 0; i < len; i++)
		sum += i & 1 ? at[i] : at[i] << 8;
	return sum;
}

/** fold() - Return: the Internet checksum of sum @sum, network byte order */
__attribute__((unused)) static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

/**
 * ip_frame() - Fill in the Ethernet and IP headers
 * @f:		frame
 * @mac:	destination
 * @proto:	IPPROTO_*
 * @from:	source address
 * @to:		destination address
 * @len:	length of the payload
 *
 * Return: length of the frame
 */
__attribute__((unused))
static size_t ip_frame(struct frame *f, const void *mac, int proto,
		       uint32_t from, uint32_t to, size_t len)
{
	memcpy(f->eth.ether_dhost, mac, 6);
	memcpy(f->eth.ether_shost, GUEST_MAC, 6);
	f->eth.ether_type = htons(ETHERTYPE_IP);
	f->ip = (struct iphdr){
		.version = 4, .ihl = 5, .ttl = 64, .protocol = proto,
		.tot_len = htons(sizeof(f->ip) + len),
		.saddr = from, .daddr = to,
	};
	f->ip.check = fold(sum16(0, &f->ip, sizeof(f->ip)));
	return sizeof(f->eth) + sizeof(f->ip) + len;
}

/**
 * pseudo_sum() - Sum of what TCP and UDP checksums cover besides the packet
 * @f:		frame, its IP header filled in
 * @len:	length of the payload of IP
 *
 * Return: a sum to go on with or to fold()
 */
__attribute__((unused))
static uint32_t pseudo_sum(const struct frame *f, size_t len)
{
	return sum16(f->ip.protocol + len, &f->ip.saddr, 8);
}

/**
 * l4_sum() - Checksum of a TCP or UDP packet whose checksum field is 0
 * @f:		frame, its IP header filled in
 * @len:	length of the payload of IP
 *
 * Return: the checksum
 */
__attribute__((unused))
static uint16_t l4_sum(const struct frame *f, size_t len)
{
	return fold(sum16(pseudo_sum(f, len), f->payload, len));
}

/**
 * arp_frame() - Make an ARP message from GUEST_MAC
 * @to:		Ethernet destination
 * @op:		ARPOP_*
 * @from:	sender's address
 * @target:	address of whom it asks for or answers
 *
 * Return: the message
 */
struct arp_frame {
	struct ether_header eth;
	struct ether_arp arp;
} __attribute__((packed));

__attribute__((unused))
static struct arp_frame arp_frame(const void *to, int op, uint32_t from,
				  uint32_t target)
{
	struct arp_frame f = { .eth.ether_type = htons(ETHERTYPE_ARP) };

	memcpy(f.eth.ether_dhost, to, 6);
	memcpy(f.eth.ether_shost, GUEST_MAC, 6);
	f.arp.arp_hrd = htons(ARPHRD_ETHER);
	f.arp.arp_pro = htons(ETHERTYPE_IP);
	f.arp.arp_hln = 6;
	f.arp.arp_pln = 4;
	f.arp.arp_op = htons(op);
	memcpy(f.arp.arp_sha, GUEST_MAC, 6);
	memcpy(f.arp.arp_spa, &from, 4);
	memcpy(f.arp.arp_tha, to, 6);
	memcpy(f.arp.arp_tpa, &target, 4);
	return f;
}

#endif /* TEST_BACKEND_FRAMES_H */
