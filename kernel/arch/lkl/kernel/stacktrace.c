// SPDX-License-Identifier: GPL-2.0
/* stacktrace.c - Back traces, by frames or by scanning */
#include <linux/kallsyms.h>
#include <linux/sched.h>
#include <linux/sched/debug.h>
#include <linux/sched/task_stack.h>
#include <linux/stacktrace.h>
#include "engine.h"

/* Which word of a suspended stack is the frame pointer, see switch.S. */
#define SAVED_RBP	5

/**
 * walk() - Find the return addresses on the stack of a task
 * @task:	the task
 * @sp:		where to begin
 * @fp:		the first frame
 * @fn:		called for each; returns false to end
 * @cookie:	for @fn
 *
 * Where frames are not linked (without CONFIG_FRAME_POINTER, or in functions
 * of the host) every address of kernel text counts. That shows a few stale
 * ones too, as "?" entries of other architectures do.
 */
static void walk(struct task_struct *task, unsigned long *sp, unsigned long *fp,
		 stack_trace_consume_fn fn, void *cookie)
{
	unsigned long *end = task_stack_page(task) + THREAD_SIZE;

	if ((void *)sp < task_stack_page(task))
		return;
	for (; sp < end; sp++) {
		if (IS_ENABLED(CONFIG_FRAME_POINTER) && fp >= sp && fp < end)
			sp = fp + 1;
		if (__kernel_text_address(*sp) && !fn(cookie, *sp))
			return;
		if (sp == fp + 1)
			fp = (unsigned long *)*fp;
	}
}

static void walk_task(struct task_struct *task, stack_trace_consume_fn fn,
		      void *cookie)
{
	unsigned long *sp = (unsigned long *)task->thread.sp;

	if (task == current)
		walk(task, (unsigned long *)current_stack_pointer,
		     __builtin_frame_address(0), fn, cookie);
	else
		walk(task, sp, (unsigned long *)sp[SAVED_RBP], fn, cookie);
}

static bool print_entry(void *cookie, unsigned long pc)
{
	printk("%s  %pS\n", (const char *)cookie, (void *)pc);
	return true;
}

/* Nobody but kdb says where to begin. */
void show_stack(struct task_struct *task, unsigned long *sp, const char *loglvl)
{
	if (!task)
		task = current;
	printk("%sCall trace of %s (%d):\n", loglvl, task->comm,
	       task_pid_nr(task));
	walk_task(task, print_entry, (void *)loglvl);
}

void arch_stack_walk(stack_trace_consume_fn consume, void *cookie,
		     struct task_struct *task, struct pt_regs *regs)
{
	walk_task(task, consume, cookie);
}

static bool first_wchan(void *cookie, unsigned long pc)
{
	if (in_sched_functions(pc))
		return true;
	*(unsigned long *)cookie = pc;
	return false;
}

unsigned long __get_wchan(struct task_struct *task)
{
	unsigned long pc = 0;

	walk_task(task, first_wchan, &pc);
	return pc;
}
