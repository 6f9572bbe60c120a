// SPDX-License-Identifier: GPL-2.0
/*
 * net.c - Interfaces, addresses, routes, neighbours, queues and parameters
 *
 * Each is set with a function of lkl_net.h and read back from the kernel's own
 * lists, on a dummy device and on lo.
 */
#include <lkl.h>
#include <lkl/linux/fib_rules.h>
#include <lkl/linux/if_addr.h>
#include <lkl/linux/if_link.h>
#include <lkl/linux/neighbour.h>
#include <lkl/linux/pkt_sched.h>
#include <lkl/linux/rtnetlink.h>

#include "../hijack/tap.h"

#define LO 1

/* More than any attribute we look for. */
#define ATTRS 64

/**
 * struct want - What an entry of a list has to be
 * @ifindex:	its interface, 0: any
 * @len:	prefix length of destination or source
 * @table:	routing table, 0: any
 * @flags:	these flags (or this state) of its fixed part
 * @attr:	and it has this attribute, 0: none
 * @value:	with this value
 * @size:	of this many bytes
 */
struct want {
	int ifindex;
	unsigned int len;
	unsigned int table;
	unsigned int flags;
	int attr;
	const void *value;
	size_t size;
};

/** u32() - Return: the number in an attribute, 0 if there is none */
static unsigned int u32(const struct lkl_rtattr *attr)
{
	return attr ? *(unsigned int *)LKL_RTA_DATA(attr) : 0;
}

/** fixed_size() - Return: size of the fixed part of messages of @type */
static size_t fixed_size(int type)
{
	switch (type) {
	case LKL_RTM_NEWLINK:
		return sizeof(struct lkl_ifinfomsg);
	case LKL_RTM_NEWADDR:
		return sizeof(struct lkl_ifaddrmsg);
	case LKL_RTM_NEWNEIGH:
		return sizeof(struct lkl_ndmsg);
	case LKL_RTM_NEWQDISC:
		return sizeof(struct lkl_tcmsg);
	default:	/* routes, and rules, which look the same */
		return sizeof(struct lkl_rtmsg);
	}
}

/** matches_fixed() - Does the fixed part of an entry match? */
static bool matches_fixed(const struct lkl_nlmsghdr *nl,
			  struct lkl_rtattr **attrs, const struct want *w)
{
	const struct lkl_ifinfomsg *link = LKL_NLMSG_DATA(nl);
	const struct lkl_ifaddrmsg *addr = LKL_NLMSG_DATA(nl);
	const struct lkl_ndmsg *neigh = LKL_NLMSG_DATA(nl);
	const struct lkl_tcmsg *tc = LKL_NLMSG_DATA(nl);
	const struct lkl_rtmsg *route = LKL_NLMSG_DATA(nl);

	switch (nl->nlmsg_type) {
	case LKL_RTM_NEWLINK:
		return link->ifi_index == w->ifindex &&
		       (link->ifi_flags & w->flags) == w->flags;
	case LKL_RTM_NEWADDR:
		return (int)addr->ifa_index == w->ifindex &&
		       addr->ifa_prefixlen == w->len &&
		       (addr->ifa_flags & w->flags) == w->flags;
	case LKL_RTM_NEWNEIGH:
		return neigh->ndm_ifindex == w->ifindex &&
		       neigh->ndm_state == w->flags;
	case LKL_RTM_NEWQDISC:
		return tc->tcm_ifindex == w->ifindex &&
		       tc->tcm_parent == w->flags;
	case LKL_RTM_NEWRULE:
		return route->rtm_src_len == w->len &&
		       u32(attrs[LKL_FRA_TABLE]) == w->table;
	default:
		return route->rtm_dst_len == w->len &&
		       u32(attrs[LKL_RTA_TABLE]) == w->table &&
		       (int)u32(attrs[LKL_RTA_OIF]) == w->ifindex;
	}
}

/** matches() - Is this entry the one? */
static bool matches(const struct lkl_nlmsghdr *nl, const struct want *w)
{
	size_t fixed = fixed_size(nl->nlmsg_type);
	int left = nl->nlmsg_len - LKL_NLMSG_SPACE(fixed);
	struct lkl_rtattr *attrs[ATTRS] = { NULL };
	struct lkl_rtattr *attr;

	attr = (void *)((char *)LKL_NLMSG_DATA(nl) + LKL_NLMSG_ALIGN(fixed));
	for (; LKL_RTA_OK(attr, left); attr = LKL_RTA_NEXT(attr, left))
		if (attr->rta_type < ATTRS)
			attrs[attr->rta_type] = attr;
	if (!matches_fixed(nl, attrs, w))
		return false;
	attr = attrs[w->attr];
	return !w->attr || (attr && LKL_RTA_PAYLOAD(attr) == w->size &&
			    !memcmp(LKL_RTA_DATA(attr), w->value, w->size));
}

