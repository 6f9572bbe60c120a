/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_LKL_PROCESSOR_H
#define _ASM_LKL_PROCESSOR_H

#include <asm/page.h>
#include <asm/ptrace.h>

struct task_struct;
struct lkl_guest;
struct lkl_thread;

/**
 * struct thread_struct - The machine state of a task
 * @sp:		where its coroutine is suspended
 * @host:	the host thread whose calls it executes, NULL for a kernel thread
 * @fn:		function a new task starts with
 * @arg:	argument of @fn
 * @guest:	the guest it is a task of, NULL for none
 * @far:	process id of the host if user memory is another process's, else 0
 */
struct thread_struct {
	unsigned long sp;
	struct lkl_thread *host;
	int (*fn)(void *arg);
	void *arg;
	struct lkl_guest *guest;
	int far;
};

#define INIT_THREAD	{ }

/* Any address of the process is a user address, and so is a kernel one. */
#define TASK_SIZE		(~0UL >> 1)
#define TASK_UNMAPPED_BASE	0
#define STACK_TOP		TASK_SIZE
#define STACK_TOP_MAX		TASK_SIZE

#define task_pt_regs(tsk)	((struct pt_regs *)lkl_pt_regs)
extern struct pt_regs lkl_pt_regs[1];

#define KSTK_EIP(tsk)	(0)
#define KSTK_ESP(tsk)	((tsk)->thread.sp)

void lkl_cpu_relax(void);
#define cpu_relax()	lkl_cpu_relax()

unsigned long __get_wchan(struct task_struct *p);

static inline void start_thread(struct pt_regs *regs, unsigned long ip,
				unsigned long sp)
{
}

static inline void prefetch(const void *x)
{
	__builtin_prefetch(x);
}
#define ARCH_HAS_PREFETCH

#endif
