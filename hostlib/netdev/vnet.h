/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vnet.h - Offload of tap and macvtap devices
 */
#ifndef NETDEV_VNET_H
#define NETDEV_VNET_H

#include "netdev.h"

short vnet_flags(unsigned int offload);
struct lkl_netdev *vnet_new(const char *type, const char *name, int fd,
			    unsigned int offload);

#endif /* NETDEV_VNET_H */
