// SPDX-License-Identifier: GPL-2.0
/*
 * ifaddrs.c - getifaddrs(): the interfaces and addresses of the LKL kernel
 *
 * libc asks the kernel with system calls of its own, which would show the
 * host's interfaces. Here both lists come from LKL, in the order and with the
 * contents libc gives: links first (AF_PACKET), then addresses.
 */
#include "calls.h"
#include "rtnl.h"

#include <ifaddrs.h>
#include <linux/if_addr.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <netinet/in.h>

/* Link-layer addresses longer than sockaddr_ll's field exist (Infiniband). */
#define LL_ROOM 32

/**
 * struct entry - One interface or address, with all it points to
 * @ifa:	what the program sees; first, so that it can be freed as this
 * @index:	of the interface
 * @name:	of the interface, or the label of the address
 * @addr:	sockaddr of the address, @mask and @peer likewise
 * @stats:	counters of the interface
 */
struct entry {
	struct ifaddrs ifa;
	int index;
	char name[IFNAMSIZ];
	union any {
		struct sockaddr sa;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
		struct sockaddr_ll ll;
		char room[offsetof(struct sockaddr_ll, sll_addr) + LL_ROOM];
	} addr, mask, peer;
	struct rtnl_link_stats stats;
};

/**
 * struct list - A list while it is built
 * @first:	what getifaddrs() will return
 * @last:	where the next one is linked
 */
struct list {
	struct ifaddrs *first;
	struct ifaddrs **last;
};

/**
 * add() - Append an empty entry
 * @list:	list
 *
 * Return: the entry, or NULL
 */
static struct entry *add(struct list *list)
{
	struct entry *e = calloc(1, sizeof(*e));

	if (!e)
		return NULL;
	e->ifa.ifa_name = e->name;
	*list->last = &e->ifa;
	list->last = &e->ifa.ifa_next;
	return e;
}

/**
 * copy_name() - Take a name from an attribute
 * @name:	where to
 * @a:		attribute, or NULL for none
 */
static void copy_name(char name[IFNAMSIZ], const struct rtattr *a)
{
	size_t len;

	if (!a)
		return;
	len = RTA_PAYLOAD(a) < IFNAMSIZ ? RTA_PAYLOAD(a) : IFNAMSIZ - 1;
	memset(name, 0, IFNAMSIZ);
	memcpy(name, RTA_DATA(a), len);
}

/**
 * set_ll() - Make a link-layer address
 * @to:		where to
 * @info:	the interface
 * @a:		attribute with the bytes, or NULL for none
 */
static void set_ll(union any *to, const struct ifinfomsg *info,
		   const struct rtattr *a)
{
	to->ll.sll_family = AF_PACKET;
	to->ll.sll_ifindex = info->ifi_index;
	to->ll.sll_hatype = info->ifi_type;
	if (a && RTA_PAYLOAD(a) <= LL_ROOM) {
		to->ll.sll_halen = RTA_PAYLOAD(a);
		memcpy(to->room + offsetof(struct sockaddr_ll, sll_addr),
		       RTA_DATA(a), RTA_PAYLOAD(a));
	}
}

static int visit_link(const struct nlmsghdr *nl, void *data)
{
	const struct ifinfomsg *info = NLMSG_DATA(nl);
	const struct rtattr *a;
	struct entry *e;

	if (nl->nlmsg_type != RTM_NEWLINK)
		return 0;
	e = add(data);
	if (!e)
		return -ENOMEM;
	e->index = info->ifi_index;
	e->ifa.ifa_flags = info->ifi_flags;
	copy_name(e->name, rtnl_attr(nl, sizeof(*info), IFLA_IFNAME));
	set_ll(&e->addr, info, rtnl_attr(nl, sizeof(*info), IFLA_ADDRESS));
	e->ifa.ifa_addr = &e->addr.sa;
	a = rtnl_attr(nl, sizeof(*info), IFLA_BROADCAST);
	if (a) {
		set_ll(&e->peer, info, a);
		e->ifa.ifa_broadaddr = &e->peer.sa;
	}
	a = rtnl_attr(nl, sizeof(*info), IFLA_STATS);
	if (a && RTA_PAYLOAD(a) >= sizeof(e->stats)) {
		memcpy(&e->stats, RTA_DATA(a), sizeof(e->stats));
		e->ifa.ifa_data = &e->stats;
	}
	return 0;
}

/**
 * set_ip() - Make an IP address
 * @to:		where to
 * @info:	the address entry it is of
 * @bytes:	its bytes
 *
 * Return: the sockaddr
 */
