// SPDX-License-Identifier: GPL-2.0
/*
 * call.c - System calls of a program that makes them without libc
 *
 * Theory of operation
 * -------------------
 * Linux has a facility that sends a thread SIGSYS in place of executing a system
 * call whose instruction is outside one range of addresses (syscall user
 * dispatch, prctl(2), since Linux 5.11). The range is that of our libraries
 * (range.c), so whatever the program itself does comes here, and what we do for
 * it does not. That the range decides, and no flag of the thread, means that
 * there is no moment in which a call of the program could slip through.
 *
 * A small dynamic program, bin/lkl-hijack-trap, loads our libraries as any
 * program would; the kernel boots in the constructor. It then maps the
 * program (image.c), builds the stack that a new program finds (start.c),
 * and jumps to its first instruction.
 *
 * The two have a libc each, in one thread: FS base, which libc keeps its thread
 * pointer in, changes hands in entry.S. The GS base, which no libc uses, holds
 * our struct trap_thread; it is 0 while we run.
 *
 * The handler of SIGSYS runs on a stack of ours, the thread's alternate signal
 * stack: the program's may be as small as Go's. It makes the call,
 *
 *   by the table below         what Linux keeps per thread or process, where
 *                              what the program sees is not what we use: signals,
 *                              threads, TLS, brk, exec
 *   by raw_calls.c             what goes by descriptor or name: to the LKL kernel,
 *                              or the host
 *   on the host                all the rest
 *
 * puts the result into the context it returns to, and returns.
 *
 * A pointer of the program that we follow ourselves may be bad: then the call
 * fails with EFAULT, as it would on Linux.
 *
 * Signals are blocked in the handler; for a call that may wait they are let in,
 * and kept for later (signal.c). What would let the program get around us is
 * refused: io_uring, another user of syscall dispatch, GS base, the calls
 * of 32-bit programs. So does a thread that is not a thread: a process that
 * shares our memory for longer than vfork() does.
 *
 * Threads are threads of our libc too (thread.c), children are forked by our
 * libc (process.c), and what is executed is looked at by the launcher's rules
 * (exec.c).
 */
#include "raw_calls.h"
#include "trap.h"

#include <asm/prctl.h>
#include <linux/futex.h>
#include <sys/prctl.h>

#define PR_SET_SYSCALL_USER_DISPATCH_ 59
#define AUDIT_ARCH_X86_64_ 0xc000003e

/* How many calls there are; higher numbers are those of x32. */
#define CALLS 512

/**
 * trap_open_window() - Let signals in
 * @mask:	the program's mask
 */
void trap_open_window(unsigned long mask)
{
	RAW(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, KERNEL_SIGSET);
}

/** trap_close_window() - Keep signals out again */
void trap_close_window(void)
{
	const unsigned long mask = SIG_BLOCKED;

	RAW(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, KERNEL_SIGSET);
}

/* Make a call on either kernel. */
static long routed(struct trap_thread *self, long nr, long a[6])
{
	long ret;

	if (raw_routed(nr, a, trap_on_host, &ret))
		return ret == -1 ? -errno : ret;
	return trap_on_host(nr, a);
}

/* Calls that never wait, and are made often. */
static bool is_quick(long nr, const long a[6])
{
	switch (nr) {
	case SYS_getpid:
	case SYS_gettid:
	case SYS_getppid:
	case SYS_getuid:
	case SYS_geteuid:
	case SYS_getgid:
	case SYS_getegid:
	case SYS_clock_gettime:
	case SYS_gettimeofday:
	case SYS_time:
	case SYS_mmap:
	case SYS_munmap:
	case SYS_mprotect:
	case SYS_madvise:
	case SYS_sched_yield:
	case SYS_kill:
	case SYS_tgkill:
	case SYS_tkill:
	case SYS_timer_settime:
	case SYS_setitimer:
	case SYS_socket:
	case SYS_bind:
	case SYS_listen:
	case SYS_setsockopt:
	case SYS_getsockopt:
	case SYS_getsockname:
	case SYS_getpeername:
	case SYS_epoll_ctl:
		return true;
	case SYS_futex:
		return (a[1] & FUTEX_CMD_MASK) == FUTEX_WAKE;
	case SYS_epoll_pwait:
	case SYS_epoll_wait:
		return a[3] == 0;
	default:
		return false;
	}
}

/**
 * ordinary() - Make a call that is not about the thread or process itself
 * @self:	thread
 * @uc:		the program's context
 * @nr:		number
 * @a:		arguments
 *
 * Return: its result, or a negative errno; -RESTART if it is to be made again
 */
