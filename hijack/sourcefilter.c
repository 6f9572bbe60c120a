// SPDX-License-Identifier: GPL-2.0
/*
 * sourcefilter.c - Which senders a multicast socket hears (RFC 3678)
 *
 * libc makes one call of getsockopt() or setsockopt() inside of each.
 */
#include "calls.h"

#include <netinet/in.h>

/* Option level of a group's family, or -1 with errno. */
static int level_of(const struct sockaddr *group, socklen_t len)
{
	if (len <= sizeof(struct sockaddr_storage)) {
		if (group->sa_family == AF_INET)
			return IPPROTO_IP;
		if (group->sa_family == AF_INET6)
			return IPPROTO_IPV6;
	}
	errno = EINVAL;
	return -1;
}

/**
 * setipv4sourcefilter() - Set the filter of an IPv4 group
 * @fd:		socket
 * @interface:	address of the interface
 * @group:	group
 * @mode:	MCAST_INCLUDE or MCAST_EXCLUDE
 * @n:		number of senders
 * @senders:	their addresses
 *
 * Return: 0, or -1 with errno
 */
EXPORT int setipv4sourcefilter(int fd, struct in_addr interface,
			       struct in_addr group, uint32_t mode, uint32_t n,
			       const struct in_addr *senders)
{
	socklen_t size = IP_MSFILTER_SIZE(n);
	struct ip_msfilter *filter = calloc(1, size + sizeof(*senders));
	int ret;

	if (!filter)
		return -1;
	filter->imsf_multiaddr = group;
	filter->imsf_interface = interface;
	filter->imsf_fmode = mode;
	filter->imsf_numsrc = n;
	memcpy(filter->imsf_slist, senders, n * sizeof(*senders));
	ret = setsockopt(fd, IPPROTO_IP, IP_MSFILTER, filter, size);
	free(filter);
	return ret;
}

/**
 * getipv4sourcefilter() - Get the filter of an IPv4 group
 * @fd:		socket
 * @interface:	address of the interface
 * @group:	group
 * @mode:	receives MCAST_INCLUDE or MCAST_EXCLUDE
 * @n:		room for senders; receives how many there are
 * @senders:	receives their addresses
 *
 * Return: 0, or -1 with errno
 */
EXPORT int getipv4sourcefilter(int fd, struct in_addr interface,
			       struct in_addr group, uint32_t *mode,
			       uint32_t *n, struct in_addr *senders)
{
	socklen_t size = IP_MSFILTER_SIZE(*n);
	struct ip_msfilter *filter = calloc(1, size + sizeof(*senders));
	uint32_t room = *n;
	int ret;

	if (!filter)
		return -1;
	filter->imsf_multiaddr = group;
	filter->imsf_interface = interface;
	filter->imsf_numsrc = room;
	ret = getsockopt(fd, IPPROTO_IP, IP_MSFILTER, filter, &size);
	if (!ret) {
		*mode = filter->imsf_fmode;
		*n = filter->imsf_numsrc;
		memcpy(senders, filter->imsf_slist,
		       (room < *n ? room : *n) * sizeof(*senders));
	}
	free(filter);
	return ret;
}

/**
 * setsourcefilter() - Set the filter of a group of either family
 * @fd:		socket
 * @interface:	number of the interface
 * @group:	group
 * @len:	its size
 * @mode:	MCAST_INCLUDE or MCAST_EXCLUDE
 * @n:		number of senders
 * @senders:	their addresses
 *
 * Return: 0, or -1 with errno (EINVAL: family of the group)
 */
EXPORT int setsourcefilter(int fd, uint32_t interface,
			   const struct sockaddr *group, socklen_t len,
			   uint32_t mode, uint32_t n,
			   const struct sockaddr_storage *senders)
{
	int level = level_of(group, len), ret;
	socklen_t size = GROUP_FILTER_SIZE(n);
	struct group_filter *filter;

	if (level < 0)
		return -1;
	filter = calloc(1, size + sizeof(*senders));
	if (!filter)
		return -1;
	filter->gf_interface = interface;
	memcpy(&filter->gf_group, group, len);
	filter->gf_fmode = mode;
	filter->gf_numsrc = n;
	memcpy(filter->gf_slist, senders, n * sizeof(*senders));
	ret = setsockopt(fd, level, MCAST_MSFILTER, filter, size);
	free(filter);
	return ret;
}

/**
 * getsourcefilter() - Get the filter of a group of either family
 * @fd:		socket
 * @interface:	number of the interface
 * @group:	group
 * @len:	its size
 * @mode:	receives MCAST_INCLUDE or MCAST_EXCLUDE
 * @n:		room for senders; receives how many there are
 * @senders:	receives their addresses
 *
 * Return: 0, or -1 with errno (EINVAL: family of the group)
 */
EXPORT int getsourcefilter(int fd, uint32_t interface,
			   const struct sockaddr *group, socklen_t len,
			   uint32_t *mode, uint32_t *n,
			   struct sockaddr_storage *senders)
{
	int level = level_of(group, len), ret;
	socklen_t size = GROUP_FILTER_SIZE(*n);
	struct group_filter *filter;
	uint32_t room = *n;

	if (level < 0)
		return -1;
	filter = calloc(1, size + sizeof(*senders));
	if (!filter)
		return -1;
	filter->gf_interface = interface;
	memcpy(&filter->gf_group, group, len);
	filter->gf_numsrc = room;
	ret = getsockopt(fd, level, MCAST_MSFILTER, filter, &size);
	if (!ret) {
		*mode = filter->gf_fmode;
		*n = filter->gf_numsrc;
		memcpy(senders, filter->gf_slist,
		       (room < *n ? room : *n) * sizeof(*senders));
	}
	free(filter);
	return ret;
}
