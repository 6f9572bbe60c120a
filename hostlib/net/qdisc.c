// SPDX-License-Identifier: GPL-2.0
/*
 * qdisc.c - Queueing disciplines
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lkl/linux/if.h>
#include <lkl/linux/pkt_sched.h>

#include "net/entries.h"
#include "net/rtnl.h"

/**
 * parse_parent() - Read where a queueing discipline goes
 * @text:	"root" or "MAJOR:MINOR", hexadecimal
 * @parent:	receives it
 *
 * Return: 0 or -LKL_EINVAL
 */
static int parse_parent(const char *text, unsigned int *parent)
{
	unsigned int major, minor;
	int end = 0;

	if (!strcmp(text, "root")) {
		*parent = LKL_TC_H_ROOT;
		return 0;
	}
	if (sscanf(text, "%4x:%4x%n", &major, &minor, &end) != 2 || text[end])
		return -LKL_EINVAL;
	*parent = LKL_TC_H_MAKE(major << 16, minor);
	return 0;
}

int lkl_qdisc_add(int ifindex, const char *root, const char *type)
{
	struct lkl_tcmsg msg = {
		.tcm_family = LKL_AF_UNSPEC,
		.tcm_ifindex = ifindex,
	};
	size_t len = strlen(type);
	struct rtnl req;
	int err;

	err = parse_parent(root, &msg.tcm_parent);
	if (err)
		return err;
	if (!len || len >= LKL_IFNAMSIZ)
		return -LKL_ENOENT;
	rtnl_init(&req, LKL_RTM_NEWQDISC, LKL_NLM_F_CREATE | LKL_NLM_F_REPLACE,
		  &msg, sizeof(msg));
	rtnl_put(&req, LKL_TCA_KIND, type, len + 1);
	return rtnl_do(&req);
}

int lkl_qdisc_parse_add(int ifindex, const char *entries)
{
	char *copy = strdup(entries);
	char *rest = copy, *entry, *type;
	int err, first = 0;

	if (!copy)
		return -LKL_ENOMEM;
	while ((entry = next_entry(&rest, ";"))) {
		type = split_entry(entry, '|');
		err = type ? lkl_qdisc_add(ifindex, entry, type) : -LKL_EINVAL;
		if (!first)
			first = err;
	}
	free(copy);
	return first;
}
