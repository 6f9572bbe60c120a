/* SPDX-License-Identifier: GPL-2.0 */
/*
 * wait.h - Waiting in the LKL kernel under a signal mask of the host
 */
#ifndef HIJACK_WAIT_H
#define HIJACK_WAIT_H

#include "kernel.h"

#pragma GCC visibility push(hidden)

void epoll_look(void);
bool pselect6_routed(long a[6], long *ret);
long wait_masked(const sigset_t *mask, long nr, long params[6]);

/* WAIT_MASKED() - wait_masked() with as many arguments as the call has. */
#define WAIT_MASKED(mask, nr, ...) \
	wait_masked(mask, nr, (long[6]){ ARGS6(__VA_ARGS__) })

#pragma GCC visibility pop

#endif /* HIJACK_WAIT_H */
