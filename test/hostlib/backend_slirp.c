// SPDX-License-Identifier: GPL-2.0
/*
 * backend_slirp.c - The backend of the user-mode network
 *
 * Plays a guest that makes its frames by hand.
 */
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>

#include "backend.h"
#include "backend_frames.h"

#define ALL_MAC	"\xff\xff\xff\xff\xff\xff"
#define NO_ADDR	0u
#define GUEST_PORT 4000

static struct lkl_netdev *nd;
static uint32_t guest, host;
static uint8_t host_mac[6];

/**
 * next_ip() - Wait for an IPv4 frame of a protocol, answering ARP meanwhile
 * @proto:	IPPROTO_*
 * @f:		receives the frame
 *
 * Return: true if one came
 */
static bool next_ip(int proto, struct frame *f)
{
	ssize_t len;

	while ((len = rx_within(nd, f, sizeof(*f), SOON)) > 0) {
		const struct arp_frame *q = (struct arp_frame *)f;

		if (f->eth.ether_type == htons(ETHERTYPE_IP) &&
		    f->ip.protocol == proto)
			return true;
		if (f->eth.ether_type == htons(ETHERTYPE_ARP) &&
		    q->arp.arp_op == htons(ARPOP_REQUEST) &&
		    !memcmp(q->arp.arp_tpa, &guest, 4)) {
			struct arp_frame a =
				arp_frame(f->eth.ether_shost, ARPOP_REPLY,
					  guest, host);

			tx(nd, &a, sizeof(a));
		}
	}
	return false;
}

/**
 * listener() - Listen on the host's loopback
 * @type:	SOCK_STREAM or SOCK_DGRAM
 * @port:	receives the port
 *
 * Return: the socket
 */
static int listener(int type, uint16_t *port)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(addr);
	int sock = socket(AF_INET, type, 0);

	must(!bind(sock, (struct sockaddr *)&addr, len));
	must(type != SOCK_STREAM || !listen(sock, 5));
	must(!getsockname(sock, (struct sockaddr *)&addr, &len));
	*port = ntohs(addr.sin_port);
	return sock;
}

/** free_port() - Return: a port that nobody listens on now */
static uint16_t free_port(int type)
{
	uint16_t port;

	close(listener(type, &port));
	return port;
}

/** send_tcp() - Send a segment without data to the host */
static void send_tcp(uint16_t from, uint16_t to, uint32_t seq, uint32_t ack,
		     bool syn)
{
	struct frame f = {
		.tcp = {
			.source = htons(from), .dest = htons(to),
			.seq = htonl(seq), .ack_seq = htonl(ack), .doff = 5,
			.syn = syn, .ack = ack != 0, .window = htons(65535),
		},
	};
	size_t len = ip_frame(&f, host_mac, IPPROTO_TCP, guest, host,
			      sizeof(f.tcp));

	f.tcp.check = l4_sum(&f, sizeof(f.tcp));
	tx(nd, &f, len);
}

/** send_udp() - Send a datagram to the host */
static void send_udp(const void *mac, uint32_t to, uint16_t from_port,
		     uint16_t to_port, const void *data, size_t len)
{
	struct frame f = { 0 };
	size_t frame_len;

	len += sizeof(f.udp);
	f.udp = (struct udphdr){
		.source = htons(from_port), .dest = htons(to_port),
		.len = htons(len),
	};
	memcpy(f.payload + sizeof(f.udp), data, len - sizeof(f.udp));
	frame_len = ip_frame(&f, mac, IPPROTO_UDP,
			     to == INADDR_BROADCAST ? 0 : guest, to, len);
	f.udp.check = l4_sum(&f, len);
	tx(nd, &f, frame_len);
}

/** test_errors() - What cannot be made */
static void test_errors(void)
{
	uint16_t tcp, udp;
	int tcp_sock = listener(SOCK_STREAM, &tcp);
	int udp_sock = listener(SOCK_DGRAM, &udp);
	char list[64], why[64];

	refused(lkl_netdev_slirp_create("sctp:1:2"), "'sctp:1:2'");
	refused(lkl_netdev_slirp_create("tcp:80"), "'tcp:80'");
	refused(lkl_netdev_slirp_create("tcp:80:"), "'tcp:80:'");
	refused(lkl_netdev_slirp_create("tcp:0:80"), "ports 1 to 65535");
	refused(lkl_netdev_slirp_create("tcp:80:65536"), "ports 1 to 65535");
	refused(lkl_netdev_slirp_create("tcp:80:80x"), "'tcp:80:80x'");
	snprintf(list, sizeof(list), "tcp:%d:80,nonsense,tcp:1:1",
		 free_port(SOCK_STREAM));
	refused(lkl_netdev_slirp_create(list), "'nonsense'");
	snprintf(list, sizeof(list), "tcp:%d:80", tcp);
	snprintf(why, sizeof(why), "port %d of 127.0.0.1: Address", tcp);
	refused(lkl_netdev_slirp_create(list), why);
	snprintf(list, sizeof(list), "udp:%d:80", udp);
	snprintf(why, sizeof(why), "port %d of 127.0.0.1: Address", udp);
	refused(lkl_netdev_slirp_create(list), why);
	close(tcp_sock);
	close(udp_sock);
}

