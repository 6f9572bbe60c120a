/* SPDX-License-Identifier: GPL-2.0 */
/* Plain C: see asm/atomic.h. */
#ifndef _ASM_LKL_BITOPS_H
#define _ASM_LKL_BITOPS_H

#ifndef _LINUX_BITOPS_H
#error only <linux/bitops.h> can be included directly
#endif

#include <linux/compiler.h>
#include <linux/irqflags.h>
#include <asm/barrier.h>

#include <asm-generic/bitops/builtin-__ffs.h>
#include <asm-generic/bitops/builtin-__fls.h>
#include <asm-generic/bitops/builtin-ffs.h>
#include <asm-generic/bitops/builtin-fls.h>
#include <asm-generic/bitops/ffz.h>
#include <asm-generic/bitops/fls64.h>
#include <asm-generic/bitops/sched.h>
#include <asm-generic/bitops/hweight.h>

static __always_inline void arch_set_bit(unsigned int nr,
					 volatile unsigned long *p)
{
	p[BIT_WORD(nr)] |= BIT_MASK(nr);
}

static __always_inline void arch_clear_bit(unsigned int nr,
					   volatile unsigned long *p)
{
	p[BIT_WORD(nr)] &= ~BIT_MASK(nr);
}

static __always_inline void arch_change_bit(unsigned int nr,
					    volatile unsigned long *p)
{
	p[BIT_WORD(nr)] ^= BIT_MASK(nr);
}

static __always_inline int arch_test_and_set_bit(unsigned int nr,
						 volatile unsigned long *p)
{
	unsigned long old = p[BIT_WORD(nr)];

	p[BIT_WORD(nr)] = old | BIT_MASK(nr);
	return (old & BIT_MASK(nr)) != 0;
}

static __always_inline int arch_test_and_clear_bit(unsigned int nr,
						   volatile unsigned long *p)
{
	unsigned long old = p[BIT_WORD(nr)];

	p[BIT_WORD(nr)] = old & ~BIT_MASK(nr);
	return (old & BIT_MASK(nr)) != 0;
}

static __always_inline int arch_test_and_change_bit(unsigned int nr,
						    volatile unsigned long *p)
{
	unsigned long old = p[BIT_WORD(nr)];

	p[BIT_WORD(nr)] = old ^ BIT_MASK(nr);
	return (old & BIT_MASK(nr)) != 0;
}

static __always_inline int arch_test_and_set_bit_lock(unsigned int nr,
						volatile unsigned long *p)
{
	return arch_test_and_set_bit(nr, p);
}

static __always_inline void arch_clear_bit_unlock(unsigned int nr,
						  volatile unsigned long *p)
{
	barrier();
	arch_clear_bit(nr, p);
}

static __always_inline void arch___clear_bit_unlock(unsigned int nr,
						    volatile unsigned long *p)
{
	arch_clear_bit_unlock(nr, p);
}

static __always_inline bool
arch_xor_unlock_is_negative_byte(unsigned long mask,
				 volatile unsigned long *p)
{
	unsigned long old = *p;

	*p = old ^ mask;
	return old & BIT(7);
}

#include <asm-generic/bitops/instrumented-atomic.h>
#include <asm-generic/bitops/instrumented-lock.h>
#include <asm-generic/bitops/non-atomic.h>
#include <asm-generic/bitops/le.h>
#include <asm-generic/bitops/ext2-atomic-setbit.h>

#endif
