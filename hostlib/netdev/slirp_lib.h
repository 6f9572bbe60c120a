/* SPDX-License-Identifier: GPL-2.0 */
/*
 * slirp_lib.h - The functions of libslirp, loaded when they are needed
 */
#ifndef NETDEV_SLIRP_LIB_H
#define NETDEV_SLIRP_LIB_H

#include <slirp/libslirp.h>
#include <stdbool.h>

/* struct slirp_lib - libslirp's functions, without their prefix */
struct slirp_lib {
	typeof(&slirp_new) new;
	typeof(&slirp_cleanup) cleanup;
	typeof(&slirp_add_hostfwd) add_hostfwd;
	typeof(&slirp_pollfds_fill) pollfds_fill;
	typeof(&slirp_pollfds_poll) pollfds_poll;
	typeof(&slirp_input) input;
	typeof(&slirp_handle_timer) handle_timer;
	typeof(&slirp_connection_info) connection_info;
};

extern struct slirp_lib slirp_lib;

bool slirp_load(void);

#endif /* NETDEV_SLIRP_LIB_H */
