/* SPDX-License-Identifier: GPL-2.0 */
/*
 * clone.h - Children that a program makes by number
 */
#ifndef HIJACK_CLONE_H
#define HIJACK_CLONE_H

#include <stdbool.h>

#pragma GCC visibility push(hidden)

bool clone_is_fork(const long a[6]);
long clone_fork(long flags);

#pragma GCC visibility pop

#endif /* HIJACK_CLONE_H */
