/* SPDX-License-Identifier: GPL-2.0 */
/*
 * slirp_forward.h - List of the host's ports that are forwarded to the guest
 */
#ifndef NETDEV_SLIRP_FORWARD_H
#define NETDEV_SLIRP_FORWARD_H

#include <stdbool.h>

/**
 * struct forward - One entry
 * @udp:	UDP, else TCP
 * @host_port:	port on the host
 * @guest_port:	port of the guest
 */
struct forward {
	bool udp;
	int host_port;
	int guest_port;
};

/* forward_fn - Set up a forward; return: 0 or a positive errno */
typedef int (*forward_fn)(void *opaque, const struct forward *fwd);

bool forward_each(const char *list, forward_fn fn, void *opaque);

#endif /* NETDEV_SLIRP_FORWARD_H */
