// SPDX-License-Identifier: GPL-2.0
/*
 * rawtap.c - What a tap device allows: transactions without a stack
 *
 * usage: rawtap tcp|udp TAP SOURCE DESTINATION PORT SECONDS
 *
 * Takes the place of a program with its stack: writes one frame, the request,
 * to the tap and reads until the answer is there, over and over. The host's
 * end is an ordinary server (rr serve tcp|udp). Two host system calls per
 * transaction, both on the tap, and read() blocks: there is no cheaper way to
 * use the device. For TCP each request acknowledges the answer before, nothing
 * is ever sent twice.
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
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <stdbool.h>
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
	union {
		struct {
			struct udphdr udp;
			char udp_byte;
		};
		struct {
			struct tcphdr tcp;
			char tcp_byte;
		};
	};
};

struct arp_frame {
	char pad[PAD];
	struct ether_header eth;
	struct ether_arp arp;
};

#define HEADERS		(sizeof(struct ether_header) + sizeof(struct iphdr))
#define UDP_LEN		(sizeof(struct udphdr) + 1)
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

/** add_words() - Return: @sum and the words of @data, which is 0 after its end */
static unsigned int add_words(unsigned int sum, const void *data, size_t len)
{
	unsigned short word;

	for (size_t i = 0; i < len; i += sizeof(word)) {
		memcpy(&word, (const char *)data + i, sizeof(word));
		sum += word;
	}
	return sum;
}

/** fold() - Return: the checksum that goes with a sum */
static unsigned short fold(unsigned int sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	return ~(sum + (sum >> 16));
}

/**
 * set_length() - Write the lengths and the checksum of the IP header
 * @req:	the frame
 * @len:	bytes behind the IP header
 */
static void set_length(struct request *req, size_t len)
{
	req->ip.tot_len = htons(sizeof(req->ip) + len);
	req->ip.check = 0;
	req->ip.check = fold(add_words(0, &req->ip, sizeof(req->ip)));
}

/**
 * make_request() - Make what is the same in all frames
 * @req:	receives it, all but the address of the host on the tap
 * @proto:	IPPROTO_TCP or IPPROTO_UDP
 * @src:	IP address of ours
 * @dst:	IP address of the host
 * @port:	where the server is
 */
