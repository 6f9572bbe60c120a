// SPDX-License-Identifier: GPL-2.0
/*
 * rtnl.c - One request to the LKL kernel's routing netlink, one answer
 *
 * The kernel does the work inside of the send: the answer is there when it
 * returns. A socket lives for one request, so no thread can read the answer of
 * another.
 */
#include <string.h>

#include <lkl/linux/net.h>
#include <lkl/linux/netlink.h>

#include "net/rtnl.h"

/**
 * rtnl_init() - Begin a request
 * @req:	request
 * @type:	LKL_RTM_*
 * @flags:	LKL_NLM_F_* beyond LKL_NLM_F_REQUEST
 * @fixed:	fixed part of the message
 * @len:	its size
 */
void rtnl_init(struct rtnl *req, int type, int flags, const void *fixed,
	       size_t len)
{
	memset(req, 0, sizeof(*req));
	req->nl.nlmsg_type = type;
	req->nl.nlmsg_flags = LKL_NLM_F_REQUEST | flags;
	req->nl.nlmsg_len = LKL_NLMSG_SPACE(len);
	memcpy(req->body, fixed, len);
}

/**
 * rtnl_put() - Append an attribute
 * @req:	request
 * @type:	of the attribute
 * @data:	value
 * @len:	its size; all attributes together fit in RTNL_BODY
 */
void rtnl_put(struct rtnl *req, int type, const void *data, size_t len)
{
	struct lkl_rtattr *attr;

	attr = (void *)((char *)req + req->nl.nlmsg_len);
	attr->rta_type = type;
	attr->rta_len = LKL_RTA_LENGTH(len);
	memcpy(LKL_RTA_DATA(attr), data, len);
	req->nl.nlmsg_len += LKL_RTA_SPACE(len);
}

/**
 * receive() - Read the answer to a request
 * @fd:		LKL socket
 * @answer:	receives the fixed part of an answer that is no error
 * @len:	its size
 *
 * Return: 0 or a negative errno
 */
static int receive(int fd, void *answer, size_t len)
{
	union {
		struct lkl_nlmsghdr nl;
		char room[RTNL_ANSWER];
	} buf;
	struct lkl_nlmsgerr *err = LKL_NLMSG_DATA(&buf.nl);
	long n;

	do
		n = lkl_sys_recvfrom(fd, &buf, sizeof(buf), 0, NULL, NULL);
	while (n == -LKL_EINTR);
	if (n < 0)
		return n;
	if (n >= (long)LKL_NLMSG_LENGTH(sizeof(err->error)) &&
	    buf.nl.nlmsg_type == LKL_NLMSG_ERROR)
		return err->error;
	if (!answer || n < (long)LKL_NLMSG_LENGTH(len))
		return -LKL_EPROTO;
	memcpy(answer, LKL_NLMSG_DATA(&buf.nl), len);
	return 0;
}

/**
 * rtnl_get() - Ask the kernel for one thing
 * @req:	request
 * @answer:	receives the fixed part of the answer
 * @len:	its size
 *
 * Return: 0 or a negative errno
 */
int rtnl_get(struct rtnl *req, void *answer, size_t len)
{
	int fd, err;
	long n;

	fd = lkl_sys_socket(LKL_AF_NETLINK, LKL_SOCK_RAW | LKL_SOCK_CLOEXEC,
			    LKL_NETLINK_ROUTE);
	if (fd < 0)
		return fd;
	n = lkl_sys_sendto(fd, req, req->nl.nlmsg_len, 0, NULL, 0);
	err = n < 0 ? n : receive(fd, answer, len);
	lkl_sys_close(fd);
	return err;
}

/**
 * rtnl_do() - Have the kernel do something
 * @req:	request
 *
 * Return: 0 or a negative errno
 */
int rtnl_do(struct rtnl *req)
{
	req->nl.nlmsg_flags |= LKL_NLM_F_ACK;
	return rtnl_get(req, NULL, 0);
}
