// SPDX-License-Identifier: GPL-2.0
/*
 * rings.c - Rings of packet sockets that the program has mapped
 *
 * On the loopback interface, which must be up, and from which nobody else
 * sends. On the host itself (unshare -n, as root) the same checks hold, but
 * for what LKL refuses.
 */
#include <fcntl.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include "net.h"

#define PORT		4711
#define BLOCK		(64u << 10)
#define BLOCKS		4
#define FRAME		2048
#define FRAMES		(BLOCK / FRAME * BLOCKS)
#define PAYLOAD		1000

/* Rings of this size cannot all be in the memory of the kernel at a time. */
#define LARGE_BLOCKS	((16u << 20) / BLOCK)
#define TIMES		50

/* What a frame of the loopback interface is here. */
struct frame {
	struct ethhdr eth;
	struct iphdr ip;
	struct udphdr udp;
	unsigned char data[PAYLOAD];
} __attribute__((packed));

/**
 * struct ring - A mapped ring
 * @fd:		packet socket
 * @version:	TPACKET_V2 or TPACKET_V3
 * @blocks:	how many blocks
 * @mem:	where it is mapped
 * @at:		next frame, or with TPACKET_V3 the next block
 */
struct ring {
	int fd;
	int version;
	unsigned int blocks;
	char *mem;
	unsigned int at;
};

static size_t ring_size(const struct ring *r)
{
	return (size_t)r->blocks * BLOCK;
}

/** packet_socket() - Return: a packet socket on the loopback interface */
static int packet_socket(void)
{
	struct sockaddr_ll sa = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = if_nametoindex("lo"),
	};
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	must(fd >= 0);
	must(!bind(fd, (struct sockaddr *)&sa, sizeof(sa)));
	return fd;
}

/** set_ring() - Give a socket a ring; 0 blocks: take it away */
static int set_ring(int fd, int version, int option, unsigned int blocks)
{
	struct tpacket_req3 req = {
		.tp_block_size = blocks ? BLOCK : 0,
		.tp_block_nr = blocks,
		.tp_frame_size = blocks ? FRAME : 0,
		.tp_frame_nr = blocks * (BLOCK / FRAME),
	};
	size_t size = sizeof(struct tpacket_req);

	if (version == TPACKET_V3 && option == PACKET_RX_RING) {
		req.tp_retire_blk_tov = 5;
		size = sizeof(req);
	}
	return setsockopt(fd, SOL_PACKET, option, &req, size);
}

static void *map(int fd, size_t size, int prot, int flags, off_t offset)
{
	return mmap(NULL, size, prot, flags, fd, offset);
}

static void ring_map(struct ring *r)
{
	r->mem = map(r->fd, ring_size(r), PROT_READ | PROT_WRITE, MAP_SHARED,
		     0);
	must(r->mem != MAP_FAILED);
}

/** ring_open() - Open a socket with a ring and map it */
static struct ring ring_open(int version, unsigned int blocks)
{
	struct ring r = {
		.fd = packet_socket(), .version = version, .blocks = blocks,
	};

	must(!setsockopt(r.fd, SOL_PACKET, PACKET_VERSION, &version,
			 sizeof(version)));
	must(!set_ring(r.fd, version, PACKET_RX_RING, blocks));
	ring_map(&r);
	return r;
}