static void make_request(struct request *req, int proto, in_addr_t src,
			 in_addr_t dst, int port)
{
	memcpy(req->eth.ether_shost, our_mac, ETH_ALEN);
	req->eth.ether_type = htons(ETHERTYPE_IP);
	req->ip = (struct iphdr) {
		.version = 4, .ihl = 5, .ttl = 64, .protocol = proto,
		.saddr = src, .daddr = dst,
	};
	if (proto == IPPROTO_TCP) {
		req->tcp = (struct tcphdr) {
			.source = htons(OUR_PORT), .dest = htons(port),
			.doff = sizeof(req->tcp) / 4, .window = htons(65535),
		};
		return;
	}
	set_length(req, UDP_LEN);
	/* A checksum of 0 says that there is none. */
	req->udp = (struct udphdr) {
		.source = htons(OUR_PORT), .dest = htons(port),
		.len = htons(UDP_LEN),
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

/** send_frame() - Write the frame; @len: bytes behind the IP header */
static void send_frame(int fd, const struct request *req, size_t len)
{
	if (write(fd, (const char *)req + PAD, HEADERS + len) < 0)
		die("write");
}

union incoming {
	struct request answer;
	struct arp_frame arp;
	char room[PAD + ETH_FRAME_LEN];
};

/**
 * receive() - Read until there is a frame for our port
 * @fd:		the tap
 * @req:	what is sent
 * @in:		receives the frame
 *
 * Return: bytes behind its IP header
 */
static size_t receive(int fd, const struct request *req, union incoming *in)
{
	for (;;) {
		if (read(fd, in->room + PAD, ETH_FRAME_LEN) < 0)
			die("read");
		if (in->answer.eth.ether_type == htons(ETHERTYPE_ARP))
			answer_arp(fd, &in->arp, req->ip.saddr);
		/* The ports are in the same place for both protocols. */
		else if (in->answer.eth.ether_type == htons(ETHERTYPE_IP) &&
			 in->answer.ip.protocol == req->ip.protocol &&
			 in->answer.udp.dest == req->udp.source)
			return ntohs(in->answer.ip.tot_len) -
			       sizeof(in->answer.ip);
	}
}

static void udp_transact(int fd, struct request *req)
{
	union incoming in;

	send_frame(fd, req, UDP_LEN);
	receive(fd, req, &in);
}

/* Send a segment with @payload bytes. */
static void tcp_send(int fd, struct request *req, size_t payload)
{
	size_t len = sizeof(req->tcp) + payload;
	unsigned int sum = htons(IPPROTO_TCP) + htons(len);

	set_length(req, len);
	req->tcp.check = 0;
	sum = add_words(sum, &req->ip.saddr, 8);
	req->tcp.check = fold(add_words(sum, &req->tcp, len));
	send_frame(fd, req, len);
	req->tcp.seq = htonl(ntohl(req->tcp.seq) + payload);
}

/* Wait for a segment with a payload or a SYN, and acknowledge it from now on. */
static void tcp_receive(int fd, struct request *req)
{
	const struct tcphdr *tcp;
	union incoming in;
	size_t taken;

	do {
		taken = receive(fd, req, &in);
		tcp = &in.answer.tcp;
		taken -= tcp->doff * 4;
		if (tcp->rst || tcp->fin) {
			errno = ECONNRESET;
			die("tcp");
		}
	} while (!taken && !tcp->syn);
	req->tcp.ack_seq = htonl(ntohl(tcp->seq) + taken + tcp->syn);
}

static void tcp_connect(int fd, struct request *req)
{
	/* A start of its own for every run: the server remembers the last. */
	req->tcp.seq = htonl(now_ns());
	req->tcp.syn = 1;
	tcp_send(fd, req, 0);
	req->tcp.seq = htonl(ntohl(req->tcp.seq) + 1);
	tcp_receive(fd, req);
	req->tcp.syn = 0;
	req->tcp.ack = 1;
	req->tcp.psh = 1;
	tcp_send(fd, req, 0);
}

/* The server ends with its client: else it would go on waiting for this one. */
static void tcp_reset(int fd, struct request *req)
{
	req->tcp.rst = 1;
	tcp_send(fd, req, 0);
}

static void tcp_transact(int fd, struct request *req)
{
	tcp_send(fd, req, 1);
	tcp_receive(fd, req);
}

int main(int argc, char **argv)
{
	void (*transact)(int fd, struct request *req) = udp_transact;
	struct request req = { 0 };
	long long start, end, now;
	long count = 0;
	bool tcp;
	int fd;

	if (argc != 7) {
		fprintf(stderr, "usage: rawtap tcp|udp TAP SOURCE DESTINATION PORT SECONDS\n");
		return 2;
	}
	tcp = !strcmp(argv[1], "tcp");
	make_request(&req, tcp ? IPPROTO_TCP : IPPROTO_UDP, inet_addr(argv[3]),
		     inet_addr(argv[4]), atoi(argv[5]));
	fd = open_tap(argv[2], req.eth.ether_dhost);
	/* An answer that does not come ends the program. */
	alarm(atoi(argv[6]) + 5);
	if (tcp) {
		transact = tcp_transact;
		tcp_connect(fd, &req);
	}
	transact(fd, &req);
	start = now_ns();
	end = start + atoi(argv[6]) * 1000000000LL;
	do {
		transact(fd, &req);
		count++;
		now = now_ns();
	} while (now < end);
	if (tcp)
		tcp_reset(fd, &req);
	printf("rate %.1f\n", count * 1e9 / (now - start));
	return 0;
}
