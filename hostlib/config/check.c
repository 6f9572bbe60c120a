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

/*
 * What the buffers of the kernel hold if the device does not say otherwise; it
 * drops larger packets.
 */
#define MTU_SMALL	1500
#define LARGE_BUFFERS	(LKL_NETDEV_MRG_RXBUF | LKL_NETDEV_GUEST_TSO4 |	\
			 LKL_NETDEV_GUEST_TSO6)

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
 * check_typeless() - An interface without type: its settings are for nothing
 * @cfg:	settings
 * @iface:	interface
 */
static void check_typeless(struct lkl_config *cfg,
			   struct lkl_config_iface *iface)
{
	const struct setting *s;
	char *type, *value;

	for (s = settings; s < settings + settings_count; s++) {
		if (!s->iface || setting_is_bad(cfg, iface, s->name))
			continue;
		value = setting_value(s, cfg, iface);
		type = setting_spelled(cfg, iface, PREFIX "NET_IFTYPE",
				       s->name);
		if (value)
			setting_error(cfg, iface, s->name, "there is no "
				      "interface; expected %s too",
				      type ? type : PREFIX "NET_IFTYPE");
		free(type);
		free(value);
	}
}

/**
 * check_param() - Does the parameter fit the type?
 * @cfg:	settings
 * @iface:	interface
 * @type:	its type
 */
static void check_param(struct lkl_config *cfg, struct lkl_config_iface *iface,
			const struct iftype *type)
{
	if (setting_is_bad(cfg, iface, PREFIX "NET_IFPARAMS") ||
	    type->param_ok(iface->param ? iface->param : ""))
		return;
	if (iface->param)
		setting_error(cfg, iface, PREFIX "NET_IFPARAMS",
			      "expected, for type %s, %s", type->name,
			      type->expected);
	else
		setting_missing(cfg, iface, PREFIX "NET_IFPARAMS",
				PREFIX "NET_IFTYPE", "for type %s, %s",
				type->name, type->expected);
}

/**
 * refuse_alone() - Refuse features that need another one
 * @cfg:	settings
 * @iface:	interface
 * @features:	the features
 * @need:	the one they need
 * @need_name:	its name
 */
static void refuse_alone(struct lkl_config *cfg, struct lkl_config_iface *iface,
			 unsigned int features, unsigned int need,
			 const char *need_name)
{
	const struct setting_bit *b = setting_find(PREFIX "OFFLOAD")->bits;
	unsigned int alone = iface->offload & features;
	char *names = NULL, *longer;

	if (!alone || iface->offload & need)
		return;
	for (; b->bits; b++) {
		/* Not the names of several bits. */
		if (!(alone & b->bits) || b->bits & (b->bits - 1))
			continue;
		longer = text_format("%s%s%s", names ? names : "",
				     names ? " and " : "", b->name);
		free(names);
		names = longer;
	}
	setting_error(cfg, iface, PREFIX "OFFLOAD",
		      "%s without %s; expected %s (0x%x) too",
		      names ? names : "", need_name, need_name, need);
	free(names);
}

/**
 * check_offload() - Can the backend offload this, and does it make sense?
 * @cfg:	settings
 * @iface:	interface
 * @type:	its type
 */
static void check_offload(struct lkl_config *cfg,
			  struct lkl_config_iface *iface,
			  const struct iftype *type)
{
	unsigned int beyond = iface->offload & ~type->offload;

	if (setting_is_bad(cfg, iface, PREFIX "OFFLOAD"))
		return;
	if (beyond) {
		setting_error(cfg, iface, PREFIX "OFFLOAD", "the type %s "
			      "cannot offload 0x%x; expected 0 or 0x%x",
			      type->name, beyond, type->offload);
		return;
	}
	refuse_alone(cfg, iface, LKL_NETDEV_HOST_TSO4 | LKL_NETDEV_HOST_TSO6 |
		     LKL_NETDEV_HOST_UFO, LKL_NETDEV_CSUM, "csum");
	refuse_alone(cfg, iface, LKL_NETDEV_GUEST_TSO4 | LKL_NETDEV_GUEST_TSO6,
		     LKL_NETDEV_GUEST_CSUM, "guest_csum");
}

/**
 * check_mtu() - Can packets of this size be received and sent?
 * @cfg:	settings
 * @iface:	interface
 * @type:	its type
 */
