// SPDX-License-Identifier: GPL-2.0
/*
 * netdev_error.c - Why a network backend could not be made
 */
#include <stdarg.h>
#include <stdio.h>

#include <lkl_net.h>
#include "netdev.h"

static __thread char message[512];

struct lkl_netdev *netdev_fail(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	return NULL;
}

const char *lkl_netdev_error(void)
{
	return message;
}
