// SPDX-License-Identifier: GPL-2.0
/*
 * slirp_lib.c - The functions of libslirp, loaded when they are needed
 */
#include "dso.h"
#include "slirp_lib.h"

struct slirp_lib slirp_lib;

static const struct dso_symbol symbols[] = {
	{ "slirp_new", &slirp_lib.new },
	{ "slirp_cleanup", &slirp_lib.cleanup },
	{ "slirp_add_hostfwd", &slirp_lib.add_hostfwd },
	{ "slirp_pollfds_fill", &slirp_lib.pollfds_fill },
	{ "slirp_pollfds_poll", &slirp_lib.pollfds_poll },
	{ "slirp_input", &slirp_lib.input },
	{ "slirp_handle_timer", &slirp_lib.handle_timer },
	{ "slirp_connection_info", &slirp_lib.connection_info },
};

/**
 * slirp_load() - Load libslirp
 *
 * Return: false: see lkl_netdev_error()
 */
bool slirp_load(void)
{
	return dso_load("slirp", "libslirp.so.0", "libslirp0", symbols,
			sizeof(symbols) / sizeof(*symbols));
}
