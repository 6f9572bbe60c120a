// SPDX-License-Identifier: GPL-2.0
/* irq.c - Interrupts: what other host threads and devices have posted */
#include <linux/hardirq.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/lockdep.h>
#include <asm/irq_regs.h>
#include "engine.h"

struct pt_regs lkl_pt_regs[1];

/* Value of lkl_thread.queued: on no list, but somebody looks at it. */
#define LOOKED_AT	2

/* Requests come as a stack; serve the oldest first. */
static void run_requests(void)
{
	struct lkl_thread *t, *next, *fifo = NULL;
	unsigned int looked;

	t = __atomic_exchange_n(&lkl_vcpu.requests, NULL, __ATOMIC_SEQ_CST);
	for (; t; t = next) {
		next = t->next;
		t->next = fifo;
		fifo = t;
	}
	for (t = fifo; t; t = next) {
		next = t->next;
		/* When it is no more queued its thread may end. */
		do {
			looked = LOOKED_AT;
			__atomic_store_n(&t->queued, LOOKED_AT,
					 __ATOMIC_SEQ_CST);
			if (t->task)
				lkl_wake_request(t);
			else if (READ_ONCE(t->state) != LKL_THREAD_DONE)
				lkl_attach_request(t);
		} while (!__atomic_compare_exchange_n(&t->queued, &looked, 0,
						      false, __ATOMIC_SEQ_CST,
						      __ATOMIC_SEQ_CST));
	}
}

/**
 * lkl_run_sources() - Call the handlers of all sources that were posted
 *
 * With interrupts off.
 */
void lkl_run_sources(void)
{
	struct lkl_source *src, *next;
	unsigned int events;

	src = __atomic_exchange_n(&lkl_vcpu.sources, NULL, __ATOMIC_SEQ_CST);
	for (; src; src = next) {
		next = src->next;
		__atomic_store_n(&src->queued, 0, __ATOMIC_SEQ_CST);
		events = __atomic_exchange_n(&src->events, 0, __ATOMIC_SEQ_CST);
		src->handler(src, events);
	}
}

static void run_device_irqs(void)
{
	unsigned long irqs = lkl_vcpu.irqs;

	lkl_vcpu.irqs = 0;
	while (irqs) {
		int irq = __ffs(irqs);

		irqs &= irqs - 1;
		generic_handle_irq(irq);
	}
}

/**
 * lkl_run_irqs() - Serve all that is pending, as an interrupt
 *
 * Called where interrupts have just been enabled and lkl_irq_pending is set.
 */
void lkl_run_irqs(void)
{
	struct pt_regs *old;

	lkl_irqs_off = ARCH_IRQ_DISABLED;
	lockdep_hardirqs_off(_THIS_IP_);
	old = set_irq_regs(lkl_pt_regs);
	irq_enter();
	do {
		__atomic_exchange_n(&lkl_irq_pending, 0, __ATOMIC_SEQ_CST);
		run_requests();
		if (__atomic_exchange_n(&lkl_vcpu.timer, 0, __ATOMIC_SEQ_CST))
			lkl_timer_irq();
		lkl_run_sources();
		run_device_irqs();
	} while (__atomic_load_n(&lkl_irq_pending, __ATOMIC_RELAXED));
	irq_exit();
	set_irq_regs(old);
	lockdep_hardirqs_on_prepare();
	lockdep_hardirqs_on(_THIS_IP_);
	lkl_irqs_off = ARCH_IRQ_ENABLED;
	lkl_hand_over();
}

/**
 * lkl_cpu_relax() - A busy loop waits for an interrupt: look for it
 */
void lkl_cpu_relax(void)
{
	if (!lkl_irqs_off && READ_ONCE(lkl_irq_pending))
		lkl_run_irqs();
	else
		__builtin_ia32_pause();
}
EXPORT_SYMBOL(lkl_cpu_relax);

/*
 * The flow of an interrupt, without what only other machines need: another CPU
 * that is busy with it, threads, interrupts that nobody wants, randomness (the
 * host has given us some).
 */
static void run_handlers(struct irq_desc *desc)
{
	struct irqaction *action = desc->action;

	if (unlikely(!action || irqd_irq_disabled(&desc->irq_data))) {
		handle_simple_irq(desc);	/* keeps it for later */
		return;
	}
	desc->tot_count++;
	__this_cpu_inc(desc->kstat_irqs->cnt);
	for (; action; action = action->next)
		action->handler(desc->irq_data.irq, action->dev_id);
}

static void noop(struct irq_data *data)
{
}

static struct irq_chip lkl_irq_chip = {
	.name		= "lkl",
	.irq_mask	= noop,
	.irq_unmask	= noop,
};

void __init init_IRQ(void)
{
	int i;

	for (i = 1; i < NR_IRQS; i++)
		irq_set_chip_and_handler(i, &lkl_irq_chip, run_handlers);
}
