/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lkl_net.h - Network devices, interfaces, routes, neighbours, queues, sysctls
 *
 * Part of lkl.h. IPv4 addresses passed as numbers, and all addresses passed by
 * pointer, are in network byte order. @af is LKL_AF_INET (2) or LKL_AF_INET6
 * (10). Functions return 0 or a negative errno of the LKL kernel unless said
 * otherwise.
 */
#ifndef LKL_NET_H
#define LKL_NET_H

#ifndef LKL_API
#define LKL_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Feature bits of virtio-net that a device may have, for @offload. */
#define LKL_NETDEV_CSUM		0x0001
#define LKL_NETDEV_GUEST_CSUM	0x0002
#define LKL_NETDEV_GUEST_TSO4	0x0080
#define LKL_NETDEV_GUEST_TSO6	0x0100
#define LKL_NETDEV_HOST_TSO4	0x0800
#define LKL_NETDEV_HOST_TSO6	0x1000
#define LKL_NETDEV_HOST_UFO	0x4000
#define LKL_NETDEV_MRG_RXBUF	0x8000

struct lkl_netdev;

/**
 * struct lkl_netdev_args - Properties of a network device
 * @mac:	its address, 6 bytes; NULL: the device chooses
 * @offload:	LKL_NETDEV_* bits offered to the kernel
 */
struct lkl_netdev_args {
	void *mac;
	unsigned int offload;
};

/*
 * Backends: what a network device is connected to on the host. All return NULL
 * on failure; lkl_netdev_error() then says why. @offload takes LKL_NETDEV_*.
 */

/** lkl_netdev_tap_create() - A tap device; @ifname: its name */
LKL_API struct lkl_netdev *lkl_netdev_tap_create(const char *ifname,
						 int offload);

/** lkl_netdev_macvtap_create() - A macvtap device; @path: /dev/tapN */
LKL_API struct lkl_netdev *lkl_netdev_macvtap_create(const char *path,
						     int offload);

/** lkl_netdev_raw_create() - A packet socket; @ifname: the host's interface */
LKL_API struct lkl_netdev *lkl_netdev_raw_create(const char *ifname);

/** lkl_netdev_pipe_create() - Two fifos; @fifos: "rx|tx", two paths */
LKL_API struct lkl_netdev *lkl_netdev_pipe_create(const char *fifos,
						  int offload);

/** lkl_netdev_vde_create() - A VDE switch; @path: its directory */
LKL_API struct lkl_netdev *lkl_netdev_vde_create(const char *path);

/**
 * lkl_netdev_slirp_create() - A user-mode network, needs no privilege
 * @forwards:	ports of the host to forward: "tcp:HOSTPORT:GUESTPORT,...",
 *		may be NULL or ""
 */
LKL_API struct lkl_netdev *lkl_netdev_slirp_create(const char *forwards);

/**
 * lkl_netdev_error() - Why the last create of this thread failed
 *
 * Return: one line of text, "" if none failed; valid until the next create
 */
LKL_API const char *lkl_netdev_error(void);

/**
 * lkl_netdev_add() - Give the kernel a network device
 * @nd:		backend
 * @args:	properties, NULL for none
 *
 * Return: id of the device, or a negative errno
 */
LKL_API int lkl_netdev_add(struct lkl_netdev *nd, struct lkl_netdev_args *args);

/** lkl_netdev_remove() - Take the device @id away from the kernel */
LKL_API int lkl_netdev_remove(int id);

/**
 * lkl_netdev_finish() - Let a backend deliver what it has taken
 * @id:		device; nothing will be sent on it any more
 * @ms:		how long that may take, in milliseconds
 */
LKL_API void lkl_netdev_finish(int id, unsigned int ms);

/** lkl_netdev_free() - Release a backend that no device uses */
LKL_API void lkl_netdev_free(struct lkl_netdev *nd);

/** lkl_netdev_get_ifindex() - Return: index of device @id's interface */
LKL_API int lkl_netdev_get_ifindex(int id);

/* Interfaces */

/**
 * lkl_ifname_to_ifindex() - Find an interface by name
 * @name:	name
 *
 * Return: its index, or a negative errno (-LKL_ENODEV: there is none)
 */
LKL_API int lkl_ifname_to_ifindex(const char *name);

/** lkl_if_up() - Enable the interface @ifindex */
LKL_API int lkl_if_up(int ifindex);

/** lkl_if_down() - Disable the interface @ifindex */
LKL_API int lkl_if_down(int ifindex);

/** lkl_if_set_mtu() - Set the largest packet, in bytes, of an interface */
LKL_API int lkl_if_set_mtu(int ifindex, int mtu);

/**
 * lkl_if_set_ipv4() - Give an interface an IPv4 address; may be there already
 * @ifindex:	interface
 * @addr:	address
 * @netmask_len: prefix length, 1 to 32
 */
LKL_API int lkl_if_set_ipv4(int ifindex, unsigned int addr,
			    unsigned int netmask_len);

/**
 * lkl_if_set_ipv6() - Give an interface an IPv6 address; may be there already
 * @ifindex:	interface
 * @addr:	16 bytes
 * @netprefix_len: prefix length, 1 to 128
 *
 * The address is usable at once: it is not checked for duplicates.
 */
