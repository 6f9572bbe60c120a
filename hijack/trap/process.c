// SPDX-License-Identifier: GPL-2.0
/*
 * process.c - Children of a trapped program
 *
 * fork() is our libc's, so that everybody who wants to know is told. So is
 * vfork() if the child may leave a program LKL descriptors; else Linux does the
 * work; the child shares our memory and so needs a struct
 * trap_thread, a stack for its traps and actions for signals of its own: its
 * parent, which waits, is on the other ones.
 *
 * Linux stops dispatching in every child, so that it has to be asked again.
 */
#include "exec.h"
#include "trap.h"

#include <sched.h>

#define VFORK_FLAGS (CLONE_VM | CLONE_VFORK)

/* What clone() may be asked for besides, when a process is made. */
#define PROCESS_MAY (CSIGNAL | VFORK_FLAGS | CLONE_PARENT_SETTID | \
		     CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | CLONE_SETTLS)

/* A child that nobody would watch must not run. */
static void arm_or_die(void)
{
	if (trap_arm())
		RAW(SYS_exit_group, 127);
}

/* fork(), as clone() has it; or vfork(), of a child that may have descriptors. */
static long make_child(struct trap_thread *self, struct trap_context *uc,
		       const long a[6])
{
	int pid = a[0] & CLONE_VFORK ? lkl_vfork(NULL) : fork();

	if (pid < 0)
		return -errno;
	if (pid) {
		if (a[0] & CLONE_PARENT_SETTID)
			*(int *)a[2] = pid;
		return pid;
	}
	arm_or_die();
	trap_threads_forked();
	self->lkl = NULL;
	self->is_main = true;
	self->clear_tid = NULL;
	if (a[0] & CLONE_CHILD_SETTID)
		*(int *)a[3] = RAW(SYS_gettid, 0);
	if (a[0] & CLONE_SETTLS)
		self->program_fs = a[4];
	if (a[1])
		uc->regs[REG_RSP] = a[1];
	return 0;
}

/* fork() sends SIGCHLD; another signal, or none, is for special cases. */
static bool signal_is_usual(const long a[6])
{
	return (a[0] & CSIGNAL) == SIGCHLD;
}

/**
 * struct loan - A child that borrows our memory
 * @self:	its thread
 * @uc:		context it starts with
 * @actions:	what signals do in it
 * @traps:	stack for its traps
 * @start:	stack for its first steps
 */
struct loan {
	struct trap_thread self;
	struct trap_context uc;
	struct trap_action actions[TRAP_NSIG];
	char traps[TRAP_STACK];
	char start[16 << 10];
};

static int borrow(void *arg)
{
	struct loan *loan = arg;

	arm_or_die();
	trap_thread_init(&loan->self, &loan->uc, loan->traps, sizeof(loan->traps));
	loan->self.actions = loan->actions;
	trap_enter(&loan->uc, &loan->self);
}

/* vfork(), as clone() has it. */
static long lend(struct trap_thread *self, struct trap_context *uc, const long a[6])
{
	struct loan *loan;
	struct trap_context *start;
	int pid, err;

	loan = mmap(NULL, sizeof(*loan), PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (loan == MAP_FAILED)
		return -ENOMEM;
	start = &loan->uc;
	*start = *uc;
	start->regs[REG_RAX] = 0;
	if (a[1])
		start->regs[REG_RSP] = a[1];
	loan->self.program_fs = a[0] & CLONE_SETTLS ? (unsigned long)a[4] :
						      self->program_fs;
	loan->self.is_vfork = true;
	memcpy(loan->actions, self->actions, sizeof(loan->actions));
	pid = clone(borrow, loan->start + sizeof(loan->start),
		    a[0] & (VFORK_FLAGS | CSIGNAL | CLONE_PARENT_SETTID |
			    CLONE_CHILD_SETTID), loan, (void *)a[2], NULL,
		    (void *)a[3]);
	err = errno;
	trap_self = self;
	if (loan->self.exec)
		munmap(loan->self.exec, loan->self.exec_size);
	munmap(loan, sizeof(*loan));
	return pid < 0 ? -err : pid;
}

/** trap_clone() - clone(flags, stack, parent_tid, child_tid, tls) */
long trap_clone(struct trap_thread *self, struct trap_context *uc, long a[6])
{
	if (a[0] & CLONE_THREAD)
		return trap_clone_thread(self, uc, a);
	if (a[0] & ~PROCESS_MAY)
		return -EINVAL;
	if ((a[0] & VFORK_FLAGS) == VFORK_FLAGS)
		return exec_may_pass() && signal_is_usual(a) ?
		       make_child(self, uc, a) : lend(self, uc, a);
	if (a[0] & CLONE_VM || !signal_is_usual(a))
		return -EINVAL;
	return make_child(self, uc, a);
}

/** trap_fork() - fork() */
long trap_fork(struct trap_thread *self, struct trap_context *uc, long a[6])
{
	const long plain[6] = { SIGCHLD };

	return make_child(self, uc, plain);
}

/** trap_vfork() - vfork() */
long trap_vfork(struct trap_thread *self, struct trap_context *uc, long a[6])
{
	long plain[6] = { VFORK_FLAGS | SIGCHLD };

	return trap_clone(self, uc, plain);
}
