/* SPDX-License-Identifier: GPL-2.0 */
/*
 * rights.h - LKL descriptors in messages of the host
 */
#ifndef HIJACK_RIGHTS_H
#define HIJACK_RIGHTS_H

#include "kernel.h"

#pragma GCC visibility push(hidden)

bool rights_are_lkl(const struct msghdr *msg);
long rights_send(int fd, const struct msghdr *msg, int flags);
void rights_received(struct msghdr *msg, int flags);

#pragma GCC visibility pop

#endif /* HIJACK_RIGHTS_H */
