// SPDX-License-Identifier: GPL-2.0
/*
 * route.c - Gateways, for all packets and by source address
 *
 * An interface has two tables of its own, one for each address family. A rule
 * sends packets from its address there, and there they find its network and
 * its own default route.
 */
#include <string.h>

#include <lkl/linux/fib_rules.h>

#include "net/route.h"
#include "net/rtnl.h"

/** table_of() - Return: an interface's own table for family @af */
static unsigned int table_of(int ifindex, int af)
{
	return 2 * ifindex + (af == LKL_AF_INET6);
}

/**
 * begin_route() - Begin a request to add a route, or to replace one
 * @req:	request
 * @af:		address family
 * @len:	prefix length of the destination
 * @scope:	LKL_RT_SCOPE_*
 * @ifindex:	interface, 0: whichever reaches the gateway
 * @table:	routing table
 */
static void begin_route(struct rtnl *req, int af, unsigned int len, int scope,
			int ifindex, unsigned int table)
{
	const struct lkl_rtmsg msg = {
		.rtm_family = af,
		.rtm_dst_len = len,
		.rtm_protocol = LKL_RTPROT_STATIC,
		.rtm_scope = scope,
		.rtm_type = LKL_RTN_UNICAST,
	};

	rtnl_init(req, LKL_RTM_NEWROUTE, LKL_NLM_F_CREATE | LKL_NLM_F_REPLACE,
		  &msg, sizeof(msg));
	rtnl_put_u32(req, LKL_RTA_TABLE, table);
	if (ifindex)
		rtnl_put_u32(req, LKL_RTA_OIF, ifindex);
}

/**
 * route_default() - Set the default route of a table
 * @af:		address family
 * @gw:		gateway
 * @ifindex:	interface, 0: whichever reaches the gateway
 * @table:	routing table
 *
 * Return: 0 or a negative errno
 */
int route_default(int af, const void *gw, int ifindex, unsigned int table)
{
	struct rtnl req;

	if (!addr_len(af))
		return -LKL_EAFNOSUPPORT;
	begin_route(&req, af, 0, LKL_RT_SCOPE_UNIVERSE, ifindex, table);
	rtnl_put(&req, LKL_RTA_GATEWAY, gw, addr_len(af));
	return rtnl_do(&req);
}

/**
 * route_network() - Set the route to the network of an interface
 * @ifindex:	interface
 * @af:		address family
 * @addr:	an address of the network
 * @len:	its prefix length
 *
 * Return: 0 or a negative errno
 */
static int route_network(int ifindex, int af, const void *addr,
			 unsigned int len)
{
	unsigned char net[16];
	struct rtnl req;

	if (len > 8 * addr_len(af))
		return -LKL_EINVAL;
	memcpy(net, addr, addr_len(af));
	for (unsigned int bit = len; bit < 8 * addr_len(af); bit++)
		net[bit / 8] &= ~(0x80 >> bit % 8);
	begin_route(&req, af, len, LKL_RT_SCOPE_LINK, ifindex,
		    table_of(ifindex, af));
	rtnl_put(&req, LKL_RTA_DST, net, addr_len(af));
	return rtnl_do(&req);
}

int lkl_add_gateway(int af, void *gw)
{
	return route_default(af, gw, 0, LKL_RT_TABLE_MAIN);
}

int lkl_set_ipv4_gateway(unsigned int addr)
{
	return lkl_add_gateway(LKL_AF_INET, &addr);
}

int lkl_set_ipv6_gateway(void *addr)
{
	return lkl_add_gateway(LKL_AF_INET6, addr);
}

int lkl_if_add_gateway(int ifindex, int af, void *gw)
{
	return route_default(af, gw, ifindex, table_of(ifindex, af));
}

int lkl_if_add_rule_from_saddr(int ifindex, int af, void *saddr)
{
	const struct lkl_fib_rule_hdr msg = {
		.family = af,
		.src_len = 8 * addr_len(af),
		.action = LKL_FR_ACT_TO_TBL,
	};
	struct rtnl req;
	int err;

	if (!addr_len(af))
		return -LKL_EAFNOSUPPORT;
	rtnl_init(&req, LKL_RTM_NEWRULE, LKL_NLM_F_CREATE | LKL_NLM_F_EXCL,
		  &msg, sizeof(msg));
	rtnl_put(&req, LKL_FRA_SRC, saddr, addr_len(af));
	rtnl_put_u32(&req, LKL_FRA_TABLE, table_of(ifindex, af));
	err = rtnl_do(&req);
	return err == -LKL_EEXIST ? 0 : err;
}

/**
 * set_own_gateway() - Give an interface a default route of its own
 * @ifindex:	interface
 * @af:		address family
 * @addr:	its address
 * @len:	prefix length of its network
 * @gw:		gateway
 *
 * The rule comes last: packets never see a table that is not complete.
 *
 * Return: 0 or a negative errno
 */
static int set_own_gateway(int ifindex, int af, void *addr, unsigned int len,
			   void *gw)
{
	int err = route_network(ifindex, af, addr, len);

	if (!err)
		err = lkl_if_add_gateway(ifindex, af, gw);
	if (!err)
		err = lkl_if_add_rule_from_saddr(ifindex, af, addr);
	return err;
}

int lkl_if_set_ipv4_gateway(int ifindex, unsigned int addr,
			    unsigned int netmask_len, unsigned int gw_addr)
{
	return set_own_gateway(ifindex, LKL_AF_INET, &addr, netmask_len,
			       &gw_addr);
}

int lkl_if_set_ipv6_gateway(int ifindex, void *addr, unsigned int netmask_len,
			    void *gw_addr)
{
	return set_own_gateway(ifindex, LKL_AF_INET6, addr, netmask_len,
			       gw_addr);
}
