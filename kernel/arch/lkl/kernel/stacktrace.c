// SPDX-License-Identifier: GPL-2.0
/* stacktrace.c - Back traces by scanning the stack for text addresses */
#include <linux/kallsyms.h>
#include <linux/sched.h>
#include <linux/sched/debug.h>
#include <linux/sched/task_stack.h>
#include <linux/stacktrace.h>
#include "engine.h"

/*
 * Call @fn for every address on the stack that lies in kernel text. Without
 * frame pointers that shows a few stale ones too, as "?" entries of other
 * architectures do.
 */
static void walk(struct task_struct *task, unsigned long *sp,
		 bool (*fn)(void *cookie, unsigned long pc), void *cookie)
{
	unsigned long *end = task_stack_page(task) + THREAD_SIZE;

	if ((void *)sp < task_stack_page(task) || sp >= end)
		return;
	for (; sp < end; sp++)
		if (__kernel_text_address(*sp) && !fn(cookie, *sp))
			return;
}

static unsigned long *task_sp(struct task_struct *task)
{
	if (task == current)
		return (unsigned long *)current_stack_pointer;
	return (unsigned long *)task->thread.sp;
}

static bool print_entry(void *cookie, unsigned long pc)
{
	printk("%s  %pS\n", (const char *)cookie, (void *)pc);
	return true;
}

void show_stack(struct task_struct *task, unsigned long *sp, const char *loglvl)
{
	if (!task)
		task = current;
	printk("%sCall trace of %s (%d):\n", loglvl, task->comm,
	       task_pid_nr(task));
	walk(task, sp ?: task_sp(task), print_entry, (void *)loglvl);
}

void arch_stack_walk(stack_trace_consume_fn consume, void *cookie,
		     struct task_struct *task, struct pt_regs *regs)
{
	walk(task, task_sp(task), consume, cookie);
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

	walk(task, task_sp(task), first_wchan, &pc);
	return pc;
}