static void check_mtu(struct lkl_config *cfg, struct lkl_config_iface *iface,
		      const struct iftype *type)
{
	char *offload;

	if (!iface->mtu)
		return;
	offload = setting_spelled(cfg, iface, PREFIX "OFFLOAD",
				  PREFIX "NET_MTU");
	if (iface->mtu > type->mtu)
		setting_error(cfg, iface, PREFIX "NET_MTU",
			      "expected %u or less for type %s", type->mtu,
			      type->name);
	else if (iface->mtu > MTU_SMALL && !(iface->offload & LARGE_BUFFERS) &&
		 !setting_is_bad(cfg, iface, PREFIX "OFFLOAD"))
		setting_error(cfg, iface, PREFIX "NET_MTU", "larger packets "
			      "than %u would be lost; expected %s with "
			      "mrg_rxbuf (0x%x) too", MTU_SMALL,
			      offload ? offload : PREFIX "OFFLOAD",
			      LKL_NETDEV_MRG_RXBUF);
	free(offload);
	if (iface->ipv6.family && iface->mtu < MTU_IPV6)
		setting_error(cfg, iface, PREFIX "NET_MTU", "expected %u or "
			      "more with an IPv6 address", MTU_IPV6);
}

/**
 * missing_with() - Record that one of two settings is missing
 * @cfg:	settings
 * @iface:	interface
 * @name:	the one
 * @partner:	the other
 */
static void missing_with(struct lkl_config *cfg, struct lkl_config_iface *iface,
			 const char *name, const char *partner)
{
	char *shown = setting_shown(cfg, iface, partner);

	setting_missing(cfg, iface, name, partner, "with %s",
			shown ? shown : partner);
	free(shown);
}

/** reaches() - Return: true if the interface of @f has @addr in its network */
static bool reaches(const struct lkl_config_iface *iface, struct family f,
		    const struct lkl_config_addr *addr)
{
	if (addr_is_linklocal(addr))
		return iface->type;
	return f.masklen && addr_in_net(addr, f.ip, f.masklen);
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
	if (setting_is_bad(cfg, iface, f.ip_name) ||
	    setting_is_bad(cfg, iface, f.masklen_name))
		return;
	if (f.ip->family && !f.masklen)
		missing_with(cfg, iface, f.masklen_name, f.ip_name);
	else if (!f.ip->family && f.masklen)
		missing_with(cfg, iface, f.ip_name, f.masklen_name);
	else if (f.gateway->family &&
		 (!f.ip->family || !reaches(iface, f, f.gateway)))
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
	const struct iftype *type = iftype_find(iface->type);

	if (!iface->type) {
		check_typeless(cfg, iface);
		return;
	}
	if (!type)
		return;
	check_param(cfg, iface, type);
	check_offload(cfg, iface, type);
	check_mtu(cfg, iface, type);
	check_ip(cfg, iface, ipv4_of(iface));
	check_ip(cfg, iface, ipv6_of(iface));
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
 * default_slirp() - Configure the first user-mode network as its DHCP would
 * @cfg:	settings
 */
static void default_slirp(struct lkl_config *cfg)
{
	struct lkl_config_iface *iface = cfg->interfaces;
	struct lkl_config_addr gateway;

	while (iface && (!iface->type || strcmp(iface->type, "slirp")))
		iface = iface->next;
	if (!iface || setting_is_bad(cfg, iface, PREFIX "NET_IP") ||
	    setting_is_bad(cfg, iface, PREFIX "NET_NETMASK_LEN"))
		return;
	if (!iface->ip.family && !iface->masklen) {
		addr_parse(SLIRP_IP, FAMILY_INET, &iface->ip);
		iface->masklen = SLIRP_MASKLEN;
	}
	addr_parse(SLIRP_GATEWAY, FAMILY_INET, &gateway);
	if (!cfg->gateway.family && !iface->ifgateway.family &&
	    !setting_is_bad(cfg, NULL, PREFIX "NET_GATEWAY") &&
	    iface->masklen && addr_in_net(&gateway, &iface->ip, iface->masklen))
		cfg->gateway = gateway;
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

		if (setting_is_bad(cfg, iface, PREFIX "NET_IFTYPE") ||
		    setting_is_bad(cfg, iface, f.ip_name) ||
		    setting_is_bad(cfg, iface, f.masklen_name) ||
		    reaches(iface, f, gateway))
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
	/* With DHCP nobody knows now which network it will be. */
	bool known = !has_kernel_ip(cfg);

	if (known)
		default_slirp(cfg);
	for (iface = cfg->interfaces; iface; iface = iface->next)
		check_iface(cfg, iface);
	config_check_together(cfg);
	if (known) {
		check_gateway(cfg, PREFIX "NET_GATEWAY", &cfg->gateway,
			      ipv4_of);
		check_gateway(cfg, PREFIX "NET_GATEWAY6", &cfg->gateway6,
			      ipv6_of);
	}
}
