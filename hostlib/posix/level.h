/* SPDX-License-Identifier: GPL-2.0 */
/*
 * level.h - What is known about the readiness of host descriptors
 */
#ifndef HOSTLIB_LEVEL_H
#define HOSTLIB_LEVEL_H

#include <poll.h>
#include <time.h>

#include <lkl.h>
#include <lkl_posix.h>
#include "host.h"
#include "raw.h"

/* Descriptors from here on are always asked about. */
#define LEVEL_FDS	(1 << 20)

unsigned long long host_level_begin(void);
unsigned long long host_level_round(void);
void host_level_report(int fd, unsigned long long round, unsigned int events);
bool host_level_load(int fd, unsigned int want, unsigned int *events);

#endif /* HOSTLIB_LEVEL_H */
