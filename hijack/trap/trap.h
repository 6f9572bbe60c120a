/* SPDX-License-Identifier: GPL-2.0 */
/*
 * trap.h - Programs that make system calls without libc
 */
#ifndef HIJACK_TRAP_H
#define HIJACK_TRAP_H

/* Where entry.S finds them in struct trap_thread. */
#define TRAP_PROGRAM_FS	0
#define TRAP_HOST_FS	8

#ifndef __ASSEMBLER__

#include "kernel.h"

#include <setjmp.h>
#include <ucontext.h>

#pragma GCC visibility push(hidden)

#define TRAP_NSIG	65
#define KERNEL_SIGSET	8

/* An alternate stack that there is none of while a handler runs. */
#define SS_AUTODISARM_	((int)(1U << 31))

/* Stack that trapped calls are made on. */
#define TRAP_STACK	(256 << 10)

/* A call was not made, or is to be made again: Linux's own ERESTARTSYS. */
#define RESTART	512

/* Bits of a signal set, as the kernel has it. */
#define SIG_BIT(sig)	(1UL << ((sig) - 1))

/* What an instruction can raise is never blocked. */
#define SIG_SYNCHRONOUS	(SIG_BIT(SIGSEGV) | SIG_BIT(SIGBUS) | SIG_BIT(SIGILL) | \
			 SIG_BIT(SIGFPE) | SIG_BIT(SIGTRAP) | SIG_BIT(SIGSYS))
#define SIG_BLOCKED	(~SIG_SYNCHRONOUS)

/**
 * struct trap_action - struct sigaction as the kernel has it
 * @handler:	function, SIG_DFL or SIG_IGN
 * @flags:	SA_*
 * @restorer:	what the handler returns to
 * @mask:	blocked while it runs
 */
struct trap_action {
	void *handler;
	unsigned long flags;
	void *restorer;
	unsigned long mask;
};

/**
 * struct trap_context - ucontext_t as the kernel has it
 * @flags:	UC_*
 * @link:	unused
 * @stack:	alternate stack
 * @regs:	registers, by REG_*
 * @fp:		all others, NULL for those of a new program and of a handler
 * @reserved:	unused
 * @mask:	signal mask
 */
struct trap_context {
	unsigned long flags;
	void *link;
	stack_t stack;
	greg_t regs[__NGREG];
	void *fp;
	unsigned long reserved[8];
	unsigned long mask;
};

/**
 * struct trap_frame - What the kernel puts on the stack for a handler
 * @restorer:	return address
 * @uc:		context to go back to
 * @info:	the signal
 */
struct trap_frame {
	void *restorer;
	struct trap_context uc;
	siginfo_t info;
};

/**
 * struct trap_thread - A thread of the program
 * @program_fs:	FS base of the program, while we run
 * @host_fs:	FS base of our libc
 * @deferred:	not 0: a signal came while we ran
 * @info:	that signal
 * @restores:	the next handler returns to the mask @old_mask
 * @old_mask:	mask before a call that waits under another one
 * @alt:	the program's alternate stack
 * @lkl:	LKL's record of the thread, NULL before its first call
 * @actions:	what signals do
 * @clear_tid:	cleared when the thread ends, or NULL
 * @is_main:	the thread that the process was started with
 * @is_vfork:	a process that borrows our memory
 * @exec:	memory with the arguments of an execve() under way, or NULL
 * @exec_size:	bytes of it
 * @guarded:	a call is made: @fault is set
 * @fault:	where a bad pointer of the program leads
 * @end:	where the thread ends
 */
struct trap_thread {
	unsigned long program_fs;
	unsigned long host_fs;
	int deferred;
	siginfo_t info;
	bool restores;
	unsigned long old_mask;
	stack_t alt;
	struct lkl_thread *lkl;
	struct trap_action *actions;
	int *clear_tid;
	bool is_main;
	bool is_vfork;
	void *exec;
	size_t exec_size;
	bool guarded;
	sigjmp_buf fault;
	sigjmp_buf end;
};

/* start.c: FS and GS base can be changed without a call */
extern int trap_has_fsgsbase;

/* entry.S */
void trap_entry(int sig, siginfo_t *info, void *uc);
void trap_restorer(void);
void trap_enter(struct trap_context *uc, struct trap_thread *self)
	__attribute__((noreturn));
long trap_interruptible(long nr, const long a[6], const int *deferred);
extern const char trap_check[], trap_insn[], trap_interrupted[];

/* call.c */
void trap_call(struct trap_thread *self, siginfo_t *info, struct trap_context *uc);
void trap_open_window(unsigned long mask);
void trap_close_window(void);

/* host.c */
long trap_on_host(long nr, const long a[6]);
void trap_take_host_calls(void);

/* signal.c */
extern struct trap_action trap_actions[TRAP_NSIG];
void trap_signals_init(void);
void trap_adopt_fault_handler(int sig, struct sigaction *act);
long trap_sigaction(struct trap_thread *self, struct trap_context *uc, long a[6]);
long trap_sigprocmask(struct trap_thread *self, struct trap_context *uc, long a[6]);
size_t trap_fp_size(const void *fp);
long trap_sigreturn(struct trap_thread *self, struct trap_context *uc, long a[6]);
long trap_sigaltstack(struct trap_thread *self, struct trap_context *uc, long a[6]);
bool trap_restarts(const struct trap_thread *self);
void trap_raise_deferred(struct trap_thread *self);

/* thread.c */
void trap_thread_init(struct trap_thread *self, struct trap_context *uc, void *stack,
		      size_t size);
void trap_thread_ended(struct trap_thread *self);
long trap_clone_thread(struct trap_thread *self, struct trap_context *uc, long a[6]);
long trap_exit(struct trap_thread *self, struct trap_context *uc, long a[6]);
long trap_set_tid_address(struct trap_thread *self, struct trap_context *uc, long a[6]);
void trap_threads_forked(void);

/* process.c */
long trap_clone(struct trap_thread *self, struct trap_context *uc, long a[6]);
long trap_fork(struct trap_thread *self, struct trap_context *uc, long a[6]);
long trap_vfork(struct trap_thread *self, struct trap_context *uc, long a[6]);

/* exec.c */
long trap_execve(struct trap_thread *self, struct trap_context *uc, long a[6]);
long trap_execveat(struct trap_thread *self, struct trap_context *uc, long a[6]);

/* range.c */
int trap_range_init(void);
int trap_arm(void);

/* memory.c */
int trap_brk_init(void);
long trap_brk(struct trap_thread *self, struct trap_context *uc, long a[6]);

/* resolv.c */
long trap_open_resolv(int flags);

/* self.c */
void trap_self_init(const char *path);
void trap_self_arguments(char **argv);
const char *trap_self_path(const char *path);

/**
 * struct trap_image - A program in memory
 * @entry:	where it starts
 * @bias:	what has been added to its addresses
 * @phdr:	its program headers
 * @phnum:	how many
 * @interp:	interpreter it asks for, "" if none
 */
struct trap_image {
	unsigned long entry;
	unsigned long bias;
	unsigned long phdr;
	unsigned long phnum;
	char interp[256];
};

/* image.c */
long trap_image_load(int fd, struct trap_image *image);

#pragma GCC visibility pop

#endif /* __ASSEMBLER__ */

#endif /* HIJACK_TRAP_H */
