// SPDX-License-Identifier: GPL-2.0
/*
 * neigh.c - Neighbours: link addresses of hosts
 */
#include <lkl/linux/neighbour.h>

#include "net/rtnl.h"

#define MAC_LEN 6

int lkl_add_neighbor(int ifindex, int af, void *addr, void *mac)
{
	const struct lkl_ndmsg msg = {
		.ndm_family = af,
		.ndm_ifindex = ifindex,
		.ndm_state = LKL_NUD_PERMANENT,
	};
	struct rtnl req;

	if (!addr_len(af))
		return -LKL_EAFNOSUPPORT;
	rtnl_init(&req, LKL_RTM_NEWNEIGH, LKL_NLM_F_CREATE | LKL_NLM_F_REPLACE,
		  &msg, sizeof(msg));
	rtnl_put(&req, LKL_NDA_DST, addr, addr_len(af));
	rtnl_put(&req, LKL_NDA_LLADDR, mac, MAC_LEN);
	return rtnl_do(&req);
}