static long ordinary(struct trap_thread *self, struct trap_context *uc, long nr,
		     long a[6])
{
	long ret;

	if (kernel_is_running() && !self->lkl && !self->is_vfork)
		self->lkl = lkl_host_thread_self();
	if (is_quick(nr, a))
		return routed(self, nr, a);
	if (self->lkl)
		self->lkl->restart = 0;
	trap_open_window(uc->mask);
	ret = routed(self, nr, a);
	trap_close_window();
	if (ret == -EINTR && self->lkl && self->lkl->restart &&
	    trap_restarts(self))
		ret = -RESTART;
	return ret;
}

/**
 * masked() - Make a call that waits under a signal mask of its own
 * @self:	thread
 * @uc:		the program's context
 * @nr:		number
 * @a:		arguments, without the mask
 * @mask:	the mask, NULL for the program's own
 *
 * Return: its result, or a negative errno
 */
static long masked(struct trap_thread *self, struct trap_context *uc, long nr,
		   long a[6], const unsigned long *mask)
{
	unsigned long own = uc->mask;
	long ret;

	if (mask)
		uc->mask = *mask & ~SIG_BIT(SIGSYS);
	ret = ordinary(self, uc, nr, a);
	if (ret == -RESTART)
		ret = -EINTR;
	if (ret == -EINTR && self->deferred && mask) {
		self->old_mask = own;
		self->restores = true;
	} else {
		uc->mask = own;
	}
	return ret;
}

static long own_ppoll(struct trap_thread *self, struct trap_context *uc, long a[6])
{
	unsigned long *mask = (void *)a[3];

	a[3] = 0;
	return masked(self, uc, SYS_ppoll, a, mask);
}

static long own_pselect6(struct trap_thread *self, struct trap_context *uc, long a[6])
{
	unsigned long *mask = a[5] ? *(unsigned long **)a[5] : NULL;

	a[5] = 0;
	return masked(self, uc, SYS_pselect6, a, mask);
}

static long own_epoll_pwait(struct trap_thread *self, struct trap_context *uc,
			    long a[6])
{
	unsigned long *mask = (void *)a[4];

	a[4] = 0;
	return masked(self, uc, SYS_epoll_pwait, a, mask);
}

static long own_epoll_pwait2(struct trap_thread *self, struct trap_context *uc,
			     long a[6])
{
	unsigned long *mask = (void *)a[4];

	a[4] = 0;
	return masked(self, uc, SYS_epoll_pwait2, a, mask);
}

static long own_sigsuspend(struct trap_thread *self, struct trap_context *uc, long a[6])
{
	long none[6] = { 0 };

	return masked(self, uc, SYS_ppoll, none, (unsigned long *)a[0]);
}

static long own_arch_prctl(struct trap_thread *self, struct trap_context *uc, long a[6])
{
	switch (a[0]) {
	case ARCH_SET_FS:
		self->program_fs = a[1];
		return 0;
	case ARCH_GET_FS:
		*(unsigned long *)a[1] = self->program_fs;
		return 0;
	case ARCH_GET_GS:
		*(unsigned long *)a[1] = 0;
		return 0;
	case ARCH_SET_GS:
		return -EPERM;
	default:
		/* Shadow stacks know nothing of frames that we make. */
		if (a[0] >= 0x3000 && a[0] < 0x6000)
			return -EINVAL;
		return trap_on_host(SYS_arch_prctl, a);
	}
}

static long own_prctl(struct trap_thread *self, struct trap_context *uc, long a[6])
{
	return a[0] == PR_SET_SYSCALL_USER_DISPATCH_ ?
	       -EINVAL : trap_on_host(SYS_prctl, a);
}

static long own_readlink(struct trap_thread *self, struct trap_context *uc, long a[6])
{
	const char *path = trap_self_path((char *)a[0]);
	long len;

	if (path == (char *)a[0])
		return ordinary(self, uc, SYS_readlink, a);
	len = strlen(path);
	if (a[2] <= 0)
		return -EINVAL;
	len = len < a[2] ? len : a[2];
	memcpy((char *)a[1], path, len);
	return len;
}

static long own_readlinkat(struct trap_thread *self, struct trap_context *uc, long a[6])
{
	long b[6] = { a[1], a[2], a[3] };

	if (trap_self_path((char *)a[1]) != (char *)a[1])
		return own_readlink(self, uc, b);
	return ordinary(self, uc, SYS_readlinkat, a);
}

/* Is it the file that says who to ask for names? */
static bool is_resolv(const struct trap_thread *self, const char *path)
{
	return path && path[0] == '/' && !self->is_vfork &&
	       !strcmp(path, "/etc/resolv.conf");
}

