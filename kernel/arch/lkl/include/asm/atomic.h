/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One CPU and no asynchronous interrupts: a plain read-modify-write is
 * atomic. Words shared with other host threads use __atomic builtins instead.
 */
#ifndef _ASM_LKL_ATOMIC_H
#define _ASM_LKL_ATOMIC_H

#include <linux/types.h>
#include <asm/barrier.h>
#include <asm/cmpxchg.h>

#define ATOMIC64_INIT(i)	{ (i) }

#define __LKL_ATOMIC_OP(t, p, T, op, c_op)				\
static __always_inline void arch_##p##_##op(T i, t *v)			\
{									\
	WRITE_ONCE(v->counter, READ_ONCE(v->counter) c_op i);		\
}									\
static __always_inline T arch_##p##_##op##_return(T i, t *v)		\
{									\
	T r = READ_ONCE(v->counter) c_op i;				\
									\
	WRITE_ONCE(v->counter, r);					\
	return r;							\
}									\
static __always_inline T arch_##p##_fetch_##op(T i, t *v)		\
{									\
	T r = READ_ONCE(v->counter);					\
									\
	WRITE_ONCE(v->counter, r c_op i);				\
	return r;							\
}

#define __LKL_ATOMIC_TYPE(t, p, T)					\
static __always_inline T arch_##p##_read(const t *v)			\
{									\
	return READ_ONCE(v->counter);					\
}									\
static __always_inline void arch_##p##_set(t *v, T i)			\
{									\
	WRITE_ONCE(v->counter, i);					\
}									\
__LKL_ATOMIC_OP(t, p, T, add, +)					\
__LKL_ATOMIC_OP(t, p, T, sub, -)					\
__LKL_ATOMIC_OP(t, p, T, and, &)					\
__LKL_ATOMIC_OP(t, p, T, or, |)						\
__LKL_ATOMIC_OP(t, p, T, xor, ^)

__LKL_ATOMIC_TYPE(atomic_t, atomic, int)
__LKL_ATOMIC_TYPE(atomic64_t, atomic64, s64)

#define arch_atomic_add_return		arch_atomic_add_return
#define arch_atomic_sub_return		arch_atomic_sub_return
#define arch_atomic_fetch_add		arch_atomic_fetch_add
#define arch_atomic_fetch_sub		arch_atomic_fetch_sub
#define arch_atomic_fetch_and		arch_atomic_fetch_and
#define arch_atomic_fetch_or		arch_atomic_fetch_or
#define arch_atomic_fetch_xor		arch_atomic_fetch_xor
#define arch_atomic64_add_return	arch_atomic64_add_return
#define arch_atomic64_sub_return	arch_atomic64_sub_return
#define arch_atomic64_fetch_add		arch_atomic64_fetch_add
#define arch_atomic64_fetch_sub		arch_atomic64_fetch_sub
#define arch_atomic64_fetch_and		arch_atomic64_fetch_and
#define arch_atomic64_fetch_or		arch_atomic64_fetch_or
#define arch_atomic64_fetch_xor		arch_atomic64_fetch_xor

#undef __LKL_ATOMIC_TYPE
#undef __LKL_ATOMIC_OP

#endif
