// SPDX-License-Identifier: GPL-2.0
/*
 * link.c - Interfaces: find, enable, size of packets
 */
#include <string.h>

#include <lkl/linux/if.h>
#include <lkl/linux/if_link.h>

#include "net/rtnl.h"

int lkl_ifname_to_ifindex(const char *name)
{
	struct lkl_ifinfomsg link = { .ifi_family = LKL_AF_UNSPEC };
	size_t len = strlen(name);
	struct rtnl req;
	int err;

	if (!len || len >= LKL_IFNAMSIZ)
		return -LKL_ENODEV;
	rtnl_init(&req, LKL_RTM_GETLINK, 0, &link, sizeof(link));
	rtnl_put(&req, LKL_IFLA_IFNAME, name, len + 1);
	rtnl_put_u32(&req, LKL_IFLA_EXT_MASK, LKL_RTEXT_FILTER_SKIP_STATS);
	err = rtnl_get(&req, &link, sizeof(link));
	return err ? err : link.ifi_index;
}

/**
 * set_flags() - Set flags of an interface
 * @ifindex:	interface
 * @mask:	which, LKL_IFF_*
 * @flags:	their values
 *
 * Return: 0 or a negative errno
 */
static int set_flags(int ifindex, unsigned int mask, unsigned int flags)
{
	struct lkl_ifinfomsg link = {
		.ifi_family = LKL_AF_UNSPEC,
		.ifi_index = ifindex,
		.ifi_flags = flags,
		.ifi_change = mask,
	};
	struct rtnl req;

	rtnl_init(&req, LKL_RTM_NEWLINK, 0, &link, sizeof(link));
	return rtnl_do(&req);
}

int lkl_if_up(int ifindex)
{
	return set_flags(ifindex, LKL_IFF_UP, LKL_IFF_UP);
}

int lkl_if_down(int ifindex)
{
	return set_flags(ifindex, LKL_IFF_UP, 0);
}

int lkl_if_set_mtu(int ifindex, int mtu)
{
	struct lkl_ifinfomsg link = {
		.ifi_family = LKL_AF_UNSPEC,
		.ifi_index = ifindex,
	};
	struct rtnl req;

	rtnl_init(&req, LKL_RTM_NEWLINK, 0, &link, sizeof(link));
	rtnl_put_u32(&req, LKL_IFLA_MTU, mtu);
	return rtnl_do(&req);
}
