// SPDX-License-Identifier: GPL-2.0
/*
 * rawtap.c - What a tap device allows: UDP transactions without a stack
 *
 * usage: rawtap TAP SOURCE DESTINATION PORT SECONDS
 *
 * Takes the place of a program with its stack: writes one frame, the request,
 * to the tap and reads until the answer is there, over and over. The frame is
 * made once; the host's end is an ordinary UDP server (rr serve udp). Two host
 * system calls per transaction, both on the tap, and read() blocks: there is
 * no cheaper way to use the device.
 *
 * Prints "rate N", transactions per second. ARP requests for SOURCE are
 * answered; all other frames are left alone.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/if_ether.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"

#define OUR_PORT	40000

/* Frames begin at eth; what is before it aligns what follows. */
#define PAD 2

struct request {
	char pad[PAD];
	struct ether_header eth;
	struct iphdr ip;
	struct udphdr udp;
	char byte;
};

struct arp_frame {
	char pad[PAD];
	struct ether_header eth;
	struct ether_arp arp;
};

#define REQUEST_LEN	(offsetof(struct request, byte) + 1 - PAD)
#define ARP_LEN		(sizeof(struct arp_frame) - PAD)

static const unsigned char our_mac[ETH_ALEN] = { 2, 0, 0, 0, 0x13, 2 };

/** die() - Print what failed and why, and end */
static _Noreturn void die(const char *what)
{
	fprintf(stderr, "rawtap: %s: %s\n", what, strerror(errno));
	exit(1);
}

/**
 * open_tap() - Attach to a tap device
 * @name:	its name
 * @mac:	receives the address that the host has on it
 *
 * Return: descriptor
 */
static int open_tap(const char *name, unsigned char *mac)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int sock = socket(AF_INET, SOCK_DGRAM, 0);
	int fd = open("/dev/net/tun", O_RDWR);

	if (sock < 0 || fd < 0)
		die("/dev/net/tun");
	snprintf(ifr.ifr_name, IFNAMSIZ, "%s", name);
	if (ioctl(fd, TUNSETIFF, &ifr))
		die(name);
	if (ioctl(sock, SIOCGIFHWADDR, &ifr))
		die("SIOCGIFHWADDR");
	memcpy(mac, ifr.ifr_hwaddr.sa_data, ETH_ALEN);
	close(sock);
	return fd;
}

/** ip_checksum() - Return: checksum of an IP header without options */
static unsigned short ip_checksum(const struct iphdr *ip)
{
	unsigned short words[sizeof(*ip) / 2];
	unsigned int sum = 0;

	memcpy(words, ip, sizeof(words));
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		sum += words[i];
	sum = (sum & 0xffff) + (sum >> 16);
	return ~(sum + (sum >> 16));
}

/**
 * make_request() - Make the frame that is sent
 * @req:	receives it, all but the address of the host on the tap
 * @src:	IP address of ours
 * @dst:	IP address of the host
 * @port:	where the server is
 */
static void make_request(struct request *req, in_addr_t src, in_addr_t dst,
			 int port)
{
	memcpy(req->eth.ether_shost, our_mac, ETH_ALEN);
	req->eth.ether_type = htons(ETHERTYPE_IP);
	req->ip = (struct iphdr) {
		.version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_UDP,
		.tot_len = htons(REQUEST_LEN - sizeof(req->eth)),
		.saddr = src, .daddr = dst,
	};
	req->ip.check = ip_checksum(&req->ip);
	/* A checksum of 0 says that there is none. */
	req->udp = (struct udphdr) {
		.source = htons(OUR_PORT), .dest = htons(port),
		.len = htons(sizeof(req->udp) + sizeof(req->byte)),
	};
}

/**
 * answer_arp() - Answer an ARP request for our address
 * @fd:		the tap
 * @frame:	what was read, turned into the answer
 * @ours:	IP address of ours
 */
static void answer_arp(int fd, struct arp_frame *frame, in_addr_t ours)
{
	struct ether_arp *arp = &frame->arp;

	if (arp->arp_op != htons(ARPOP_REQUEST) ||
	    memcmp(arp->arp_tpa, &ours, sizeof(ours)))
		return;
	arp->arp_op = htons(ARPOP_REPLY);
	memcpy(arp->arp_tpa, arp->arp_spa, sizeof(arp->arp_tpa));
	memcpy(arp->arp_tha, arp->arp_sha, ETH_ALEN);
	memcpy(arp->arp_spa, &ours, sizeof(ours));
	memcpy(arp->arp_sha, our_mac, ETH_ALEN);
	memcpy(frame->eth.ether_dhost, arp->arp_tha, ETH_ALEN);
	memcpy(frame->eth.ether_shost, our_mac, ETH_ALEN);
	if (write(fd, (char *)frame + PAD, ARP_LEN) < 0)
		die("write");
}

/**
 * transact() - Send the request and read until the answer is there
 * @fd:		the tap
 * @req:	the request
 */
static void transact(int fd, const struct request *req)
{
	union {
		struct request answer;
		struct arp_frame arp;
		char room[PAD + ETH_FRAME_LEN];
	} in;

	if (write(fd, (const char *)req + PAD, REQUEST_LEN) < 0)
		die("write");
	for (;;) {
		if (read(fd, in.room + PAD, ETH_FRAME_LEN) < 0)
			die("read");
		if (in.answer.eth.ether_type == htons(ETHERTYPE_ARP))
			answer_arp(fd, &in.arp, req->ip.saddr);
		else if (in.answer.eth.ether_type == htons(ETHERTYPE_IP) &&
			 in.answer.ip.protocol == IPPROTO_UDP &&
			 in.answer.udp.dest == req->udp.source)
			return;
	}
}

int main(int argc, char **argv)
{
	struct request req = { 0 };
	long long start, end, now;
	long count = 0;
	int fd;

	if (argc != 6) {
		fprintf(stderr, "usage: rawtap TAP SOURCE DESTINATION PORT SECONDS\n");
		return 2;
	}
	make_request(&req, inet_addr(argv[2]), inet_addr(argv[3]),
		     atoi(argv[4]));
	fd = open_tap(argv[1], req.eth.ether_dhost);
	/* An answer that does not come ends the program. */
	alarm(atoi(argv[5]) + 5);
	transact(fd, &req);
	start = now_ns();
	end = start + atoi(argv[5]) * 1000000000LL;
	do {
		transact(fd, &req);
		count++;
		now = now_ns();
	} while (now < end);
	printf("rate %.1f\n", count * 1e9 / (now - start));
	return 0;
}
