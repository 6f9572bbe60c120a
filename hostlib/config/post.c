// SPDX-License-Identifier: GPL-2.0
/*
 * post.c - Configure the kernel that runs
 *
 * Everything is tried, and each failure is recorded with the setting it comes
 * from and the kernel's own word for it. Kernel parameters are set before the
 * interfaces are enabled: some only count then.
 */
#include <stdlib.h>
#include <string.h>

#include <lkl.h>
#include <lkl/linux/rtnetlink.h>

#include "config/config.h"
#include "net/entries.h"
#include "net/route.h"

/* The loopback interface is the first of every network namespace. */
#define LO_IFINDEX 1

/**
 * check() - Record an error of the kernel
 * @cfg:	settings
 * @iface:	interface, for settings of interfaces
 * @name:	setting that the call was made for
 * @err:	result of the call, negative for an error
 */
static void check(struct lkl_config *cfg, struct lkl_config_iface *iface,
		  const char *name, int err)
{
	if (err < 0)
		setting_error(cfg, iface, name, "%s", lkl_strerror(err));
}

/**
 * entry_error() - Record an error of the kernel about an entry of a list
 * @cfg:	settings
 * @iface:	interface, for settings of interfaces
 * @name:	setting that is the list
 * @entry:	the entry
 * @err:	negative errno
 */
static void entry_error(struct lkl_config *cfg,
			const struct lkl_config_iface *iface, const char *name,
			const char *entry, int err)
{
	char *label = setting_label(cfg, iface, name);

	config_error(cfg, label ? label : name, entry, "%s", lkl_strerror(err));
	free(label);
}

/**
 * for_entries() - Do something for each entry of a list
 * @cfg:	settings
 * @iface:	interface, for settings of interfaces
 * @name:	setting that is the list
 * @list:	its value, may be NULL
 * @separators:	what entries end with
 * @apply:	what to do; may cut the entry; is told the index of the
 *		interface; returns a negative errno
 */
static void for_entries(struct lkl_config *cfg,
			const struct lkl_config_iface *iface, const char *name,
			const char *list, const char *separators,
			int (*apply)(char *entry, int ifindex))
{
	char *copy = list ? strdup(list) : NULL;
	char *rest = copy, *entry, *shown;
	int err;

	if (list && !copy)
		config_out_of_memory(cfg);
	while (copy && (entry = next_entry(&rest, separators))) {
		shown = strdup(entry);
		err = apply(entry, iface ? iface->ifindex : 0);
		if (err < 0)
			entry_error(cfg, iface, name, shown, err);
		free(shown);
	}
	free(copy);
}

static int apply_sysctl(char *entry, int unused)
{
	char *value = split_entry(entry, '=');

	(void)unused;
	return lkl_sysctl(entry, value);
}

static int apply_mount(char *entry, int unused)
{
	(void)unused;
	return config_mount(entry);
}

static int apply_neigh(char *entry, int ifindex)
{
	struct neigh neigh;

	free(neigh_parse(entry, &neigh));
	return lkl_add_neighbor(ifindex, neigh.addr.family, neigh.addr.bytes,
				neigh.mac);
}

static int apply_qdisc(char *entry, int ifindex)
{
	char *kind = split_entry(entry, '|');

	return lkl_qdisc_add(ifindex, entry, kind);
}

/** ipv4() - Return: an IPv4 address as a number, network byte order */
static unsigned int ipv4(const struct lkl_config_addr *addr)
{
	unsigned int number;

	memcpy(&number, addr->bytes, sizeof(number));
	return number;
}

/**
 * set_addresses() - Set addresses and gateways of an interface
 * @cfg:	settings
 * @iface:	interface, enabled
 */
static void set_addresses(struct lkl_config *cfg,
			  struct lkl_config_iface *iface)
{
	int index = iface->ifindex;

	if (iface->ip.family)
		check(cfg, iface, PREFIX "NET_IP",
		      lkl_if_set_ipv4(index, ipv4(&iface->ip), iface->masklen));
	if (iface->ipv6.family)
		check(cfg, iface, PREFIX "NET_IPV6",
		      lkl_if_set_ipv6(index, iface->ipv6.bytes,
				      iface->masklen6));
	if (iface->ifgateway.family)
		check(cfg, iface, PREFIX "NET_IFGATEWAY",
		      lkl_if_set_ipv4_gateway(index, ipv4(&iface->ip),
					      iface->masklen,
					      ipv4(&iface->ifgateway)));
	if (iface->ifgateway6.family)
		check(cfg, iface, PREFIX "NET_IFGATEWAY6",
		      lkl_if_set_ipv6_gateway(index, iface->ipv6.bytes,
					      iface->masklen6,
					      iface->ifgateway6.bytes));
}

/**
 * configure() - Configure an interface
 * @cfg:	settings
 * @iface:	interface with a device
 */
static void configure(struct lkl_config *cfg, struct lkl_config_iface *iface)
{
	if (iface->mtu)
		check(cfg, iface, PREFIX "NET_MTU",
		      lkl_if_set_mtu(iface->ifindex, iface->mtu));
	check(cfg, iface, PREFIX "NET_IFTYPE", lkl_if_up(iface->ifindex));
	set_addresses(cfg, iface);
	for_entries(cfg, iface, PREFIX "NET_NEIGHBOR", iface->neigh, ";",
		    apply_neigh);
	for_entries(cfg, iface, PREFIX "NET_QDISC", iface->qdisc, ";",
		    apply_qdisc);
}

/**
 * set_gateway() - Set the default route
 * @cfg:	settings
 * @name:	setting
 * @gateway:	its value
 *
 * A link-local address does not tell its link: it is that of the first
 * interface.
 */
static void set_gateway(struct lkl_config *cfg, const char *name,
			const struct lkl_config_addr *gateway)
{
	int ifindex = 0;

	if (!gateway->family)
		return;
	if (addr_is_linklocal(gateway) && cfg->interfaces)
		ifindex = cfg->interfaces->ifindex;
	check(cfg, NULL, name, route_default(gateway->family, gateway->bytes,
					     ifindex, LKL_RT_TABLE_MAIN));
}

int lkl_load_config_post(struct lkl_config *cfg)
{
	struct lkl_config_iface *iface;
	int err;

	for (iface = cfg->interfaces; iface; iface = iface->next) {
		iface->ifindex = lkl_netdev_get_ifindex(iface->id);
		check(cfg, iface, PREFIX "NET_IFTYPE", iface->ifindex);
	}
	for_entries(cfg, NULL, PREFIX "SYSCTL", cfg->sysctl, ";",
		    apply_sysctl);
	err = lkl_if_up(LO_IFINDEX);
	if (err)
		config_error(cfg, "lo", NULL, "%s", lkl_strerror(err));
	for (iface = cfg->interfaces; iface; iface = iface->next)
		if (iface->ifindex > 0)
			configure(cfg, iface);
	set_gateway(cfg, PREFIX "NET_GATEWAY", &cfg->gateway);
	set_gateway(cfg, PREFIX "NET_GATEWAY6", &cfg->gateway6);
	for_entries(cfg, NULL, PREFIX "MOUNT", cfg->mount, ",", apply_mount);
	if (cfg->keep_going) {
		lkl_config_print_errors(cfg, 2);
		config_clear_errors(cfg);
	}
	return cfg->error_count;
}