static struct sockaddr *set_ip(union any *to, const struct ifaddrmsg *info,
			       const void *bytes)
{
	to->sa.sa_family = info->ifa_family;
	if (info->ifa_family == AF_INET) {
		memcpy(&to->in.sin_addr, bytes, sizeof(to->in.sin_addr));
		return &to->sa;
	}
	memcpy(&to->in6.sin6_addr, bytes, sizeof(to->in6.sin6_addr));
	if (IN6_IS_ADDR_LINKLOCAL(&to->in6.sin6_addr) ||
	    IN6_IS_ADDR_MC_LINKLOCAL(&to->in6.sin6_addr))
		to->in6.sin6_scope_id = info->ifa_index;
	return &to->sa;
}

/**
 * set_mask() - Make a netmask
 * @to:		where to
 * @info:	the address entry it is of
 *
 * Return: the sockaddr
 */
static struct sockaddr *set_mask(union any *to, const struct ifaddrmsg *info)
{
	unsigned int bits = info->ifa_prefixlen;
	unsigned char mask[16] = { 0 };

	for (unsigned int i = 0; i < bits && i < 128; i++)
		mask[i / 8] |= 0x80 >> (i % 8);
	to->sa.sa_family = info->ifa_family;
	if (info->ifa_family == AF_INET)
		memcpy(&to->in.sin_addr, mask, sizeof(to->in.sin_addr));
	else
		memcpy(&to->in6.sin6_addr, mask, sizeof(to->in6.sin6_addr));
	return &to->sa;
}

/**
 * set_addresses() - Fill an entry from an address message
 * @e:		entry
 * @nl:		message
 *
 * On a point-to-point interface IFA_ADDRESS is the peer, IFA_LOCAL ours.
 */
static void set_addresses(struct entry *e, const struct nlmsghdr *nl)
{
	const struct ifaddrmsg *info = NLMSG_DATA(nl);
	const struct rtattr *addr, *local, *brd;

	addr = rtnl_attr(nl, sizeof(*info), IFA_ADDRESS);
	local = rtnl_attr(nl, sizeof(*info), IFA_LOCAL);
	brd = rtnl_attr(nl, sizeof(*info), IFA_BROADCAST);
	if (local) {
		e->ifa.ifa_addr = set_ip(&e->addr, info, RTA_DATA(local));
		if (e->ifa.ifa_flags & IFF_POINTOPOINT && addr)
			e->ifa.ifa_dstaddr = set_ip(&e->peer, info,
						    RTA_DATA(addr));
	} else if (addr) {
		e->ifa.ifa_addr = set_ip(&e->addr, info, RTA_DATA(addr));
	}
	if (brd && !e->ifa.ifa_dstaddr)
		e->ifa.ifa_broadaddr = set_ip(&e->peer, info, RTA_DATA(brd));
	e->ifa.ifa_netmask = set_mask(&e->mask, info);
}

static int visit_addr(const struct nlmsghdr *nl, void *data)
{
	const struct ifaddrmsg *info = NLMSG_DATA(nl);
	struct list *list = data;
	const struct entry *link;
	struct entry *e;

	if (nl->nlmsg_type != RTM_NEWADDR ||
	    (info->ifa_family != AF_INET && info->ifa_family != AF_INET6))
		return 0;
	for (link = (void *)list->first; link; link = (void *)link->ifa.ifa_next)
		if (link->index == (int)info->ifa_index)
			break;
	if (!link)
		return 0;	/* came between the two lists */
	e = add(list);
	if (!e)
		return -ENOMEM;
	e->index = info->ifa_index;
	e->ifa.ifa_flags = link->ifa.ifa_flags;
	memcpy(e->name, link->name, sizeof(e->name));
	copy_name(e->name, rtnl_attr(nl, sizeof(*info), IFA_LABEL));
	set_addresses(e, nl);
	return 0;
}

/**
 * freeifaddrs() - Free a list
 * @ifa:	from getifaddrs()
 */
EXPORT void freeifaddrs(struct ifaddrs *ifa)
{
	struct ifaddrs *next;

	for (; ifa; ifa = next) {
		next = ifa->ifa_next;
		free(ifa);
	}
}

/**
 * getifaddrs() - List the interfaces and their addresses
 * @ifap:	receives the list
 *
 * Return: 0, or -1 with errno
 */
EXPORT int getifaddrs(struct ifaddrs **ifap)
{
	struct list list = { NULL, &list.first };
	int err;

	err = rtnl_dump(RTM_GETLINK, visit_link, &list);
	if (!err)
		err = rtnl_dump(RTM_GETADDR, visit_addr, &list);
	if (err) {
		freeifaddrs(list.first);
		errno = -err;
		return -1;
	}
	*ifap = list.first;
	return 0;
}