/**
 * find() - Look for an entry in one of the kernel's lists
 * @type:	LKL_RTM_NEW* of the list
 * @af:		address family
 * @w:		what to look for
 *
 * Return: true if it is there
 */
static bool find(int type, int af, const struct want *w)
{
	struct {
		struct lkl_nlmsghdr nl;
		struct lkl_tcmsg any;	/* all begin with the family */
	} ask = {
		.nl.nlmsg_len = LKL_NLMSG_LENGTH(fixed_size(type)),
		/* LKL_RTM_GET* is two more than LKL_RTM_NEW* */
		.nl.nlmsg_type = type + 2,
		.nl.nlmsg_flags = LKL_NLM_F_REQUEST | LKL_NLM_F_DUMP,
		.any.tcm_family = af,
	};
	static char buf[65536] __attribute__((aligned(8)));
	struct lkl_nlmsghdr *nl;
	bool found = false, done = false;
	int fd;
	long n;

	fd = lkl_sys_socket(LKL_AF_NETLINK, LKL_SOCK_RAW, LKL_NETLINK_ROUTE);
	must(fd >= 0);
	must(lkl_sys_send(fd, &ask, ask.nl.nlmsg_len, 0) ==
	     ask.nl.nlmsg_len);
	while (!done) {
		n = lkl_sys_recv(fd, buf, sizeof(buf), 0);
		must(n > 0);
		nl = (void *)buf;
		for (; LKL_NLMSG_OK(nl, n); nl = LKL_NLMSG_NEXT(nl, n)) {
			if (nl->nlmsg_type == LKL_NLMSG_DONE ||
			    nl->nlmsg_type == LKL_NLMSG_ERROR)
				done = true;
			else if (nl->nlmsg_type == type && matches(nl, w))
				found = true;
		}
	}
	lkl_sys_close(fd);
	return found;
}

/* has() - is there an entry with these members of struct want? */
#define has(type, af, ...) find(type, af, &(struct want){ __VA_ARGS__ })

/**
 * make_dummy() - Make a dummy device
 * @name:	its name
 *
 * Return: its index
 */
static int make_dummy(const char *name)
{
	struct {
		struct lkl_nlmsghdr nl;
		struct lkl_ifinfomsg link;
		struct lkl_rtattr name;
		char name_text[16];
		struct lkl_rtattr info;
		struct lkl_rtattr kind;
		char kind_text[8];
	} ask = {
		.nl.nlmsg_len = sizeof(ask),
		.nl.nlmsg_type = LKL_RTM_NEWLINK,
		.nl.nlmsg_flags = LKL_NLM_F_REQUEST | LKL_NLM_F_CREATE |
				  LKL_NLM_F_EXCL,
		.name = { sizeof(ask.name) + sizeof(ask.name_text),
			  LKL_IFLA_IFNAME },
		.info = { sizeof(ask.info) + sizeof(ask.kind) +
			  sizeof(ask.kind_text), LKL_IFLA_LINKINFO },
		.kind = { sizeof(ask.kind) + sizeof("dummy"),
			  LKL_IFLA_INFO_KIND },
		.kind_text = "dummy",
	};
	int fd = lkl_sys_socket(LKL_AF_NETLINK, LKL_SOCK_RAW,
				LKL_NETLINK_ROUTE);

	must(fd >= 0);
	strcpy(ask.name_text, name);
	must(lkl_sys_send(fd, &ask, sizeof(ask), 0) == sizeof(ask));
	lkl_sys_close(fd);
	return lkl_ifname_to_ifindex(name);
}