LKL_API int lkl_if_set_ipv6(int ifindex, void *addr,
			    unsigned int netprefix_len);

/**
 * lkl_if_add_ip() - Add an address
 * @ifindex:	interface
 * @af:		address family
 * @addr:	4 or 16 bytes
 * @len:	prefix length
 *
 * An IPv6 address can be used after duplicate address detection, see
 * lkl_if_wait_ipv6_dad().
 *
 * Return: 0 or a negative errno (-LKL_EEXIST: it is there)
 */
LKL_API int lkl_if_add_ip(int ifindex, int af, void *addr, unsigned int len);

/** lkl_if_del_ip() - Remove an address, as of lkl_if_add_ip() */
LKL_API int lkl_if_del_ip(int ifindex, int af, void *addr, unsigned int len);

/** lkl_if_add_linklocal() - lkl_if_add_ip() with the scope of the link */
LKL_API int lkl_if_add_linklocal(int ifindex, int af, void *addr, int len);

/**
 * lkl_if_wait_ipv6_dad() - Wait until an IPv6 address can be used
 * @ifindex:	interface
 * @addr:	16 bytes
 *
 * Return: 0, -LKL_EADDRINUSE (another host has it), -LKL_EADDRNOTAVAIL (the
 * interface does not have it), -LKL_ETIMEDOUT after 10 s
 */
LKL_API int lkl_if_wait_ipv6_dad(int ifindex, void *addr);

/* Routes. A default route that is there already is replaced. */

/** lkl_set_ipv4_gateway() - Set the default route */
LKL_API int lkl_set_ipv4_gateway(unsigned int addr);

/** lkl_set_ipv6_gateway() - Set the IPv6 default route; @addr: 16 bytes */
LKL_API int lkl_set_ipv6_gateway(void *addr);

/** lkl_add_gateway() - Set the default route of family @af to @gw */
LKL_API int lkl_add_gateway(int af, void *gw);

/**
 * lkl_if_add_gateway() - Set the default route of an interface's own table
 * @ifindex:	interface
 * @af:		address family
 * @gw:		4 or 16 bytes
 *
 * The table is 2 * @ifindex for IPv4 and 2 * @ifindex + 1 for IPv6.
 */
LKL_API int lkl_if_add_gateway(int ifindex, int af, void *gw);

/**
 * lkl_if_add_rule_from_saddr() - Route packets by source address
 * @ifindex:	interface whose table, see lkl_if_add_gateway(), is to be used
 * @af:		address family
 * @saddr:	for packets from this address, 4 or 16 bytes
 */
LKL_API int lkl_if_add_rule_from_saddr(int ifindex, int af, void *saddr);

/**
 * lkl_if_set_ipv4_gateway() - Give an interface a default route of its own
 * @ifindex:	interface
 * @addr:	its address: packets from it take this route
 * @netmask_len: prefix length of its network
 * @gw_addr:	gateway
 */
LKL_API int lkl_if_set_ipv4_gateway(int ifindex, unsigned int addr,
				    unsigned int netmask_len,
				    unsigned int gw_addr);

/** lkl_if_set_ipv6_gateway() - The same; @addr, @gw_addr: 16 bytes each */
LKL_API int lkl_if_set_ipv6_gateway(int ifindex, void *addr,
				    unsigned int netmask_len, void *gw_addr);

/**
 * lkl_add_neighbor() - Add a permanent neighbour, or replace one
 * @ifindex:	interface it is reached through
 * @af:		address family
 * @addr:	its address, 4 or 16 bytes
 * @mac:	its link address, 6 bytes
 */
LKL_API int lkl_add_neighbor(int ifindex, int af, void *addr, void *mac);

/* Queueing disciplines */

/**
 * lkl_qdisc_add() - Add a queueing discipline, or replace one
 * @ifindex:	interface
 * @root:	where: "root", or the parent class as "MAJOR:MINOR" in hex
 * @type:	kind, "fq" and so on, with its default parameters
 *
 * Return: 0 or a negative errno (-LKL_ENOENT: unknown kind, or no such parent)
 */
LKL_API int lkl_qdisc_add(int ifindex, const char *root, const char *type);

/**
 * lkl_qdisc_parse_add() - lkl_qdisc_add() for each entry of a list
 * @ifindex:	interface
 * @entries:	"root|type;root|type;..."
 *
 * Every entry is tried.
 *
 * Return: 0 or the negative errno of the first that failed
 */
LKL_API int lkl_qdisc_parse_add(int ifindex, const char *entries);

/* Parameters of the kernel */

/**
 * lkl_sysctl() - Set a parameter
 * @path:	name below /proc/sys, with dots or slashes as of sysctl(8)
 * @value:	text to write
 *
 * Works whether /proc is mounted or not.
 */
LKL_API int lkl_sysctl(const char *path, const char *value);

/**
 * lkl_sysctl_parse_write() - lkl_sysctl() for each entry of a list
 * @sysctls:	"name=value;name=value;..."
 *
 * Every entry is tried.
 *
 * Return: 0 or the negative errno of the first that failed
 */
LKL_API int lkl_sysctl_parse_write(const char *sysctls);

#ifdef __cplusplus
}
#endif

#endif /* LKL_NET_H */
