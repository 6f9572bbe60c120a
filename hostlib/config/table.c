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
static const char *const on_fork_words[] = { "closed", "fresh", NULL };

#define ADDR4 "the IPv4 address of a host, such as "
#define ADDR6 "the IPv6 address of a host, such as "

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

/* In the order of config/settings.ts: suggestions depend on it. */
const struct setting settings[] = {
	{ .name = PREFIX "CONFIG_FILE", .type = &type_launcher },
	IF_ROW("NET_IFTYPE", type_iftype, type),
	IF_ROW("NET_IFPARAMS", type_text, param, .max = TEXT_MAX),
	{ .name = PREFIX "NET_TAP", .type = &type_tap, .iface = true },
	IF_ROW("NET_IP", type_addr4, ip, .expected = ADDR4 "192.168.13.2"),
	IF_ROW("NET_NETMASK_LEN", type_number, masklen, .min = 1, .max = 32),
	IF_ROW("NET_IPV6", type_addr6, ipv6, .expected = ADDR6 "fd00::2"),
	IF_ROW("NET_NETMASK6_LEN", type_number, masklen6, .min = 1, .max = 128),
	ROW("NET_GATEWAY", type_addr4, gateway,
	    .expected = ADDR4 "192.168.13.1"),
	ROW("NET_GATEWAY6", type_addr6, gateway6, .expected = ADDR6 "fd00::1"),
	IF_ROW("NET_IFGATEWAY", type_addr4, ifgateway,
	       .expected = ADDR4 "192.168.13.1"),
	IF_ROW("NET_IFGATEWAY6", type_addr6, ifgateway6,
	       .expected = ADDR6 "fd00::1"),
	IF_ROW("NET_MAC", type_mac, mac),
	IF_ROW("NET_MTU", type_number, mtu, .min = 68, .max = 65535),
	IF_ROW("NET_NEIGHBOR", type_list, neigh, .separators = ";",
	       .entry_problem = neigh_problem),
	IF_ROW("NET_QDISC", type_list, qdisc, .separators = ";",
	       .entry_problem = qdisc_problem),
	IF_ROW("OFFLOAD", type_bits, offload, .bits = offload_bits,
	       .expected = "a sum of 0x1 (csum), 0x2 (guest_csum), 0x80 "
			   "(guest_tso4), 0x100 (guest_tso6), 0x800 "
			   "(host_tso4), 0x1000 (host_tso6), 0x4000 "
			   "(host_ufo), 0x8000 (mrg_rxbuf), or names with "
			   "commas (also tso4, tso6)"),
	ROW("DEBUG", type_bits, debug, .bits = debug_bits,
	    .expected = "a sum of 0x1 (log), 0x100 (hold_exit), 0x200 "
			"(hold_start), or names with commas"),
	ROW("SINGLE_CPU", type_number, single_cpu, .max = 2,
	    .expected = "0 (off), 1 (pin the kernel and the threads that call "
			"it to one CPU) or 2 (the threads of the backends as "
			"well)"),
	ROW("SYSCTL", type_list, sysctl, .separators = ";",
	    .entry_problem = sysctl_problem),
	ROW("BOOT_CMDLINE", type_text, boot_cmdline, .max = TEXT_MAX),
	ROW("MOUNT", type_list, mount, .separators = ",",
	    .entry_problem = mount_problem),
	ROW("DUMP", type_list, dump, .separators = ",",
	    .entry_problem = file_problem),
	ROW("PCAP", type_text, pcap, .max = TEXT_MAX),
	ROW("PCAP_SNAPLEN", type_number, pcap_snaplen, .min = 64,
	    .max = PCAPNG_WHOLE, .expected = "64 to 262144 (whole frames)"),
	ROW("DELAY_MAIN", type_number, delay_main, .max = DELAY_MAX),
	ROW("NAMESERVER", type_list, nameserver, .separators = ", ;",
	    .entry_problem = addr_problem),
	ROW("ON_FORK", type_choice, on_fork, .words = on_fork_words,
	    .expected = "closed or fresh"),
	ROW("NO_FOLLOW_EXEC", type_number, no_follow_exec, .max = 1,
	    .expected = "0 or 1"),
	ROW("LINGER", type_number, linger, .max = LINGER_MAX,
	    .standard = 2000),
	ROW("MODE", type_choice, mode, .words = mode_words,
	    .expected = "auto or preload or trap"),
	ROW("KEEP_GOING", type_number, keep_going, .max = 1,
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