static void test_links(int dev)
{
	const unsigned int mtu = 1400;

	ok(dev > 0, "lkl_ifname_to_ifindex");
	ok(lkl_ifname_to_ifindex("lo") == LO, "lo is the first interface");
	ok(lkl_ifname_to_ifindex("none0") == -LKL_ENODEV,
	   "an unknown interface");
	ok(lkl_ifname_to_ifindex("a-name-that-is-too-long") == -LKL_ENODEV,
	   "a name that is too long");
	ok(!lkl_if_set_mtu(dev, mtu) &&
	   has(LKL_RTM_NEWLINK, 0, .ifindex = dev, .attr = LKL_IFLA_MTU,
	       .value = &mtu, .size = 4), "lkl_if_set_mtu");
	ok(lkl_if_set_mtu(dev, -1) == -LKL_EINVAL, "an impossible MTU");
	ok(!lkl_if_up(dev) && has(LKL_RTM_NEWLINK, 0, .ifindex = dev,
				  .flags = LKL_IFF_UP), "lkl_if_up");
	ok(!lkl_if_down(dev) && !has(LKL_RTM_NEWLINK, 0, .ifindex = dev,
				     .flags = LKL_IFF_UP), "lkl_if_down");
	ok(lkl_if_up(4711) == -LKL_ENODEV, "an interface that is not there");
	must(!lkl_if_up(dev));
	ok(!lkl_if_up(LO) &&
	   has(LKL_RTM_NEWADDR, LKL_AF_INET, .ifindex = LO, .len = 8,
	       .attr = LKL_IFA_LOCAL, .value = "\177\0\0\1", .size = 4) &&
	   has(LKL_RTM_NEWADDR, LKL_AF_INET6, .ifindex = LO, .len = 128),
	   "lo has its addresses when it is up");
}

/* 192.0.2.1 and 2001:db8::1, those ending with 2, 3, 9, and fe80::5 */
static unsigned char ip1[4] = { 192, 0, 2, 1 };
static unsigned char ip2[4] = { 192, 0, 2, 2 };
static unsigned char ip3[4] = { 192, 0, 2, 3 };
static unsigned char ip9[4] = { 192, 0, 2, 9 };
static unsigned char six1[16] = { 0x20, 1, 0xd, 0xb8, [15] = 1 };
static unsigned char six2[16] = { 0x20, 1, 0xd, 0xb8, [15] = 2 };
static unsigned char six3[16] = { 0x20, 1, 0xd, 0xb8, [15] = 3 };
static unsigned char six9[16] = { 0x20, 1, 0xd, 0xb8, [15] = 9 };
static unsigned char linklocal[16] = { 0xfe, 0x80, [15] = 5 };

static unsigned int number(const unsigned char ip[4])
{
	unsigned int n;

	memcpy(&n, ip, 4);
	return n;
}

static bool has_addr(int dev, int af, const void *addr, unsigned int len)
{
	return has(LKL_RTM_NEWADDR, af, .ifindex = dev, .len = len,
		   .attr = af == LKL_AF_INET ? LKL_IFA_LOCAL : LKL_IFA_ADDRESS,
		   .value = addr, .size = af == LKL_AF_INET ? 4 : 16);
}

static void test_addresses(int dev)
{
	ok(!lkl_if_set_ipv4(dev, number(ip1), 24) &&
	   has_addr(dev, LKL_AF_INET, ip1, 24), "lkl_if_set_ipv4");
	ok(has(LKL_RTM_NEWADDR, LKL_AF_INET, .ifindex = dev, .len = 24,
	       .attr = LKL_IFA_BROADCAST, .value = "\300\0\2\377", .size = 4),
	   "with a broadcast address");
	ok(!lkl_if_set_ipv4(dev, number(ip1), 24), "the same once more");
	ok(lkl_if_set_ipv4(dev, number(ip1), 33) == -LKL_EINVAL &&
	   lkl_if_set_ipv4(dev, number(ip1), 0) == -LKL_EINVAL,
	   "impossible prefix lengths");
	ok(!lkl_if_set_ipv6(dev, six1, 64) &&
	   has_addr(dev, LKL_AF_INET6, six1, 64), "lkl_if_set_ipv6");
	ok(!lkl_if_wait_ipv6_dad(dev, six1), "it can be used at once");
	ok(!lkl_if_add_ip(dev, LKL_AF_INET, ip2, 32) &&
	   has_addr(dev, LKL_AF_INET, ip2, 32), "lkl_if_add_ip, a /32");
	ok(lkl_if_add_ip(dev, LKL_AF_INET, ip2, 32) == -LKL_EEXIST,
	   "lkl_if_add_ip of what is there");
	ok(!lkl_if_del_ip(dev, LKL_AF_INET, ip2, 32) &&
	   !has_addr(dev, LKL_AF_INET, ip2, 32), "lkl_if_del_ip");
	ok(lkl_if_add_ip(dev, LKL_AF_UNIX, ip2, 32) == -LKL_EAFNOSUPPORT,
	   "a family without addresses");
	ok(!lkl_if_add_ip(dev, LKL_AF_INET6, six2, 64) &&
	   !lkl_if_wait_ipv6_dad(dev, six2), "lkl_if_wait_ipv6_dad");
	ok(lkl_if_wait_ipv6_dad(dev, six9) == -LKL_EADDRNOTAVAIL,
	   "lkl_if_wait_ipv6_dad without the address");
	ok(!lkl_if_add_linklocal(dev, LKL_AF_INET6, linklocal, 64) &&
	   has_addr(dev, LKL_AF_INET6, linklocal, 64), "lkl_if_add_linklocal");
}

