/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Interrupts never arrive by themselves: they are looked for when they are
 * enabled again, in cpu_relax() and when the CPU is released.
 */
#ifndef _ASM_LKL_IRQFLAGS_H
#define _ASM_LKL_IRQFLAGS_H

#define ARCH_IRQ_DISABLED	1
#define ARCH_IRQ_ENABLED	0

extern unsigned int lkl_irqs_off;
extern unsigned int lkl_irq_pending;
void lkl_run_irqs(void);

static inline unsigned long arch_local_save_flags(void)
{
	return lkl_irqs_off;
}
#define arch_local_save_flags arch_local_save_flags

static inline void arch_local_irq_restore(unsigned long flags)
{
	asm volatile("" ::: "memory");
	lkl_irqs_off = flags;
	if (!flags &&
	    __builtin_expect(*(volatile unsigned int *)&lkl_irq_pending, 0))
		lkl_run_irqs();
}
#define arch_local_irq_restore arch_local_irq_restore

static inline void arch_local_irq_disable(void)
{
	lkl_irqs_off = ARCH_IRQ_DISABLED;
	asm volatile("" ::: "memory");
}
#define arch_local_irq_disable arch_local_irq_disable

static inline unsigned long arch_local_irq_save(void)
{
	unsigned long flags = lkl_irqs_off;

	arch_local_irq_disable();
	return flags;
}
#define arch_local_irq_save arch_local_irq_save

#include <asm-generic/irqflags.h>

#endif
