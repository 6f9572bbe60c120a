/* SPDX-License-Identifier: GPL-2.0 */
/*
 * raw_calls.h - System calls that the program makes by number
 */
#ifndef HIJACK_RAW_CALLS_H
#define HIJACK_RAW_CALLS_H

#include <stdbool.h>

#pragma GCC visibility push(hidden)

/* Makes a call on the host; returns its result, or a negative errno. */
typedef long raw_host_fn(long nr, const long a[6]);

bool raw_routed(long nr, long a[6], raw_host_fn *host, long *ret);

#pragma GCC visibility pop

#endif /* HIJACK_RAW_CALLS_H */
