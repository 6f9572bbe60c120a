// SPDX-License-Identifier: GPL-2.0
/*
 * table.c - The settings: names, types, and where the values go
 */
#include <stdlib.h>
#include <string.h>

#include "config/config.h"

/* Longest command line of the user: the kernel takes 4095, and we add some. */
#define CMDLINE_MAX	4000
#define DELAY_MAX	600000000

static const struct setting_bit debug_bits[] = {
	{ LKL_DEBUG_LOG, "log" },
	{ LKL_DEBUG_HOLD_EXIT, "hold_exit" },
	{ LKL_DEBUG_HOLD_START, "hold_start" },
	{ 0, NULL },
};

static const struct setting_bit offload_bits[] = {
	{ LKL_NETDEV_CSUM, "csum" },
	{ LKL_NETDEV_GUEST_CSUM, "guest_csum" },
	{ LKL_NETDEV_GUEST_TSO4, "guest_tso4" },
	{ LKL_NETDEV_GUEST_TSO6, "guest_tso6" },
	{ LKL_NETDEV_HOST_TSO4, "host_tso4" },
	{ LKL_NETDEV_HOST_TSO6, "host_tso6" },
	{ LKL_NETDEV_HOST_UFO, "host_ufo" },
	{ LKL_NETDEV_MRG_RXBUF, "mrg_rxbuf" },
	{ LKL_NETDEV_GUEST_TSO4 | LKL_NETDEV_HOST_TSO4, "tso4" },
	{ LKL_NETDEV_GUEST_TSO6 | LKL_NETDEV_HOST_TSO6, "tso6" },
	{ 0, NULL },
};

#define ROW(name_, type_, field_, ...)					\
	{								\
		.name = PREFIX name_,					\
		.type = &type_,						\
		.offset = offsetof(struct lkl_config, field_),		\
		##__VA_ARGS__						\
	}
#define IF_ROW(name_, type_, field_, ...)				\
	{								\
		.name = PREFIX name_,					\
		.type = &type_,						\
		.offset = offsetof(struct lkl_config_iface, field_),	\
		.iface = true,						\
		##__VA_ARGS__						\
	}

const struct setting settings[] = {
	{ .name = PREFIX "CONFIG_FILE", .type = &type_launcher },
	IF_ROW("NET_IFTYPE", type_iftype, type),
	IF_ROW("NET_IFPARAMS", type_text, param),
	{ .name = PREFIX "NET_TAP", .type = &type_tap, .iface = true },
	IF_ROW("NET_IP", type_addr4, ip),
	IF_ROW("NET_NETMASK_LEN", type_number, masklen, .min = 1, .max = 32),
	IF_ROW("NET_IPV6", type_addr6, ipv6),
	IF_ROW("NET_NETMASK6_LEN", type_number, masklen6, .min = 1, .max = 128),
	IF_ROW("NET_IFGATEWAY", type_addr4, ifgateway),
	IF_ROW("NET_IFGATEWAY6", type_addr6, ifgateway6),
	IF_ROW("NET_MAC", type_mac, mac),
	IF_ROW("NET_MTU", type_number, mtu, .min = 68, .max = 65535),
	IF_ROW("NET_NEIGHBOR", type_list, neigh, .separators = ";",
	       .entry_ok = neigh_entry_ok,
	       .expected = "entries as 192.168.13.9|02:00:00:00:00:09;..., the "
			   "IPv4 or IPv6 address of a host and its unicast MAC "
			   "address"),
	IF_ROW("NET_QDISC", type_list, qdisc, .separators = ";",
	       .entry_ok = qdisc_entry_ok,
	       .expected = "entries as root|fq;..., the kind one of "
			   QDISC_KINDS " (those that need no parameters)"),
	IF_ROW("OFFLOAD", type_bits, offload, .bits = offload_bits,
	       .expected = "a sum of 0x1 (csum), 0x2 (guest_csum), 0x80 "
			   "(guest_tso4), 0x100 (guest_tso6), 0x800 "
			   "(host_tso4), 0x1000 (host_tso6), 0x4000 "
			   "(host_ufo), 0x8000 (mrg_rxbuf), or names with "
			   "commas, where tso4 and tso6 mean host and guest"),
	ROW("NET_GATEWAY", type_addr4, gateway),
	ROW("NET_GATEWAY6", type_addr6, gateway6),
	ROW("DEBUG", type_bits, debug, .bits = debug_bits,
	    .expected = "a sum of 0x1 (log), 0x100 (hold_exit), 0x200 "
			"(hold_start), or names with commas"),
	ROW("SINGLE_CPU", type_number, single_cpu, .max = 2,
	    .expected = "0 (off), 1 (pin the kernel's threads to one CPU) or "
			"2 (pin those of the backends as well)"),
	ROW("SYSCTL", type_list, sysctl, .separators = ";",
	    .entry_ok = sysctl_entry_ok,
	    .expected = "entries as net.ipv4.tcp_sack=1;..."),
	ROW("BOOT_CMDLINE", type_text, boot_cmdline, .max = CMDLINE_MAX),
	ROW("MOUNT", type_list, mount, .separators = ",",
	    .entry_ok = mount_entry_ok,
	    .expected = "types of file systems, such as proc,sysfs"),
	ROW("DUMP", type_list, dump, .separators = ",",
	    .entry_ok = file_entry_ok,
	    .expected = "absolute names, such as /proc/net/snmp,/proc/meminfo"),
	ROW("DELAY_MAIN", type_number, delay_main, .max = DELAY_MAX),
	ROW("NAMESERVER", type_list, nameserver, .separators = ", ;",
	    .entry_ok = addr_entry_ok,
	    .expected = "addresses, such as 10.0.2.3,fd00::3"),
	ROW("KEEP_GOING", type_number, keep_going, .max = 1),
};

const size_t settings_count = ARRAY_SIZE(settings);

/**
 * setting_field() - Find the value of a setting
 * @s:		the setting
 * @cfg:	settings
 * @iface:	interface, for settings of interfaces
 *
 * Return: where it is
 */
void *setting_field(const struct setting *s, struct lkl_config *cfg,
		    struct lkl_config_iface *iface)
{
	return (char *)(s->iface ? (void *)iface : (void *)cfg) + s->offset;
}

/**
 * setting_error() - Record an error of a setting that has been read
 * @cfg:	settings
 * @iface:	interface, for settings of interfaces
 * @name:	the setting; its value is shown if it has one
 * @fmt:	what is wrong, as of printf(), without end of line
 */
void setting_error(struct lkl_config *cfg, struct lkl_config_iface *iface,
		   const char *name, const char *fmt, ...)
{
	const struct setting *s = settings;
	char *value;
	va_list ap;

	while (strcmp(s->name, name))
		s++;
	value = s->type->format(setting_field(s, cfg, iface));
	va_start(ap, fmt);
	config_verror(cfg, name, value, fmt, ap);
	va_end(ap);
	free(value);
}
