// SPDX-License-Identifier: GPL-2.0
/*
 * ifnames.c - Names and numbers of the LKL kernel's interfaces
 */
#include "kernel.h"
#include "rtnl.h"

#include <net/if.h>

/**
 * if_ioctl() - Ask the LKL kernel about an interface
 * @req:	SIOCGIFINDEX or SIOCGIFNAME
 * @ifr:	question and answer
 *
 * Return: 0 or a negative errno
 */
static long if_ioctl(unsigned long req, struct ifreq *ifr)
{
	long fd, ret = kernel_need();

	if (ret)
		return ret;
	fd = LKL(SYS_socket, AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return fd;
	ret = LKL(SYS_ioctl, fd, req, ifr);
	LKL(SYS_close, fd);
	return ret;
}

/**
 * if_nametoindex() - Number of an interface
 * @name:	its name
 *
 * Return: the number, or 0 with errno
 */
EXPORT unsigned int if_nametoindex(const char *name)
{
	struct ifreq ifr = { 0 };
	long ret = -ENODEV;

	if (strlen(name) < IFNAMSIZ) {
		strcpy(ifr.ifr_name, name);
		ret = if_ioctl(SIOCGIFINDEX, &ifr);
	}
	return libc_result(ret) < 0 ? 0 : ifr.ifr_ifindex;
}

/**
 * if_indextoname() - Name of an interface
 * @index:	its number
 * @name:	IF_NAMESIZE bytes
 *
 * Return: @name, or NULL with errno (ENXIO: no such interface)
 */
EXPORT char *if_indextoname(unsigned int index, char name[IF_NAMESIZE])
{
	struct ifreq ifr = { .ifr_ifindex = index };
	long ret = if_ioctl(SIOCGIFNAME, &ifr);

	if (libc_result(ret == -ENODEV ? -ENXIO : ret) < 0)
		return NULL;
	return memcpy(name, ifr.ifr_name, IFNAMSIZ);
}

/**
 * struct names - A list of interfaces while it is built
 * @list:	array
 * @n:		entries in it
 */
struct names {
	struct if_nameindex *list;
	size_t n;
};

static int visit_link(const struct nlmsghdr *nl, void *data)
{
	const struct ifinfomsg *info = NLMSG_DATA(nl);
	struct names *names = data;
	const struct rtattr *a;
	struct if_nameindex *more;

	if (nl->nlmsg_type != RTM_NEWLINK)
		return 0;
	more = realloc(names->list, (names->n + 2) * sizeof(*more));
	if (!more)
		return -ENOBUFS;
	names->list = more;
	more += names->n++;
	memset(more, 0, 2 * sizeof(*more));
	more->if_index = info->ifi_index;
	a = rtnl_attr(nl, sizeof(*info), IFLA_IFNAME);
	more->if_name = strndup(a ? RTA_DATA(a) : "", IFNAMSIZ);
	return more->if_name ? 0 : -ENOBUFS;
}

/**
 * if_freenameindex() - Free a list
 * @list:	from if_nameindex()
 */
EXPORT void if_freenameindex(struct if_nameindex *list)
{
	for (struct if_nameindex *i = list; i && i->if_name; i++)
		free(i->if_name);
	free(list);
}

/**
 * if_nameindex() - List all interfaces
 *
 * Return: array ended by an entry of zeros, or NULL with errno
 */
EXPORT struct if_nameindex *if_nameindex(void)
{
	struct names names = { calloc(1, sizeof(*names.list)), 0 };
	int err = names.list ? rtnl_dump(RTM_GETLINK, visit_link, &names) :
			       -ENOBUFS;

	if (!err)
		return names.list;
	if_freenameindex(names.list);
	errno = -err;
	return NULL;
}