static bool has_default(int dev, int af, unsigned int table, const void *gw)
{
	return has(LKL_RTM_NEWROUTE, af, .ifindex = dev, .table = table,
		   .attr = LKL_RTA_GATEWAY, .value = gw,
		   .size = af == LKL_AF_INET ? 4 : 16);
}

static void test_routes(int dev)
{
	ok(!lkl_set_ipv4_gateway(number(ip9)) &&
	   has_default(dev, LKL_AF_INET, LKL_RT_TABLE_MAIN, ip9),
	   "lkl_set_ipv4_gateway");
	ok(!lkl_set_ipv6_gateway(six9) &&
	   has_default(dev, LKL_AF_INET6, LKL_RT_TABLE_MAIN, six9),
	   "lkl_set_ipv6_gateway");
	ok(!lkl_add_gateway(LKL_AF_INET, ip3) &&
	   has_default(dev, LKL_AF_INET, LKL_RT_TABLE_MAIN, ip3) &&
	   !has_default(dev, LKL_AF_INET, LKL_RT_TABLE_MAIN, ip9),
	   "lkl_add_gateway replaces");
	ok(lkl_set_ipv4_gateway(0x01010101) == -LKL_ENETUNREACH,
	   "a gateway that cannot be reached");
	ok(!lkl_if_set_ipv4_gateway(dev, number(ip1), 24, number(ip9)) &&
	   has_default(dev, LKL_AF_INET, 2 * dev, ip9),
	   "lkl_if_set_ipv4_gateway: default route");
	ok(has(LKL_RTM_NEWROUTE, LKL_AF_INET, .ifindex = dev, .len = 24,
	       .table = 2 * dev, .attr = LKL_RTA_DST, .value = "\300\0\2",
	       .size = 4), "network");
	ok(has(LKL_RTM_NEWRULE, LKL_AF_INET, .len = 32, .table = 2 * dev,
	       .attr = LKL_FRA_SRC, .value = ip1, .size = 4), "rule");
	ok(!lkl_if_set_ipv6_gateway(dev, six1, 64, six9) &&
	   has_default(dev, LKL_AF_INET6, 2 * dev + 1, six9) &&
	   has(LKL_RTM_NEWRULE, LKL_AF_INET6, .len = 128,
	       .table = 2 * dev + 1, .attr = LKL_FRA_SRC, .value = six1,
	       .size = 16), "lkl_if_set_ipv6_gateway");
	ok(!lkl_if_add_rule_from_saddr(dev, LKL_AF_INET, ip3) &&
	   has(LKL_RTM_NEWRULE, LKL_AF_INET, .len = 32, .table = 2 * dev,
	       .attr = LKL_FRA_SRC, .value = ip3, .size = 4),
	   "lkl_if_add_rule_from_saddr");
	ok(!lkl_if_add_gateway(dev, LKL_AF_INET6, six3) &&
	   has_default(dev, LKL_AF_INET6, 2 * dev + 1, six3),
	   "lkl_if_add_gateway");
}

static void test_neighbours(int dev)
{
	unsigned char mac[6] = { 2, 0, 0, 0, 0, 9 };

	ok(!lkl_add_neighbor(dev, LKL_AF_INET, ip9, mac) &&
	   has(LKL_RTM_NEWNEIGH, LKL_AF_INET, .ifindex = dev,
	       .flags = LKL_NUD_PERMANENT, .attr = LKL_NDA_LLADDR,
	       .value = mac, .size = 6), "lkl_add_neighbor");
	mac[5] = 10;
	ok(!lkl_add_neighbor(dev, LKL_AF_INET, ip9, mac) &&
	   has(LKL_RTM_NEWNEIGH, LKL_AF_INET, .ifindex = dev,
	       .flags = LKL_NUD_PERMANENT, .attr = LKL_NDA_LLADDR,
	       .value = mac, .size = 6), "lkl_add_neighbor replaces");
	ok(!lkl_add_neighbor(dev, LKL_AF_INET6, six9, mac) &&
	   has(LKL_RTM_NEWNEIGH, LKL_AF_INET6, .ifindex = dev,
	       .flags = LKL_NUD_PERMANENT, .attr = LKL_NDA_DST, .value = six9,
	       .size = 16), "lkl_add_neighbor, IPv6");
}