/** udp() - Return: a socket that sends to PORT, or receives there */
static int udp(bool receives)
{
	struct sockaddr_in sa = {
		.sin_family = AF_INET,
		.sin_port = htons(PORT),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	must(fd >= 0);
	must(!(receives ? bind : connect)(fd, (struct sockaddr *)&sa,
					  sizeof(sa)));
	return fd;
}

/* What datagram @nr contains. */
static void fill(unsigned char *data, unsigned int nr)
{
	for (unsigned int i = 0; i < PAYLOAD; i++)
		data[i] = nr * 7 + i * 3 + i / 256;
}

static void send_to(int fd, unsigned int nr)
{
	unsigned char data[PAYLOAD];

	fill(data, nr);
	must(send(fd, data, PAYLOAD, 0) == PAYLOAD);
}

/* Does a frame contain datagram @nr? */
static bool is_datagram(const char *mac, unsigned int len, unsigned int nr)
{
	const struct frame *f = (const void *)mac;
	unsigned char data[PAYLOAD];

	fill(data, nr);
	return len == sizeof(*f) && ntohs(f->udp.dest) == PORT &&
	       !memcmp(f->data, data, PAYLOAD);
}

/* The interface shows each frame twice: as sent, and as received. */
static bool is_received(const char *sll)
{
	return ((const struct sockaddr_ll *)sll)->sll_pkttype == PACKET_HOST;
}

static void wait_for_ring(const struct ring *r)
{
	struct pollfd p = { .fd = r->fd, .events = POLLIN };

	must(poll(&p, 1, 10000) == 1);
}

/**
 * next_v2() - Take received datagrams, TPACKET_V2
 * @r:		ring
 * @from:	number of the first that is expected
 *
 * Return: how many have come as expected, -1 if one has not
 */
static int next_v2(struct ring *r, unsigned int from)
{
	struct tpacket2_hdr *h;
	int came = 0;

	for (;; r->at = (r->at + 1) % (ring_size(r) / FRAME)) {
		h = (void *)(r->mem + (size_t)r->at * FRAME);
		if (!(__atomic_load_n(&h->tp_status, __ATOMIC_ACQUIRE) &
		      TP_STATUS_USER))
			return came;
		if (is_received((char *)h + TPACKET_ALIGN(sizeof(*h))) &&
		    !is_datagram((char *)h + h->tp_mac, h->tp_snaplen,
				 from + came++))
			return -1;
		__atomic_store_n(&h->tp_status, TP_STATUS_KERNEL,
				 __ATOMIC_RELEASE);
	}
}

/** next_v3() - The same, TPACKET_V3 */
static int next_v3(struct ring *r, unsigned int from)
{
	struct tpacket_block_desc *b;
	struct tpacket3_hdr *h;
	int came = 0;

	for (;; r->at = (r->at + 1) % r->blocks) {
		b = (void *)(r->mem + (size_t)r->at * BLOCK);
		if (!(__atomic_load_n(&b->hdr.bh1.block_status,
				      __ATOMIC_ACQUIRE) & TP_STATUS_USER))
			return came;
		h = (void *)((char *)b + b->hdr.bh1.offset_to_first_pkt);
		for (unsigned int i = 0; i < b->hdr.bh1.num_pkts; i++) {
			if (is_received((char *)h + TPACKET_ALIGN(sizeof(*h))) &&
			    !is_datagram((char *)h + h->tp_mac, h->tp_snaplen,
					 from + came++))
				return -1;
			h = (void *)((char *)h + h->tp_next_offset);
		}
		__atomic_store_n(&b->hdr.bh1.block_status, TP_STATUS_KERNEL,
				 __ATOMIC_RELEASE);
	}
}

/**
 * passes() - Send datagrams and take them from the ring
 * @r:		ring
 * @to:		sending socket
 * @count:	how many
 *
 * Return: whether all have come, in order
 */
static bool passes(struct ring *r, int to, unsigned int count)
{
	unsigned int sent = 0, got = 0;
	int n;

	while (got < count) {
		while (sent < count && sent < got + 10)
			send_to(to, sent++);
		wait_for_ring(r);
		n = r->version == TPACKET_V3 ? next_v3(r, got) :
					       next_v2(r, got);
		if (n < 0)
			return false;
		got += n;
	}
	return true;
}

/** number_in() - Return: a number from a file of the host, behind a word */
static long number_in(const char *path, const char *word)
{
	char line[256];
	long number = -1;
	FILE *f = fopen(path, "r");

	must(f);
	while (number < 0 && fgets(line, sizeof(line), f))
		if (!strncmp(line, word, strlen(word)))
			number = atol(line + strlen(word));
	fclose(f);
	return number;
}

/** mappings() - Return: how many mappings the process has */
static long mappings(void)
{
	FILE *f = fopen("/proc/self/maps", "r");
	long count = 0;
	int c;

	must(f);
	while ((c = fgetc(f)) != EOF)
		count += c == '\n';
	fclose(f);
	return count;
}

static void receives(int version)
{
	struct ring r = ring_open(version, BLOCKS);
	int from = udp(true), to = udp(false);
	struct tpacket_stats_v3 stats;
	socklen_t len = sizeof(stats);

	ok(passes(&r, to, 10 * FRAMES),
	   "TPACKET_V%d: %u frames through a ring of %u", version + 1,
	   10 * FRAMES, FRAMES);
	must(!getsockopt(r.fd, SOL_PACKET, PACKET_STATISTICS, &stats, &len));
	ok(stats.tp_packets == 20 * FRAMES && !stats.tp_drops,
	   "and none is lost");
	must(!munmap(r.mem, ring_size(&r)));
	must(!close(r.fd));
	close(from);
	close(to);
}

static void again(int version)
{
	struct ring r = ring_open(version, BLOCKS);
	int from = udp(true), to = udp(false);

	ok(set_ring(r.fd, version, PACKET_RX_RING, 0) && errno == EBUSY,
	   "TPACKET_V%d: a ring that is mapped stays", version + 1);
	must(!munmap(r.mem, ring_size(&r)));
	ok(set_ring(r.fd, version, PACKET_RX_RING, 2) && errno == EBUSY,
	   "there is one ring at a time");
	ok(!set_ring(r.fd, version, PACKET_RX_RING, 0),
	   "one that is mapped no more goes");
	r.blocks = 2 * BLOCKS;
	r.at = 0;
	must(!set_ring(r.fd, version, PACKET_RX_RING, r.blocks));
	ring_map(&r);
	ok(passes(&r, to, 2 * FRAMES), "and makes room for another");
	must(!close(r.fd));
	must(!munmap(r.mem, ring_size(&r)));
	close(from);
	close(to);
}

/* What is mapped outlives its descriptor. */
static void closed(void)
{
	struct ring r = ring_open(TPACKET_V2, BLOCKS);
	int from = udp(true), to = udp(false);

	must(!close(r.fd));
	send_to(to, 0);
	ok(next_v2(&r, 0) == 1, "a closed socket fills its ring");
	must(!munmap(r.mem, ring_size(&r)));
	send_to(to, 1);
	ok(map(r.fd, ring_size(&r), PROT_READ, MAP_SHARED, 0) == MAP_FAILED &&
	   errno == EBADF, "and is no more to be mapped");
	close(from);
	close(to);
}

static void twice(void)
{
	struct ring r = ring_open(TPACKET_V2, BLOCKS), s = r;
	int from = udp(true), to = udp(false);

	ring_map(&s);
	ok(s.mem != r.mem, "a ring can be mapped twice");
	send_to(to, 0);
	ok(next_v2(&r, 0) == 1, "both show the same: a frame,");
	ok(next_v2(&s, 0) == 0, "and that it has been taken");
	must(!munmap(r.mem, ring_size(&r)));
	ok(set_ring(r.fd, r.version, PACKET_RX_RING, 0) && errno == EBUSY,
	   "one mapping less");
	/* In pieces, and as a part of something larger. */
	must(!munmap(s.mem, BLOCK));
	must(!munmap(s.mem + 3 * BLOCK, BLOCK));
	ok(set_ring(r.fd, r.version, PACKET_RX_RING, 0) && errno == EBUSY,
	   "half a mapping less");
	must(!munmap(s.mem, ring_size(&s)));
	ok(!set_ring(r.fd, r.version, PACKET_RX_RING, 0), "none is left");
	must(!close(r.fd));
	close(from);
	close(to);
}

static void many(bool closes_first)
{
	long rss = 0, maps = 0;

	for (int i = 0; i < TIMES; i++) {
		struct ring r = ring_open(i % 2 ? TPACKET_V2 : TPACKET_V3,
					  LARGE_BLOCKS);

		if (closes_first)
			must(!close(r.fd));
		must(!munmap(r.mem, ring_size(&r)));
		if (!closes_first)
			must(!close(r.fd));
		if (i == TIMES / 5) {
			rss = number_in("/proc/self/status", "VmRSS:");
			maps = mappings();
		}
	}
	rss = number_in("/proc/self/status", "VmRSS:") - rss;
	maps = mappings() - maps;
	ok(rss < 1024 && maps < 10, "%d rings, %s: %ld KiB, %ld mappings more",
	   TIMES, closes_first ? "closed and unmapped" : "unmapped and closed",
	   rss, maps);
}

static void protection(void)
{
	struct ring r = ring_open(TPACKET_V2, BLOCKS);
	int from = udp(true), to = udp(false);
	char *mem = map(r.fd, ring_size(&r), PROT_READ, MAP_SHARED, 0);

	must(mem != MAP_FAILED);
	send_to(to, 0);
	ok(recv(from, mem, 1, 0) < 0 && errno == EFAULT,
	   "a mapping to read is not written to");
	must(!munmap(mem, ring_size(&r)));
	must(!munmap(r.mem, ring_size(&r)));
	must(!close(r.fd));
	close(from);
	close(to);
}

/* Fill a frame of the ring to send from; the rest of it is zero. */
static void put_frame(char *mem, unsigned int nr)
{
	struct tpacket2_hdr *h = (void *)mem;
	struct frame *f = (void *)(mem + TPACKET2_HDRLEN -
				   sizeof(struct sockaddr_ll));
	const unsigned int len = sizeof(*f) - sizeof(f->eth);
	unsigned int sum = 0;

	f->eth.h_proto = htons(ETH_P_IP);
	f->ip = (struct iphdr){
		.version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_UDP,
		.tot_len = htons(len),
		.saddr = htonl(INADDR_LOOPBACK),
		.daddr = htonl(INADDR_LOOPBACK),
	};
	for (int i = 0; i < 10; i++)
		sum += ((unsigned short *)&f->ip)[i];
	f->ip.check = ~(sum + (sum >> 16));
	f->udp.source = htons(PORT + 1);
	f->udp.dest = htons(PORT);
	f->udp.len = htons(len - sizeof(f->ip));
	fill(f->data, nr);
	h->tp_len = sizeof(*f);
	__atomic_store_n(&h->tp_status, TP_STATUS_SEND_REQUEST,
			 __ATOMIC_RELEASE);
}

/* One mapping of both rings, that for receiving first. */
static void sends(void)
{
	int fd = packet_socket(), version = TPACKET_V2;
	struct ring r = { .fd = fd, .version = version, .blocks = BLOCKS };
	unsigned int sent = 0;
	char *tx;

	must(!setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version,
			 sizeof(version)));
	must(!set_ring(fd, version, PACKET_RX_RING, BLOCKS));
	must(!set_ring(fd, version, PACKET_TX_RING, BLOCKS));
	r.mem = map(fd, 2 * ring_size(&r), PROT_READ | PROT_WRITE, MAP_SHARED,
		    0);
	must(r.mem != MAP_FAILED);
	tx = r.mem + ring_size(&r);
	for (unsigned int i = 0; i < FRAMES; i++)
		put_frame(tx + i * FRAME, i);
	must(send(fd, NULL, 0, 0) == (ssize_t)(FRAMES * sizeof(struct frame)));
	for (unsigned int i = 0; i < FRAMES; i++)
		sent += ((struct tpacket2_hdr *)(tx + i * FRAME))->tp_status ==
			TP_STATUS_AVAILABLE;
	ok(sent == FRAMES, "PACKET_TX_RING: %u of %u frames sent", sent,
	   FRAMES);
	ok(next_v2(&r, 0) == (int)FRAMES, "they are in the other ring");
	must(!munmap(r.mem, 2 * ring_size(&r)));
	must(!close(fd));
}

