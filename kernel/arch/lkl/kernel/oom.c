// SPDX-License-Identifier: GPL-2.0
/*
 * oom.c - Out of memory: the call that asks for it fails
 *
 * The kernel would look for a process to kill, and find none: all tasks of
 * the application are threads of pid 1. So the task that asks is treated as
 * the victim that has been killed already: it may use the reserves, and if
 * they do not do the allocation fails, and the call with ENOMEM.
 */
#include <linux/init.h>
#include <linux/notifier.h>
#include <linux/oom.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>

static int fail_call(struct notifier_block *nb, unsigned long val, void *freed)
{
	if (!current->thread.host || !current->mm)
		return NOTIFY_OK;
	if (!current->signal->oom_mm) {
		mmgrab(current->mm);
		current->signal->oom_mm = current->mm;
	}
	set_thread_flag(TIF_MEMDIE);
	pr_warn_ratelimited("out of memory, a system call fails\n");
	/* "Some was freed": try once more instead of killing. */
	*(unsigned long *)freed = 1;
	return NOTIFY_OK;
}

static struct notifier_block oom_block = {
	.notifier_call = fail_call,
};

static int __init oom_init(void)
{
	return register_oom_notifier(&oom_block);
}
early_initcall(oom_init);
