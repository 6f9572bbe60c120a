// SPDX-License-Identifier: GPL-2.0
/* process.c - Tasks as coroutines: creation, switch, idle */
#include <linux/cpu.h>
#include <linux/init.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/uaccess.h>
#include <linux/sched/debug.h>
#include <linux/sched/task.h>
#include <linux/sched/task_stack.h>
#include <asm/switch_to.h>
#include "engine.h"

/* The task that ran before the one that runs now. */
static struct task_struct *lkl_last;

/**
 * lkl_prepare_stack() - Make a stack that starts in a function
 * @stack:	its lowest address
 * @size:	its size in bytes
 * @entry:	the function; must not return
 *
 * Return: the stack pointer for lkl_switch_stack()
 */
unsigned long lkl_prepare_stack(void *stack, unsigned long size,
				void (*entry)(void))
{
	unsigned long *sp = stack + size - 16;

	*--sp = 0;			/* a return address that ends back traces */
	*--sp = (unsigned long)entry;
	sp -= 6;
	memset(sp, 0, 6 * sizeof(*sp));	/* r15 r14 r13 r12 rbx rbp */
	return (unsigned long)sp;
}

struct task_struct *__switch_to(struct task_struct *prev,
				struct task_struct *next)
{
	lkl_last = prev;
	lkl_current = next;
	lkl_far = next->thread.far;
	lkl_switch_stack(&prev->thread.sp, next->thread.sp);
	return lkl_last;
}

static void task_entry(void)
{
	schedule_tail(lkl_last);
	current->thread.fn(current->thread.arg);
	/* Only kernel_init() returns, having become pid 1. */
	lkl_lead_init();
}

/**
 * copy_thread() - Set up the coroutine of a new task
 * @p:		the task
 * @args:	how it was asked for
 *
 * Return: 0, or -ENOSYS for the clone(2) of an application: a thread of the
 * application is a host thread.
 */
int copy_thread(struct task_struct *p, const struct kernel_clone_args *args)
{
	if (!args->fn)
		return -ENOSYS;
	p->thread.host = NULL;
	p->thread.guest = NULL;
	p->thread.far = 0;
	p->thread.fn = args->fn;
	p->thread.arg = args->fn_arg;
	p->thread.sp = lkl_prepare_stack(task_stack_page(p), THREAD_SIZE,
					 task_entry);
	return 0;
}

/* Of the fair scheduler; it has no other knob than a debug file. */
extern unsigned int sysctl_sched_base_slice;

/*
 * Tasks switch in no time here, and a thread of the program waits for each:
 * let one that wakes up wait a tenth of a millisecond at most.
 */
static int __init set_slice(void)
{
	sysctl_sched_base_slice = 100 * NSEC_PER_USEC;
	return 0;
}
early_initcall(set_slice);

void flush_thread(void)
{
}

/**
 * lkl_copy_resched() - Before a long copy: let others run who are waiting to
 *
 * A call that moves megabytes has no other place where it could be preempted,
 * and may sleep where it touches memory of the program.
 */
void lkl_copy_resched(void)
{
	if (need_resched() && !irqs_disabled() && !pagefault_disabled())
		cond_resched();
}

/**
 * arch_cpu_idle() - Nothing is runnable: give the carrier back to the host
 *
 * Comes back with interrupts off, as it was called; what is pending is served
 * when the idle loop enables them.
 */
void arch_cpu_idle(void)
{
	if (!READ_ONCE(lkl_irq_pending) && !lkl_host->idle())
		lkl_vcpu_yield();
}

void show_regs(struct pt_regs *regs)
{
	show_stack(current, NULL, KERN_DEFAULT);
}

/* Nothing of a task could be traced: its registers are the host's. */
void ptrace_disable(struct task_struct *child)
{
}

long arch_ptrace(struct task_struct *child, long request, unsigned long addr,
		 unsigned long data)
{
	return -EIO;
}