static void not_mapped(int fd, size_t size, int flags, off_t offset, int error,
		       const char *what)
{
	void *mem = map(fd, size, PROT_READ, flags, offset);

	ok(mem == MAP_FAILED && errno == error, "%s: %s", what,
	   strerror(error));
	if (mem != MAP_FAILED)
		munmap(mem, size);
}

/* @lkl: with what LKL refuses, and the host does not, or otherwise */
static void refused(bool lkl)
{
	int fd = packet_socket(), other = udp(false), file;

	not_mapped(fd, BLOCK, MAP_SHARED, 0, EINVAL, "no ring");
	must(!set_ring(fd, TPACKET_V1, PACKET_RX_RING, BLOCKS));
	not_mapped(fd, BLOCK, MAP_SHARED, 0, EINVAL, "part of a ring");
	not_mapped(fd, 1UL << 40, MAP_SHARED, 0, EINVAL, "more than a ring");
	not_mapped(fd, BLOCKS * BLOCK, MAP_SHARED, 4096, EINVAL,
		   "the ring from its second page");
	not_mapped(fd, BLOCKS * BLOCK, MAP_SHARED, 1, EINVAL, "odd offset");
	not_mapped(fd, 0, MAP_SHARED, 0, EINVAL, "nothing");
	not_mapped(fd, BLOCK, 0, 0, EINVAL, "neither shared nor private");
	not_mapped(other, BLOCK, MAP_SHARED, 0, ENODEV, "a UDP socket");
	not_mapped(other, BLOCK, MAP_PRIVATE, 0, ENODEV, "and private");
	close(fd);
	close(other);
	if (!lkl)
		return;
	fd = socket(AF_INET, SOCK_STREAM, 0);
	not_mapped(fd, BLOCK, MAP_SHARED, 0, ENODEV, "a TCP socket");
	close(fd);
	file = open("/proc/net/dev", O_RDONLY);
	must(file >= 0);
	not_mapped(file, BLOCK, MAP_SHARED, 0, ENODEV, "a file of the kernel");
	not_mapped(file, BLOCK, MAP_PRIVATE, 0, ENODEV, "and private");
	close(file);
}

