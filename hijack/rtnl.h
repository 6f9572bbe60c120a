/* SPDX-License-Identifier: GPL-2.0 */
/*
 * rtnl.h - Lists from the LKL kernel's routing netlink
 */
#ifndef HIJACK_RTNL_H
#define HIJACK_RTNL_H

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stddef.h>

#pragma GCC visibility push(hidden)

/**
 * typedef rtnl_visit - Look at one message of a list
 * @nl:		message
 * @data:	the caller's
 *
 * Return: 0 to go on, or a negative errno that ends the list
 */
typedef int rtnl_visit(const struct nlmsghdr *nl, void *data);

int rtnl_dump(int type, rtnl_visit *visit, void *data);
const struct rtattr *rtnl_attr(const struct nlmsghdr *nl, size_t header,
			       int type);

#pragma GCC visibility pop

#endif /* HIJACK_RTNL_H */
