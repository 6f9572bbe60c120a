/* SPDX-License-Identifier: GPL-2.0 */
/*
 * route.h - Routes of the LKL kernel
 */
#ifndef HOSTLIB_NET_ROUTE_H
#define HOSTLIB_NET_ROUTE_H

int route_default(int af, const void *gw, int ifindex, unsigned int table);

#endif /* HOSTLIB_NET_ROUTE_H */