/** test_arp() - The host is there; finds its link address */
static void test_arp(void)
{
	struct arp_frame q = arp_frame(ALL_MAC, ARPOP_REQUEST, guest, host), a;
	bool found = false;
	char buf[1600];

	tx(nd, &q, sizeof(q));
	while (!found && rx_within(nd, buf, sizeof(buf), SOON) > 0) {
		memcpy(&a, buf, sizeof(a));
		found = a.eth.ether_type == htons(ETHERTYPE_ARP) &&
			a.arp.arp_op == htons(ARPOP_REPLY) &&
			!memcmp(a.arp.arp_spa, &host, 4);
	}
	ok(found, "10.0.2.2 answers ARP");
	memcpy(host_mac, a.arp.arp_sha, 6);
}

/** test_dhcp() - An address is offered */
static void test_dhcp(void)
{
	uint8_t msg[300] = { 1, 1, 6, 0, 1, 2, 3, 4 };
	struct frame f;
	uint32_t offer = 0;

	memcpy(msg + 28, GUEST_MAC, 6);
	/* Magic, option 53 (type) = 1 (discover), end. */
	memcpy(msg + 236, "\x63\x82\x53\x63\x35\x01\x01\xff", 8);
	send_udp(ALL_MAC, INADDR_BROADCAST, 68, 67, msg, sizeof(msg));
	while (next_ip(IPPROTO_UDP, &f) && f.udp.dest != htons(68))
		;
	memcpy(&offer, f.payload + sizeof(f.udp) + 16, 4);
	ok(offer == guest, "DHCP offers 10.0.2.15");
}

/** test_ping() - The host answers pings */
static void test_ping(void)
{
	struct frame f = { .icmp = { .type = ICMP_ECHO } };
	size_t len = ip_frame(&f, host_mac, IPPROTO_ICMP, guest, host, 64);

	f.icmp.checksum = fold(sum16(0, f.payload, 64));
	tx(nd, &f, len);
	ok(next_ip(IPPROTO_ICMP, &f) && f.icmp.type == ICMP_ECHOREPLY,
	   "10.0.2.2 answers a ping");
}

/** test_tcp() - The host's loopback is reached as 10.0.2.2 */
static void test_tcp(void)
{
	uint16_t port;
	int sock = listener(SOCK_STREAM, &port), conn;
	struct pollfd pfd = { .fd = sock, .events = POLLIN };
	struct frame f;
	char text[3];

	send_tcp(GUEST_PORT, port, 100, 0, true);
	ok(next_ip(IPPROTO_TCP, &f) && f.tcp.syn && f.tcp.ack &&
	   f.tcp.ack_seq == htonl(101), "a SYN to the host is answered");
	send_tcp(GUEST_PORT, port, 101, ntohl(f.tcp.seq) + 1, false);
	must(poll(&pfd, 1, SOON) == 1);
	conn = accept(sock, NULL, NULL);
	must(write(conn, "hey", 3) == 3);
	while (next_ip(IPPROTO_TCP, &f) && f.ip.tot_len == htons(40))
		;
	memcpy(text, f.payload + f.tcp.doff * 4, 3);
	ok(!memcmp(text, "hey", 3), "the host's data arrives");
	close(conn);
	close(sock);
}

/** test_udp() - Datagrams to the host and back */
static void test_udp(void)
{
	uint16_t port;
	int sock = listener(SOCK_DGRAM, &port);
	struct pollfd pfd = { .fd = sock, .events = POLLIN };
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	struct frame f;
	char text[8];

	send_udp(host_mac, host, GUEST_PORT, port, "ping", 4);
	must(poll(&pfd, 1, SOON) == 1);
	ok(recvfrom(sock, text, sizeof(text), 0, (struct sockaddr *)&from,
		    &len) == 4 && !memcmp(text, "ping", 4),
	   "a datagram reaches the host");
	must(sendto(sock, "pong", 4, 0, (struct sockaddr *)&from, len) == 4);
	while (next_ip(IPPROTO_UDP, &f) && f.udp.source != htons(port))
		;
	ok(f.udp.dest == htons(GUEST_PORT) &&
	   !memcmp(f.payload + sizeof(f.udp), "pong", 4),
	   "and its answer the guest");
	close(sock);
}