static long own_open(struct trap_thread *self, struct trap_context *uc, long a[6])
{
	if (is_resolv(self, (char *)a[0]) && !(a[1] & O_ACCMODE))
		return trap_open_resolv(a[1]);
	a[0] = (long)trap_self_path((char *)a[0]);
	return ordinary(self, uc, SYS_open, a);
}

static long own_openat(struct trap_thread *self, struct trap_context *uc, long a[6])
{
	if (is_resolv(self, (char *)a[1]) && !(a[2] & O_ACCMODE))
		return trap_open_resolv(a[2]);
	a[1] = (long)trap_self_path((char *)a[1]);
	return ordinary(self, uc, SYS_openat, a);
}

static long own_exit_group(struct trap_thread *self, struct trap_context *uc,
			   long a[6])
{
	if (self->is_vfork)
		return RAW(SYS_exit_group, a[0]);
	return ordinary(self, uc, SYS_exit_group, a);
}

static long own_wait4(struct trap_thread *self, struct trap_context *uc, long a[6])
{
	int status;
	long ret;

	if (!a[1])
		a[1] = (long)&status;
	ret = ordinary(self, uc, SYS_wait4, a);
	if (ret > 0)
		child_reaped(ret, *(int *)a[1]);
	return ret;
}

static long own_waitid(struct trap_thread *self, struct trap_context *uc, long a[6])
{
	siginfo_t info;
	long ret;

	if (!a[2])
		a[2] = (long)&info;
	ret = ordinary(self, uc, SYS_waitid, a);
	if (!ret)
		child_reaped_info((siginfo_t *)a[2]);
	return ret;
}

/* It could do with sockets what nobody sees; clone3() is not needed. */
static long own_missing(struct trap_thread *self, struct trap_context *uc, long a[6])
{
	return -ENOSYS;
}

typedef long own_call(struct trap_thread *self, struct trap_context *uc, long a[6]);

static own_call *const own_calls[CALLS] = {
	[SYS_rt_sigaction] = trap_sigaction,
	[SYS_rt_sigprocmask] = trap_sigprocmask,
	[SYS_rt_sigreturn] = trap_sigreturn,
	[SYS_sigaltstack] = trap_sigaltstack,
	[SYS_rt_sigsuspend] = own_sigsuspend,
	[SYS_ppoll] = own_ppoll,
	[SYS_pselect6] = own_pselect6,
	[SYS_epoll_pwait] = own_epoll_pwait,
	[SYS_epoll_pwait2] = own_epoll_pwait2,
	[SYS_clone] = trap_clone,
	[SYS_clone3] = own_missing,
	[SYS_fork] = trap_fork,
	[SYS_vfork] = trap_vfork,
	[SYS_exit] = trap_exit,
	[SYS_exit_group] = own_exit_group,
	[SYS_wait4] = own_wait4,
	[SYS_waitid] = own_waitid,
	[SYS_set_tid_address] = trap_set_tid_address,
	[SYS_execve] = trap_execve,
	[SYS_execveat] = trap_execveat,
	[SYS_brk] = trap_brk,
	[SYS_arch_prctl] = own_arch_prctl,
	[SYS_prctl] = own_prctl,
	[SYS_readlink] = own_readlink,
	[SYS_readlinkat] = own_readlinkat,
	[SYS_open] = own_open,
	[SYS_openat] = own_openat,
	[SYS_io_uring_setup] = own_missing,
	[SYS_io_uring_enter] = own_missing,
	[SYS_io_uring_register] = own_missing,
};

/**
 * trap_call() - Make the call that a thread has been stopped at
 * @self:	the thread
 * @info:	SIGSYS
 * @uc:		the program's context, behind the instruction; receives the result
 */
void trap_call(struct trap_thread *self, siginfo_t *info, struct trap_context *uc)
{
	greg_t *regs = uc->regs;
	long a[6] = {
		regs[REG_RDI], regs[REG_RSI], regs[REG_RDX],
		regs[REG_R10], regs[REG_R8], regs[REG_R9],
	};
	long nr = info->si_syscall, ret;

	self->guarded = true;
	if (sigsetjmp(self->fault, 0)) {
		trap_close_window();
		ret = -EFAULT;
	} else if (info->si_arch != AUDIT_ARCH_X86_64_ || nr < 0 || nr >= CALLS)
		ret = -ENOSYS;
	else if (own_calls[nr])
		ret = own_calls[nr](self, uc, a);
	else
		ret = ordinary(self, uc, nr, a);
	self->guarded = false;
	/* What sigreturn() gives back may be any number. */
	if (ret == -RESTART && nr != SYS_rt_sigreturn)
		regs[REG_RIP] -= 2;	/* RAX still is the number */
	else
		regs[REG_RAX] = ret;
	trap_raise_deferred(self);
}
