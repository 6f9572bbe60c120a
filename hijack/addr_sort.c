// SPDX-License-Identifier: GPL-2.0
/*
 * addr_sort.c - The order in which addresses of a host are worth trying
 *
 * RFC 6724, section 6, rules 1, 2, 5, 6, 8 and 10, with the default policy
 * table. The source address that LKL would use is found by connecting a
 * datagram socket, which sends nothing.
 */
#include "dns.h"
#include "kernel.h"

#define SCOPE_LINK	2
#define SCOPE_SITE	5
#define SCOPE_GLOBAL	14

/**
 * struct key - What the order is made of
 * @addr:	address
 * @place:	where it was in the list
 * @reachable:	there is a source address (rule 1)
 * @same_scope:	of the same scope (rule 2)
 * @same_label:	of the same label (rule 5)
 * @precedence:	of the policy table (rule 6)
 * @scope:	smaller first (rule 8)
 */
struct key {
	struct dns_addr addr;
	int place;
	bool reachable;
	bool same_scope;
	bool same_label;
	int precedence;
	int scope;
};

/**
 * struct policy - A line of the policy table, RFC 6724 section 2.1
 * @prefix:	address prefix, IPv4 as mapped addresses
 * @bits:	its length
 * @precedence:	bigger first
 * @label:	source and destination should have the same
 */
static const struct policy {
	unsigned char prefix[16];
	int bits, precedence, label;
} policies[] = {
	{ { [15] = 1 }, 128, 50, 0 },
	{ { [10] = 0xff, 0xff }, 96, 35, 4 },
	{ { 0 }, 96, 1, 3 },
	{ { 0x20, 0x01 }, 32, 5, 5 },
	{ { 0x20, 0x02 }, 16, 30, 2 },
	{ { 0x3f, 0xfe }, 16, 1, 12 },
	{ { 0xfe, 0xc0 }, 10, 1, 11 },
	{ { 0xfc }, 7, 3, 13 },
	{ { 0 }, 0, 40, 1 },
};

/** has_prefix() - Return: true if the first @bits of both are the same */
static bool has_prefix(const unsigned char *a, const unsigned char *b, int bits)
{
	int rest = bits % 8;

	return !memcmp(a, b, bits / 8) &&
	       (!rest || !((a[bits / 8] ^ b[bits / 8]) >> (8 - rest)));
}

/**
 * policy_of() - Line of the policy table for an address
 * @addr:	address
 *
 * Return: the line; the last one fits everything
 */
static const struct policy *policy_of(const struct dns_addr *addr)
{
	unsigned char mapped[16] = { [10] = 0xff, 0xff };
	const unsigned char *bytes = addr->bytes;
	const struct policy *p = policies;

	if (addr->family == AF_INET) {
		memcpy(mapped + 12, addr->bytes, 4);
		bytes = mapped;
	}
	while (!has_prefix(bytes, p->prefix, p->bits))
		p++;
	return p;
}

/**
 * scope_of() - Scope of an address, RFC 6724 section 3.1 and 3.2
 * @addr:	address
 *
 * Return: SCOPE_* or a multicast scope
 */
static int scope_of(const struct dns_addr *addr)
{
	const unsigned char *b = addr->bytes;
	const struct in6_addr *in6 = (const void *)b;

	if (addr->family == AF_INET)
		return b[0] == 127 || (b[0] == 169 && b[1] == 254) ?
		       SCOPE_LINK : SCOPE_GLOBAL;
	if (b[0] == 0xff)
		return b[1] & 0xf;
	if (IN6_IS_ADDR_LOOPBACK(in6) || IN6_IS_ADDR_LINKLOCAL(in6))
		return SCOPE_LINK;
	return IN6_IS_ADDR_SITELOCAL(in6) ? SCOPE_SITE : SCOPE_GLOBAL;
}

/**
 * source_for() - Source address that LKL would use for a destination
 * @to:		destination
 * @from:	receives the source address
 *
 * Return: true if there is a route
 */
static bool source_for(const struct dns_addr *to, struct dns_addr *from)
{
	struct sockaddr_in6 sa = { .sin6_family = to->family };
	struct sockaddr_in *in = (void *)&sa;
	void *bytes = to->family == AF_INET ? (void *)&in->sin_addr :
					      (void *)&sa.sin6_addr;
	socklen_t len = to->family == AF_INET ? sizeof(*in) : sizeof(sa);
	long fd, ret;

	sa.sin6_port = htons(53);
	memcpy(bytes, to->bytes, dns_addr_len(to->family));
	if (to->family == AF_INET6)
		sa.sin6_scope_id = to->scope;
	fd = LKL(SYS_socket, to->family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;
	ret = LKL(SYS_connect, fd, &sa, len);
	if (!ret)
		ret = LKL(SYS_getsockname, fd, &sa, &len);
	LKL(SYS_close, fd);
	from->family = to->family;
	memcpy(from->bytes, bytes, dns_addr_len(to->family));
	return !ret;
}

static int compare(const void *a, const void *b)
{
	const struct key *x = a, *y = b;

	if (x->reachable != y->reachable)
		return y->reachable - x->reachable;
	if (x->same_scope != y->same_scope)
		return y->same_scope - x->same_scope;
	if (x->same_label != y->same_label)
		return y->same_label - x->same_label;
	if (x->precedence != y->precedence)
		return y->precedence - x->precedence;
	if (x->scope != y->scope)
		return x->scope - y->scope;
	return x->place - y->place;
}

/**
 * addr_sort() - Put the addresses worth trying first to the front
 * @addrs:	addresses
 * @n:		how many
 *
 * Without memory or a kernel the order stays.
 */
void addr_sort(struct dns_addr *addrs, int n)
{
	struct dns_addr from;
	struct key *keys;

	if (n < 2 || kernel_need())
		return;
	keys = calloc(n, sizeof(*keys));
	if (!keys)
		return;
	for (int i = 0; i < n; i++) {
		struct key *k = &keys[i];
		const struct policy *p = policy_of(&addrs[i]);

		*k = (struct key){ .addr = addrs[i], .place = i };
		k->precedence = p->precedence;
		k->scope = scope_of(&addrs[i]);
		k->reachable = source_for(&addrs[i], &from);
		if (k->reachable) {
			k->same_scope = scope_of(&from) == k->scope;
			k->same_label = policy_of(&from)->label == p->label;
		}
	}
	qsort(keys, n, sizeof(keys[0]), compare);
	for (int i = 0; i < n; i++)
		addrs[i] = keys[i].addr;
	free(keys);
}
