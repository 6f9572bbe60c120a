/* SPDX-License-Identifier: GPL-2.0 */
/*
 * rtnl.h - Requests to the LKL kernel's routing netlink
 */
#ifndef HOSTLIB_NET_RTNL_H
#define HOSTLIB_NET_RTNL_H

#include <lkl.h>
#include <lkl_net.h>

#include <lkl/asm/errno.h>
#include <lkl/linux/rtnetlink.h>
#include <lkl/linux/socket.h>

/* Room for the fixed part and the attributes of any request we make. */
#define RTNL_BODY 256

/* Room for an answer; what is longer is cut, the fixed part comes first. */
#define RTNL_ANSWER 4096

/**
 * struct rtnl - A request
 * @nl:		its header
 * @body:	fixed part and attributes
 */
struct rtnl {
	struct lkl_nlmsghdr nl;
	char body[RTNL_BODY];
};

void rtnl_init(struct rtnl *req, int type, int flags, const void *fixed,
	       size_t len);
void rtnl_put(struct rtnl *req, int type, const void *data, size_t len);
int rtnl_do(struct rtnl *req);
int rtnl_get(struct rtnl *req, void *answer, size_t len);

/**
 * rtnl_put_u32() - Append an attribute that is a number
 * @req:	request
 * @type:	of the attribute
 * @value:	value
 */
static inline void rtnl_put_u32(struct rtnl *req, int type, unsigned int value)
{
	rtnl_put(req, type, &value, sizeof(value));
}

/** addr_len() - Return: bytes of an address of @af, 0 if it is none of ours */
static inline size_t addr_len(int af)
{
	return af == LKL_AF_INET ? 4 : af == LKL_AF_INET6 ? 16 : 0;
}

#endif /* HOSTLIB_NET_RTNL_H */
