// SPDX-License-Identifier: GPL-2.0
/*
 * check.c - Do the settings make sense together?
 *
 * Silent about settings that are wrong by themselves: those have their error
 * already. Fills in what a user-mode network makes obvious.
 */
#include <stdlib.h>
#include <string.h>

#include "config/config.h"

/* IPv6 does not exist on links with a smaller MTU. */
#define MTU_IPV6 1280

/* What libslirp gives its first client, and its own address. */
#define SLIRP_IP	"10.0.2.15"
#define SLIRP_MASKLEN	24
#define SLIRP_GATEWAY	"10.0.2.2"

/**
 * struct family - The settings of an address family, and their names
 * @ip:		address of an interface
 * @masklen:	its prefix length
 * @gateway:	default route of an interface
 * @ip_name:	name of the setting @ip
 * @masklen_name: name of the setting @masklen
 * @gateway_name: name of the setting @gateway
 */
struct family {
	const struct lkl_config_addr *ip;
	unsigned int masklen;
	const struct lkl_config_addr *gateway;
	const char *ip_name;
	const char *masklen_name;
	const char *gateway_name;
};

static struct family ipv4_of(const struct lkl_config_iface *iface)
{
	return (struct family){
		&iface->ip, iface->masklen, &iface->ifgateway, PREFIX "NET_IP",
		PREFIX "NET_NETMASK_LEN", PREFIX "NET_IFGATEWAY",
	};
}

static struct family ipv6_of(const struct lkl_config_iface *iface)
{
	return (struct family){
		&iface->ipv6, iface->masklen6, &iface->ifgateway6,
		PREFIX "NET_IPV6", PREFIX "NET_NETMASK6_LEN",
		PREFIX "NET_IFGATEWAY6",
	};
}

/**
 * check_type() - Check type, parameter and offload of an interface
 * @cfg:	settings
 * @iface:	interface with a type
 */
static void check_type(struct lkl_config *cfg, struct lkl_config_iface *iface)
{
	const struct iftype *type = iftype_find(iface->type);
	unsigned int beyond;

	if (!type)
		return;
	if (!type->param_ok(iface->param ? iface->param : ""))
		setting_error(cfg, iface, PREFIX "NET_IFPARAMS",
			      "expected, for type %s, %s", type->name,
			      type->expected);
	beyond = iface->offload & ~type->offload;
	if (beyond && !config_is_bad(cfg, PREFIX "OFFLOAD"))
		setting_error(cfg, iface, PREFIX "OFFLOAD", "the type %s "
			      "cannot offload 0x%x; expected 0 or 0x%x",
			      type->name, beyond, type->offload);
}

/**
 * check_typeless() - An interface without type: its settings are for nothing
 * @cfg:	settings
 * @iface:	interface
 */
static void check_typeless(struct lkl_config *cfg,
			   struct lkl_config_iface *iface)
{
	const struct setting *s;
	char *value;

	for (s = settings; s < settings + settings_count; s++) {
		if (!s->iface || config_is_bad(cfg, s->name))
			continue;
		value = s->type->format(setting_field(s, cfg, iface));
		if (value)
			config_error(cfg, s->name, value, "there is no "
				     "interface; expected " PREFIX "NET_IFTYPE "
				     "too");
		free(value);
	}
}

/**
 * check_offload() - Some features need others
 * @cfg:	settings
 * @iface:	interface
 */
static void check_offload(struct lkl_config *cfg,
			  struct lkl_config_iface *iface)
{
	const unsigned int host = LKL_NETDEV_HOST_TSO4 | LKL_NETDEV_HOST_TSO6 |
				  LKL_NETDEV_HOST_UFO;
	const unsigned int guest = LKL_NETDEV_GUEST_TSO4 |
				   LKL_NETDEV_GUEST_TSO6;
	unsigned int offload = iface->offload;

	if (config_is_bad(cfg, PREFIX "OFFLOAD"))
		return;
	if (offload & host && !(offload & LKL_NETDEV_CSUM))
		setting_error(cfg, iface, PREFIX "OFFLOAD", "host_tso4, "
			      "host_tso6 and host_ufo need csum (0x1)");
	if (offload & guest && !(offload & LKL_NETDEV_GUEST_CSUM))
		setting_error(cfg, iface, PREFIX "OFFLOAD", "guest_tso4 and "
			      "guest_tso6 need guest_csum (0x2)");
}

/**
 * check_ip() - Check address, prefix length and gateway of an interface
 * @cfg:	settings
 * @iface:	interface
 * @f:		its settings of the address family
 */
