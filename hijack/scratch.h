/* SPDX-License-Identifier: GPL-2.0 */
/*
 * scratch.h - Memory for the length of a call
 */
#ifndef HIJACK_SCRATCH_H
#define HIJACK_SCRATCH_H

#include "kernel.h"

#pragma GCC visibility push(hidden)

void *scratch_take(size_t size);
void scratch_give(void *mem);

#pragma GCC visibility pop

#endif /* HIJACK_SCRATCH_H */
