// SPDX-License-Identifier: GPL-2.0
/*
 * iftype.c - The types of interfaces
 */
#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "net/entries.h"

#define OFFLOAD_ALL (LKL_NETDEV_CSUM | LKL_NETDEV_GUEST_CSUM |		\
		     LKL_NETDEV_GUEST_TSO4 | LKL_NETDEV_GUEST_TSO6 |	\
		     LKL_NETDEV_HOST_TSO4 | LKL_NETDEV_HOST_TSO6 |	\
		     LKL_NETDEV_HOST_UFO | LKL_NETDEV_MRG_RXBUF)

/* Largest packets of backends. */
#define MTU_ANY		65535
#define MTU_SLIRP	1500

/* Linux's IFNAMSIZ. */
#define IFNAME_ROOM 16

/** is_ifname() - Return: true if the host can have an interface @param */
static bool is_ifname(const char *param)
{
	return *param && strlen(param) < IFNAME_ROOM && strcmp(param, ".") &&
	       strcmp(param, "..") && !strpbrk(param, "/:" ENTRY_BLANKS);
}

/** is_path() - Return: true if @param is an absolute file name */
static bool is_path(const char *param)
{
	return *param == '/' && param[1];
}

/** is_some() - Return: true if @param is not empty */
static bool is_some(const char *param)
{
	return *param;
}

/** are_fifos() - Return: true if @param is "rx|tx", two file names */
static bool are_fifos(const char *param)
{
	const char *bar = strchr(param, '|');

	return bar && bar > param && bar[1] && !strchr(bar + 1, '|');
}

/**
 * take_port() - Read ":PORT"
 * @at:		text, moved behind it
 *
 * Return: false if it is not that
 */
static bool take_port(const char **at)
{
	size_t digits = **at == ':' ? strspn(*at + 1, "0123456789") : 0;
	unsigned long port = digits ? strtoul(*at + 1, NULL, 10) : 0;

	*at += port ? digits + 1 : 0;
	return port && port <= 65535;
}

/** are_forwards() - Return: true if @param is "tcp:HOSTPORT:GUESTPORT,..." */
static bool are_forwards(const char *param)
{
	if (!*param)
		return true;
	do {
		if (strncmp(param, "tcp:", 4) && strncmp(param, "udp:", 4))
			return false;
		param += 3;
		if (!take_port(&param) || !take_port(&param))
			return false;
	} while (*param++ == ',');
	return !param[-1];
}

/* Those that cannot offload. */
static struct lkl_netdev *create_raw(const char *param, int offload)
{
	(void)offload;
	return lkl_netdev_raw_create(param);
}

static struct lkl_netdev *create_vde(const char *param, int offload)
{
	(void)offload;
	return lkl_netdev_vde_create(param);
}

static struct lkl_netdev *create_slirp(const char *param, int offload)
{
	(void)offload;
	return lkl_netdev_slirp_create(param);
}

const struct iftype iftypes[] = {
	{ "tap", "the name of a tap device, 1 to 15 bytes, such as tap0",
	  is_ifname, OFFLOAD_ALL, MTU_ANY, true, lkl_netdev_tap_create },
	{ "macvtap", "the path of a macvtap device, such as /dev/tap4",
	  is_path, OFFLOAD_ALL, MTU_ANY, true, lkl_netdev_macvtap_create },
	{ "raw", "the name of an interface of the host, such as eth0",
	  is_ifname, LKL_NETDEV_MRG_RXBUF, MTU_ANY, false, create_raw },
	{ "pipe", "two fifos, to read and to write, such as /tmp/a|/tmp/b",
	  are_fifos, OFFLOAD_ALL, MTU_ANY, true, lkl_netdev_pipe_create },
	{ "vde", "the path of a VDE switch, such as /run/vde/switch",
	  is_some, LKL_NETDEV_MRG_RXBUF, MTU_ANY, false, create_vde },
	{ "slirp", "a list of ports to forward, tcp:HOSTPORT:GUESTPORT or "
	  "udp:HOSTPORT:GUESTPORT,...", are_forwards, LKL_NETDEV_MRG_RXBUF,
	  MTU_SLIRP, false, create_slirp },
};

const size_t iftypes_count = ARRAY_SIZE(iftypes);

/**
 * iftype_find() - Find a type of interface
 * @name:	its name, may be NULL
 *
 * Return: it, NULL if there is none of that name
 */
const struct iftype *iftype_find(const char *name)
{
	for (size_t i = 0; i < iftypes_count && name; i++)
		if (!strcmp(iftypes[i].name, name))
			return &iftypes[i];
	return NULL;
}

int lkl_config_has_type(const struct lkl_config *cfg, const char *type)
{
	const struct lkl_config_iface *iface;

	for (iface = cfg->interfaces; iface; iface = iface->next)
		if (iface->type && !strcmp(iface->type, type))
			return 1;
	return 0;
}