static void check_ip(struct lkl_config *cfg, struct lkl_config_iface *iface,
		     struct family f)
{
	if (config_is_bad(cfg, f.ip_name) ||
	    config_is_bad(cfg, f.masklen_name))
		return;
	if (f.ip->family && !f.masklen)
		setting_error(cfg, iface, f.masklen_name,
			      "missing; expected with %s", f.ip_name);
	if (!f.ip->family && f.masklen)
		setting_error(cfg, iface, f.ip_name,
			      "missing; expected with %s", f.masklen_name);
	if (!f.gateway->family)
		return;
	if (!f.ip->family)
		setting_error(cfg, iface, f.gateway_name,
			      "the interface has no address to route for");
	else if (f.masklen && !addr_is_linklocal(f.gateway) &&
		 !addr_in_net(f.gateway, f.ip, f.masklen))
		setting_error(cfg, iface, f.gateway_name, "expected an address "
			      "in the network of the interface");
}

/**
 * check_iface() - Check the settings of an interface
 * @cfg:	settings
 * @iface:	interface
 */
static void check_iface(struct lkl_config *cfg, struct lkl_config_iface *iface)
{
	if (!iface->type) {
		check_typeless(cfg, iface);
		return;
	}
	check_type(cfg, iface);
	check_offload(cfg, iface);
	check_ip(cfg, iface, ipv4_of(iface));
	check_ip(cfg, iface, ipv6_of(iface));
	if (iface->ipv6.family && iface->mtu && iface->mtu < MTU_IPV6)
		setting_error(cfg, iface, PREFIX "NET_MTU", "expected %u or "
			      "more with an IPv6 address", MTU_IPV6);
}

/**
 * has_kernel_ip() - Is the kernel told to configure addresses itself?
 * @cfg:	settings
 *
 * Return: true if "ip=..." is on its command line
 */
static bool has_kernel_ip(const struct lkl_config *cfg)
{
	const char *line = cfg->boot_cmdline ? cfg->boot_cmdline : "";
	const char *p = line;

	while ((p = strstr(p, "ip="))) {
		if (p == line || p[-1] == ' ')
			return true;
		p++;
	}
	return false;
}

/**
 * default_slirp() - Configure user-mode networks as their DHCP would
 * @cfg:	settings
 */
static void default_slirp(struct lkl_config *cfg)
{
	struct lkl_config_iface *iface;
	struct lkl_config_addr gateway;

	addr_parse(SLIRP_GATEWAY, FAMILY_INET, &gateway);
	for (iface = cfg->interfaces; iface; iface = iface->next) {
		if (!iface->type || strcmp(iface->type, "slirp") ||
		    config_is_bad(cfg, PREFIX "NET_IP") ||
		    config_is_bad(cfg, PREFIX "NET_NETMASK_LEN"))
			continue;
		if (!iface->ip.family && !iface->masklen) {
			addr_parse(SLIRP_IP, FAMILY_INET, &iface->ip);
			iface->masklen = SLIRP_MASKLEN;
		}
		if (!cfg->gateway.family && !iface->ifgateway.family &&
		    !config_is_bad(cfg, PREFIX "NET_GATEWAY") &&
		    addr_in_net(&gateway, &iface->ip, iface->masklen))
			cfg->gateway = gateway;
	}
}

/**
 * check_gateway() - Is there an interface that reaches a gateway?
 * @cfg:	settings
 * @name:	setting
 * @gateway:	its value
 * @of:		finds the settings of its address family of an interface
 */
static void check_gateway(struct lkl_config *cfg, const char *name,
			  const struct lkl_config_addr *gateway,
			  struct family (*of)(const struct lkl_config_iface *))
{
	const struct lkl_config_iface *iface;

	if (!gateway->family)
		return;
	for (iface = cfg->interfaces; iface; iface = iface->next) {
		struct family f = of(iface);

		if (config_is_bad(cfg, f.ip_name) ||
		    config_is_bad(cfg, f.masklen_name))
			return;
		if (addr_is_linklocal(gateway) ||
		    (f.masklen && addr_in_net(gateway, f.ip, f.masklen)))
			return;
	}
	setting_error(cfg, NULL, name, "no interface reaches this gateway; "
		      "expected an address in the network of an interface");
}

/**
 * config_check() - Check the settings against each other
 * @cfg:	settings; receives errors, and defaults
 */
void config_check(struct lkl_config *cfg)
{
	struct lkl_config_iface *iface;

	for (iface = cfg->interfaces; iface; iface = iface->next)
		check_iface(cfg, iface);
	/* With DHCP nobody knows now which network it will be. */
	if (has_kernel_ip(cfg))
		return;
	default_slirp(cfg);
	check_gateway(cfg, PREFIX "NET_GATEWAY", &cfg->gateway, ipv4_of);
	check_gateway(cfg, PREFIX "NET_GATEWAY6", &cfg->gateway6, ipv6_of);
}
