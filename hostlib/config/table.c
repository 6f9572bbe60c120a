// SPDX-License-Identifier: GPL-2.0
/*
 * table.c - The settings: names, types, and where the values go
 */
#include "config/config.h"
#include "netdev/pcapng.h"

/* Longest text: the kernel's command line takes 4095, and we add some. */
#define TEXT_MAX	4000
#define DELAY_MAX	600000000
#define LINGER_MAX	600000

static const struct setting_bit debug_bits[] = {
	{ LKL_DEBUG_LOG, "log" },
	{ LKL_DEBUG_HOLD_EXIT, "hold_exit" },
	{ LKL_DEBUG_HOLD_START, "hold_start" },
	{ 0, NULL },
};

/* In the order of LKL_MODE_*. */
static const char *const mode_words[] = { "auto", "preload", "trap", NULL };

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

/* Indices are LKL_ON_FORK_*. */
static const char *const on_fork_words[] = { "shared", "closed", "fresh", NULL };

#define ADDR4 "the IPv4 address of a host, such as "
#define ADDR6 "the IPv6 address of a host, such as "

#define ROW(name_, json_, type_, field_, ...)				\
	{								\
		.name = PREFIX name_,					\
		.json = json_,						\
		.type = &type_,						\
		.offset = offsetof(struct lkl_config, field_),		\
		##__VA_ARGS__						\
	}
#define IF_ROW(name_, json_, type_, field_, ...)			\
	{								\
		.name = PREFIX name_,					\
		.json = json_,						\
		.type = &type_,						\
		.offset = offsetof(struct lkl_config_iface, field_),	\
		.iface = true,						\
		##__VA_ARGS__						\
	}

/* In the order of config/settings.ts: suggestions depend on it. */
const struct setting settings[] = {
	{ .name = PREFIX "CONFIG_FILE", .type = &type_source },
	IF_ROW("NET_IFTYPE", "type", type_iftype, type),
	IF_ROW("NET_IFPARAMS", "param", type_text, param, .max = TEXT_MAX),
	{ .name = PREFIX "NET_TAP", .type = &type_source },
	IF_ROW("NET_IP", "ip", type_addr4, ip, .at_top = true,
	       .expected = ADDR4 "192.168.13.2"),
	IF_ROW("NET_NETMASK_LEN", "masklen", type_number, masklen,
	       .at_top = true, .min = 1, .max = 32),
	IF_ROW("NET_IPV6", "ipv6", type_addr6, ipv6, .at_top = true,
	       .expected = ADDR6 "fd00::2"),
	IF_ROW("NET_NETMASK6_LEN", "masklen6", type_number, masklen6,
	       .at_top = true, .min = 1, .max = 128),
	ROW("NET_GATEWAY", "gateway", type_addr4, gateway,
	    .expected = ADDR4 "192.168.13.1"),
	ROW("NET_GATEWAY6", "gateway6", type_addr6, gateway6,
	    .expected = ADDR6 "fd00::1"),
	IF_ROW("NET_IFGATEWAY", "ifgateway", type_addr4, ifgateway,
	       .expected = ADDR4 "192.168.13.1"),
	IF_ROW("NET_IFGATEWAY6", "ifgateway6", type_addr6, ifgateway6,
	       .expected = ADDR6 "fd00::1"),
	IF_ROW("NET_MAC", "mac", type_mac, mac),
	IF_ROW("NET_MTU", "mtu", type_number, mtu, .min = 68, .max = 65535),
	IF_ROW("NET_NEIGHBOR", "neigh", type_list, neigh, .separators = ";",
	       .entry_problem = neigh_problem),
	IF_ROW("NET_QDISC", "qdisc", type_list, qdisc, .separators = ";",
	       .entry_problem = qdisc_problem),
	IF_ROW("OFFLOAD", "offload", type_bits, offload, .bits = offload_bits,
	       .expected = "a sum of 0x1 (csum), 0x2 (guest_csum), 0x80 "
			   "(guest_tso4), 0x100 (guest_tso6), 0x800 "
			   "(host_tso4), 0x1000 (host_tso6), 0x4000 "
			   "(host_ufo), 0x8000 (mrg_rxbuf), or names with "
			   "commas (also tso4, tso6)"),
	ROW("DEBUG", "debug", type_bits, debug, .bits = debug_bits,
	    .expected = "a sum of 0x1 (log), 0x100 (hold_exit), 0x200 "
			"(hold_start), or names with commas"),
	ROW("SINGLE_CPU", "singlecpu", type_number, single_cpu, .max = 2,
	    .expected = "0 (off), 1 (pin the kernel and the threads that call "
			"it to one CPU) or 2 (the threads of the backends as "
			"well)"),
	ROW("SYSCTL", "sysctl", type_list, sysctl, .separators = ";",
	    .entry_problem = sysctl_problem),
	ROW("BOOT_CMDLINE", "boot_cmdline", type_text, boot_cmdline,
	    .max = TEXT_MAX),
	ROW("MOUNT", "mount", type_list, mount, .separators = ",",
	    .entry_problem = mount_problem),
	ROW("DUMP", "dump", type_list, dump, .separators = ",",
	    .entry_problem = file_problem),
	ROW("PCAP", "pcap", type_text, pcap, .max = TEXT_MAX),
	ROW("PCAP_SNAPLEN", "pcap_snaplen", type_number, pcap_snaplen,
	    .min = 64, .max = PCAPNG_WHOLE,
	    .expected = "64 to 262144 (whole frames)"),
	ROW("DELAY_MAIN", "delay_main", type_number, delay_main,
	    .max = DELAY_MAX),
	ROW("NAMESERVER", "nameserver", type_list, nameserver,
	    .separators = ", ;", .entry_problem = addr_problem),
	ROW("ON_FORK", "on_fork", type_choice, on_fork,
	    .words = on_fork_words,
	    .expected = "shared or closed or fresh"),
	ROW("NO_FOLLOW_EXEC", "no_follow_exec", type_number, no_follow_exec,
	    .max = 1, .expected = "0 or 1"),
	ROW("LINGER", "linger", type_number, linger, .max = LINGER_MAX,
	    .standard = 2000),
	ROW("MODE", "mode", type_choice, mode, .words = mode_words,
	    .expected = "auto or preload or trap"),
	ROW("KEEP_GOING", "keep_going", type_number, keep_going, .max = 1,
	    .expected = "0 or 1"),
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