static bool has_qdisc(int dev, const char *kind)
{
	return has(LKL_RTM_NEWQDISC, 0, .ifindex = dev, .flags = LKL_TC_H_ROOT,
		   .attr = LKL_TCA_KIND, .value = kind,
		   .size = strlen(kind) + 1);
}

static void test_qdiscs(int dev)
{
	/* What the settings reader offers, config.h. */
	static const char *const kinds[] = {
		"fq", "fq_codel", "fq_pie", "codel", "pie", "cake", "hhf",
		"sfq", "sfb", "skbprio", "drr", "qfq", "pfifo", "bfifo",
		"pfifo_fast", "pfifo_head_drop", "plug", "blackhole",
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		ok(!lkl_qdisc_add(dev, "root", kinds[i]) &&
		   has_qdisc(dev, kinds[i]), "lkl_qdisc_add, %s", kinds[i]);
	ok(!lkl_qdisc_add(dev, "root", "noqueue"), "lkl_qdisc_add, noqueue");
	ok(lkl_qdisc_add(dev, "root", "fifofum") == -LKL_ENOENT,
	   "an unknown kind");
	ok(lkl_qdisc_add(dev, "root", "a-kind-with-a-long-name") ==
	   -LKL_ENOENT, "a kind with a long name");
	ok(lkl_qdisc_add(dev, "leaf", "fq") == -LKL_EINVAL,
	   "an impossible parent");
	ok(lkl_qdisc_parse_add(dev, "root|fifofum; root | fq ;") ==
	   -LKL_ENOENT && has_qdisc(dev, "fq"),
	   "lkl_qdisc_parse_add goes on after an error");
}

/**
 * read_param() - Read a parameter through a proc that the test mounts
 * @name:	file below /proc/sys
 *
 * Return: its first word
 */
static const char *read_param(const char *name)
{
	static char text[128];
	char path[128];
	long fd, n;

	snprintf(path, sizeof(path), "/proc/sys/%s", name);
	fd = lkl_sys_open(path, LKL_O_RDONLY, 0);
	if (fd < 0)
		return lkl_strerror(fd);
	n = lkl_sys_read(fd, text, sizeof(text) - 1);
	lkl_sys_close(fd);
	text[n < 0 ? 0 : n] = '\0';
	text[strcspn(text, "\t\n")] = '\0';
	return text;
}

static void test_params(void)
{
	char *none = calloc(1, 70000);

	ok(!lkl_sysctl("net.ipv4.ip_forward", "1"), "lkl_sysctl");
	lkl_sys_mkdir("/proc", 0755);
	must(!lkl_sys_mount("proc", "/proc", "proc", 0, NULL));
	ok(!strcmp(read_param("net/ipv4/ip_forward"), "1"),
	   "works before /proc is mounted");
	ok(!lkl_sysctl("net/ipv4/ip_forward", "0") &&
	   !strcmp(read_param("net/ipv4/ip_forward"), "0"),
	   "lkl_sysctl with slashes, /proc mounted");
	ok(!lkl_sysctl("net.ipv4.conf.dum/5.forwarding", "1") &&
	   !strcmp(read_param("net/ipv4/conf/dum.5/forwarding"), "1"),
	   "a slash stands for a dot in a name");
	ok(!lkl_sysctl("net.ipv4.tcp_wmem", "4096 87380 2147483647") &&
	   !strcmp(read_param("net/ipv4/tcp_wmem"), "4096"),
	   "a value of several numbers");
	ok(lkl_sysctl("net.ipv4.no_such_thing", "1") == -LKL_ENOENT,
	   "an unknown parameter");
	ok(lkl_sysctl("net.ipv4.ip_forward", "much") == -LKL_EINVAL,
	   "an impossible value");
	ok(lkl_sysctl_parse_write("net.ipv4.no_such_thing=1;"
				  "net.ipv4.ip_forward = 1;") == -LKL_ENOENT &&
	   !strcmp(read_param("net/ipv4/ip_forward"), "1"),
	   "lkl_sysctl_parse_write goes on after an error");
	must(none);
	memset(none, 'x', 69999);
	ok(lkl_sysctl(none, none) < 0 && lkl_sysctl_parse_write(none) < 0,
	   "texts of any length");
	free(none);
}

int main(void)
{
	int dev;

	must(!lkl_init(&lkl_host_ops));
	must(!lkl_start_kernel("mem=64M loglevel=0"));
	dev = make_dummy("dum.5");
	must(dev > 0);
	test_links(dev);
	test_addresses(dev);
	test_routes(dev);
	test_neighbours(dev);
	test_qdiscs(dev);
	test_params();
	lkl_sys_halt();
	lkl_cleanup();
	return tap_done();
}