/* @lkl: the child is without the kernel, and the ring */
static void forked(bool lkl)
{
	struct ring r = ring_open(TPACKET_V2, BLOCKS);
	int from = udp(true), to = udp(false), status;
	pid_t pid = fork();

	must(pid >= 0);
	if (!pid) {
		/* With a kernel in another process it cannot have one. */
		must(!lkl || map(r.fd, ring_size(&r), PROT_READ, MAP_SHARED,
				 0) == MAP_FAILED);
		must(!munmap(r.mem, ring_size(&r)));
		must(map(-1, ring_size(&r), PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, 0) != MAP_FAILED);
		_exit(42);
	}
	must(waitpid(pid, &status, 0) == pid);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 42,
	   "a child unmaps the ring");
	ok(passes(&r, to, 2 * FRAMES), "its parent still has it");
	if (lkl) {
		pid = fork();
		must(pid >= 0);
		if (!pid) {
			r.mem[0] = 1;
			_exit(0);
		}
		must(waitpid(pid, &status, 0) == pid);
		ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV,
		   "in a child it is not mapped");
	}
	must(!munmap(r.mem, ring_size(&r)));
	must(!close(r.fd));
	close(from);
	close(to);
}

int main(int argc, char **argv)
{
	bool lkl = argc < 2 || strcmp(argv[1], "host");

	for (int version = TPACKET_V2; version <= TPACKET_V3; version++) {
		receives(version);
		again(version);
	}
	closed();
	twice();
	protection();
	sends();
	refused(lkl);
	forked(lkl);
	many(false);
	many(true);
	return tap_done();
}
