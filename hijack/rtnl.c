// SPDX-License-Identifier: GPL-2.0
/*
 * rtnl.c - Lists from the LKL kernel's routing netlink
 *
 * The socket exists in the LKL kernel only, without a number in the program.
 */
#include "rtnl.h"
#include "kernel.h"

/* Room for one answer: the kernel never makes a bigger one for dumps. */
#define ANSWER 32768

/**
 * visit_answer() - Visit the messages of one answer
 * @buf:	answer
 * @len:	its size
 * @visit:	called for each message
 * @data:	for @visit
 *
 * Return: 1 at the end of the list, 0 if there is more, or a negative errno
 */
static int visit_answer(const void *buf, size_t len, rtnl_visit *visit,
			void *data)
{
	const struct nlmsghdr *nl = buf;
	int ret;

	for (; NLMSG_OK(nl, len); nl = NLMSG_NEXT(nl, len)) {
		if (nl->nlmsg_type == NLMSG_DONE)
			return 1;
		if (nl->nlmsg_type == NLMSG_ERROR)
			return ((struct nlmsgerr *)NLMSG_DATA(nl))->error ?: 1;
		ret = visit(nl, data);
		if (ret)
			return ret;
	}
	return 0;
}

/**
 * rtnl_dump() - Visit all entries of a list
 * @type:	RTM_GETLINK, RTM_GETADDR, ...
 * @visit:	called for each entry
 * @data:	for @visit
 *
 * Return: 0 or a negative errno
 */
int rtnl_dump(int type, rtnl_visit *visit, void *data)
{
	struct {
		struct nlmsghdr nl;
		struct rtgenmsg gen;
	} ask = {
		.nl = {
			.nlmsg_len = sizeof(ask),
			.nlmsg_type = type,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		},
		.gen = { .rtgen_family = AF_UNSPEC },
	};
	long fd, ret;
	void *buf;

	ret = kernel_need();
	if (ret)
		return ret;
	fd = LKL(SYS_socket, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC,
		 NETLINK_ROUTE);
	if (fd < 0)
		return fd;
	buf = malloc(ANSWER);
	ret = buf ? LKL(SYS_sendto, fd, &ask, sizeof(ask)) : -ENOMEM;
	if (ret > 0)
		ret = 0;
	while (!ret) {
		ret = LKL(SYS_recvfrom, fd, buf, ANSWER);
		if (ret == -EINTR)
			ret = 0;
		else if (ret >= 0)
			ret = visit_answer(buf, ret, visit, data);
	}
	free(buf);
	LKL(SYS_close, fd);
	return ret > 0 ? 0 : ret;
}

/**
 * rtnl_attr() - Find an attribute of a message
 * @nl:		message
 * @header:	size of the fixed part after struct nlmsghdr
 * @type:	attribute
 *
 * Return: it, or NULL
 */
const struct rtattr *rtnl_attr(const struct nlmsghdr *nl, size_t header,
			       int type)
{
	int len = nl->nlmsg_len - NLMSG_SPACE(header);
	const struct rtattr *a;

	a = (void *)((char *)NLMSG_DATA(nl) + NLMSG_ALIGN(header));
	for (; RTA_OK(a, len); a = RTA_NEXT(a, len))
		if (a->rta_type == type)
			return a;
	return NULL;
}