/**
 * test_forward() - What comes to a port of the host is sent to the guest
 * @tcp:	forwarded to the guest's port 80
 * @udp:	forwarded to the guest's port 53
 */
static void test_forward(uint16_t tcp, uint16_t udp)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET, .sin_port = htons(tcp),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int sock = socket(AF_INET, SOCK_STREAM, 0);
	int dgram = socket(AF_INET, SOCK_DGRAM, 0);
	struct frame f;

	must(!connect(sock, (struct sockaddr *)&addr, sizeof(addr)));
	while (next_ip(IPPROTO_TCP, &f) && f.tcp.dest != htons(80))
		;
	ok(f.tcp.dest == htons(80) && f.tcp.syn && !f.tcp.ack &&
	   f.ip.daddr == guest, "a connection to the host's port arrives");
	close(sock);

	addr.sin_port = htons(udp);
	must(sendto(dgram, "query", 5, 0, (struct sockaddr *)&addr,
		    sizeof(addr)) == 5);
	while (next_ip(IPPROTO_UDP, &f) && f.udp.dest != htons(53))
		;
	ok(f.udp.dest == htons(53) &&
	   !memcmp(f.payload + sizeof(f.udp), "query", 5),
	   "a datagram to the host's port arrives");
	close(dgram);
}

/** test_flood() - A guest that only sends is told to wait, not forgotten */
static void test_flood(void)
{
	struct pollfd pfd = { .fd = nd->tx_fd, .events = POLLOUT };
	struct frame f = { .icmp = { .type = ICMP_ECHO } };
	size_t len = ip_frame(&f, host_mac, IPPROTO_ICMP, guest, host, 1480);
	unsigned int sent = 0, answered = 0;
	bool full = false;

	f.icmp.checksum = fold(sum16(0, f.payload, 1480));
	while (sent < 20000 && !full) {
		full = tx(nd, &f, len) == -EAGAIN;
		sent += !full;
	}
	ok(full, "a guest that never reads is stopped after %u frames", sent);
	while (answered < sent && next_ip(IPPROTO_ICMP, &f))
		answered++;
	ok(answered == sent, "%u of %u pings are answered", answered, sent);
	ok(poll(&pfd, 1, SOON) == 1, "then it may go on");
}

/** count_fds() - Return: number of open descriptors */
static int count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

/** test_free() - Nothing is left, also when the thread is stuck */
static void test_free(int fds)
{
	struct frame f = { .icmp = { .type = ICMP_ECHO } };
	size_t len = ip_frame(&f, host_mac, IPPROTO_ICMP, guest, host, 1480);

	f.icmp.checksum = fold(sum16(0, f.payload, 1480));
	for (int i = 0; i < 20000 && tx(nd, &f, len) > 0; i++)
		;
	nd->ops->free(nd);
	ok(count_fds() == fds, "all descriptors are closed");
}

int main(void)
{
	uint16_t tcp = free_port(SOCK_STREAM), udp = free_port(SOCK_DGRAM);
	char list[64];
	int fds;

	inet_pton(AF_INET, "10.0.2.15", &guest);
	inet_pton(AF_INET, "10.0.2.2", &host);
	nd = lkl_netdev_slirp_create(NULL);
	if (!nd)
		skip_rest(lkl_netdev_error());
	nd->ops->free(nd);
	fds = count_fds();
	test_errors();
	ok(count_fds() == fds, "refusals leave nothing open");

	snprintf(list, sizeof(list), "tcp:%d:80,udp:%d:53", tcp, udp);
	nd = lkl_netdev_slirp_create(list);
	must(nd);
	ok(!nd->vnet_hdr && fcntl(nd->fd, F_GETFL) & O_NONBLOCK &&
	   fcntl(nd->fd, F_GETFD) & FD_CLOEXEC, "a backend without header");
	test_arp();
	test_dhcp();
	test_ping();
	test_tcp();
	test_udp();
	test_forward(tcp, udp);
	test_flood();
	test_free(fds);
	return tap_done();
}
