/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_LKL_BARRIER_H
#define _ASM_LKL_BARRIER_H

/* Real ones: device rings are read by other host threads as well. */
#define mb()	asm volatile("lock; addl $0,-4(%%rsp)" ::: "memory", "cc")
#define rmb()	asm volatile("" ::: "memory")
#define wmb()	asm volatile("" ::: "memory")

#include <asm-generic/barrier.h>

#endif
