// SPDX-License-Identifier: GPL-2.0
/*
 * addr.c - Addresses of interfaces
 */
#include <lkl/linux/if_addr.h>
#include <lkl/linux/time_types.h>

#include "net/rtnl.h"

/* How long duplicate address detection may take, and how often to look. */
#define DAD_MS		10000
#define DAD_LOOK_MS	10

/* Longest IPv4 prefix of a network that has a broadcast address. */
#define BROADCAST_LEN	30

/**
 * put_broadcast() - Append the broadcast address of a network
 * @req:	request
 * @addr:	an IPv4 address of the network
 * @len:	its prefix length, 1 to BROADCAST_LEN
 */
static void put_broadcast(struct rtnl *req, const unsigned char *addr,
			  unsigned int len)
{
	unsigned int host = 0xffffffffu >> len;
	unsigned char broadcast[4];

	for (int i = 0; i < 4; i++)
		broadcast[i] = addr[i] | host >> (24 - 8 * i);
	rtnl_put(req, LKL_IFA_BROADCAST, broadcast, sizeof(broadcast));
}

/**
 * change() - Add or remove an address
 * @type:	LKL_RTM_NEWADDR or LKL_RTM_DELADDR
 * @flags:	LKL_NLM_F_*
 * @msg:	family, prefix length, scope, interface, LKL_IFA_F_*
 * @addr:	address
 *
 * Return: 0 or a negative errno
 */
static int change(int type, int flags, const struct lkl_ifaddrmsg *msg,
		  const void *addr)
{
	size_t len = addr_len(msg->ifa_family);
	struct rtnl req;

	if (!len)
		return -LKL_EAFNOSUPPORT;
	if (msg->ifa_prefixlen > 8 * len)
		return -LKL_EINVAL;
	rtnl_init(&req, type, flags, msg, sizeof(*msg));
	rtnl_put(&req, LKL_IFA_LOCAL, addr, len);
	rtnl_put(&req, LKL_IFA_ADDRESS, addr, len);
	if (type == LKL_RTM_NEWADDR && msg->ifa_family == LKL_AF_INET &&
	    msg->ifa_prefixlen && msg->ifa_prefixlen <= BROADCAST_LEN)
		put_broadcast(&req, addr, msg->ifa_prefixlen);
	return rtnl_do(&req);
}

int lkl_if_set_ipv4(int ifindex, unsigned int addr, unsigned int netmask_len)
{
	const struct lkl_ifaddrmsg msg = {
		.ifa_family = LKL_AF_INET,
		.ifa_prefixlen = netmask_len,
		.ifa_index = ifindex,
	};

	if (!netmask_len || netmask_len > 32)
		return -LKL_EINVAL;
	return change(LKL_RTM_NEWADDR, LKL_NLM_F_CREATE | LKL_NLM_F_REPLACE,
		      &msg, &addr);
}

int lkl_if_set_ipv6(int ifindex, void *addr, unsigned int netprefix_len)
{
	const struct lkl_ifaddrmsg msg = {
		.ifa_family = LKL_AF_INET6,
		.ifa_prefixlen = netprefix_len,
		.ifa_flags = LKL_IFA_F_NODAD,
		.ifa_index = ifindex,
	};

	if (!netprefix_len || netprefix_len > 128)
		return -LKL_EINVAL;
	return change(LKL_RTM_NEWADDR, LKL_NLM_F_CREATE | LKL_NLM_F_REPLACE,
		      &msg, addr);
}

int lkl_if_add_ip(int ifindex, int af, void *addr, unsigned int len)
{
	const struct lkl_ifaddrmsg msg = {
		.ifa_family = af,
		.ifa_prefixlen = len,
		.ifa_index = ifindex,
	};

	return change(LKL_RTM_NEWADDR, LKL_NLM_F_CREATE | LKL_NLM_F_EXCL, &msg,
		      addr);
}

int lkl_if_del_ip(int ifindex, int af, void *addr, unsigned int len)
{
	const struct lkl_ifaddrmsg msg = {
		.ifa_family = af,
		.ifa_prefixlen = len,
		.ifa_index = ifindex,
	};

	return change(LKL_RTM_DELADDR, 0, &msg, addr);
}

int lkl_if_add_linklocal(int ifindex, int af, void *addr, int len)
{
	const struct lkl_ifaddrmsg msg = {
		.ifa_family = af,
		.ifa_prefixlen = len,
		.ifa_scope = LKL_RT_SCOPE_LINK,
		.ifa_index = ifindex,
	};

	return change(LKL_RTM_NEWADDR, LKL_NLM_F_CREATE | LKL_NLM_F_EXCL, &msg,
		      addr);
}

/**
 * dad_state() - How far has duplicate address detection come?
 * @ifindex:	interface
 * @addr:	IPv6 address
 *
 * Return: 0 (done), -LKL_EAGAIN (going on), or what
 * lkl_if_wait_ipv6_dad() returns
 */
static int dad_state(int ifindex, const void *addr)
{
	struct lkl_ifaddrmsg msg = {
		.ifa_family = LKL_AF_INET6,
		.ifa_index = ifindex,
	};
	struct rtnl req;
	int err;

	rtnl_init(&req, LKL_RTM_GETADDR, 0, &msg, sizeof(msg));
	rtnl_put(&req, LKL_IFA_ADDRESS, addr, addr_len(LKL_AF_INET6));
	err = rtnl_get(&req, &msg, sizeof(msg));
	if (err)
		return err;
	if (msg.ifa_flags & LKL_IFA_F_DADFAILED)
		return -LKL_EADDRINUSE;
	return msg.ifa_flags & LKL_IFA_F_TENTATIVE ? -LKL_EAGAIN : 0;
}

int lkl_if_wait_ipv6_dad(int ifindex, void *addr)
{
	struct __lkl__kernel_timespec look = {
		.tv_nsec = DAD_LOOK_MS * 1000000,
	};
	int err;

	for (int ms = 0; ms < DAD_MS; ms += DAD_LOOK_MS) {
		err = dad_state(ifindex, addr);
		if (err != -LKL_EAGAIN)
			return err;
		lkl_sys_nanosleep(&look, NULL);
	}
	return -LKL_ETIMEDOUT;
}
