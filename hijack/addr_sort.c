// SPDX-License-Identifier: GPL-2.0
/*
 * addr_sort.c - The order in which addresses of a host are worth trying
 *
 * As libc has it: RFC 3484, section 6, rules 1, 2, 5, 6, 8, 9 and 10. The source
 * address that LKL would use is found by connecting a datagram socket, which
 * sends nothing.
 */
#include "addr_policy.h"
#include "dns.h"
#include "kernel.h"

#include <ifaddrs.h>
#include <netinet/in.h>

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
 * @common:	bits that source and destination share, longer first (rule 9)
 */
struct key {
	struct dns_addr addr;
	int place;
	bool reachable;
	bool same_scope;
	bool same_label;
	int precedence;
	int scope;
	int common;
};

/**
 * as_v6() - The address as an IPv6 one, for the tables
 * @addr:	address
 * @bytes:	receives it
 */
static void as_v6(const struct dns_addr *addr, unsigned char bytes[16])
{
	static const unsigned char mapped[12] = { [10] = 0xff, 0xff };

	if (addr->family == AF_INET6) {
		memcpy(bytes, addr->bytes, 16);
		return;
	}
	memcpy(bytes, mapped, 12);
	memcpy(bytes + 12, addr->bytes, 4);
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

/**
 * netmask_of() - Netmask of an IPv4 address of ours
 * @list:	all addresses
 * @addr:	one of them
 *
 * Return: mask, network order; of a single host if it is unknown
 */
static in_addr_t netmask_of(const struct ifaddrs *list,
			    const struct dns_addr *addr)
{
	for (; list; list = list->ifa_next) {
		const struct sockaddr_in *in = (void *)list->ifa_addr;

		if (in && in->sin_family == AF_INET &&
		    !memcmp(&in->sin_addr, addr->bytes, 4))
			return ((struct sockaddr_in *)list->ifa_netmask)
				->sin_addr.s_addr;
	}
	return INADDR_BROADCAST;
}

/**
 * common_bits() - Bits that source and destination share
 * @from:	source
 * @to:		destination
 * @list:	all addresses of ours
 *
 * Return: how many; 0 for IPv4 addresses of different networks, where it means
 * nothing
 */
static int common_bits(const struct dns_addr *from, const struct dns_addr *to,
		       const struct ifaddrs *list)
{
	int len = 8 * dns_addr_len(to->family), n = 0;
	in_addr_t a, b;

	if (to->family == AF_INET) {
		memcpy(&a, from->bytes, 4);
		memcpy(&b, to->bytes, 4);
		if ((a ^ b) & netmask_of(list, from))
			return 0;
	}
	while (n < len && !((from->bytes[n / 8] ^ to->bytes[n / 8]) &
			    0x80 >> n % 8))
		n++;
	return n;
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
	if (x->addr.family == y->addr.family && x->common != y->common)
		return y->common - x->common;
	return x->place - y->place;
}

/**
 * make_key() - Find out what is to be known about an address
 * @k:		has address and place; receives the rest
 * @policy:	tables
 * @list:	all addresses of ours
 */
static void make_key(struct key *k, const struct addr_policy *policy,
		     const struct ifaddrs *list)
{
	unsigned char to[16], source[16];
	struct dns_addr from;

	as_v6(&k->addr, to);
	k->precedence = policy_value(&policy->precedence, to);
	k->scope = scope_of(&k->addr);
	k->reachable = source_for(&k->addr, &from);
	if (!k->reachable)
		return;
	as_v6(&from, source);
	k->same_scope = scope_of(&from) == k->scope;
	k->same_label = policy_value(&policy->label, source) ==
			policy_value(&policy->label, to);
	k->common = common_bits(&from, &k->addr, list);
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
	struct addr_policy policy;
	struct ifaddrs *list;
	struct key *keys;

	if (n < 2 || kernel_need())
		return;
	keys = calloc(n, sizeof(*keys));
	if (!keys)
		return;
	if (getifaddrs(&list))
		list = NULL;
	addr_policy_read(&policy);
	for (int i = 0; i < n; i++) {
		keys[i] = (struct key){ .addr = addrs[i], .place = i };
		make_key(&keys[i], &policy, list);
	}
	freeifaddrs(list);
	qsort(keys, n, sizeof(keys[0]), compare);
	for (int i = 0; i < n; i++)
		addrs[i] = keys[i].addr;
	free(keys);
}
