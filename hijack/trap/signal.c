// SPDX-License-Identifier: GPL-2.0
/*
 * signal.c - Signals of a trapped program
 *
 * The host calls one function of ours for every signal that the program has a
 * handler for, with all signals blocked, on our own stack. If it finds
 *
 * - the program: we do what Linux does for a handler: put a frame on the
 *   program's stack, ordinary or alternate, and let the context that we return
 *   to be the start of the handler. Its sigreturn is a call that is trapped,
 *   and answered by making the frame the context of that trap.
 * - us, making a call for the program: the signal is kept, all others are
 *   blocked, and the call ends. At its end the kept one is sent again, and
 *   comes when the program has been returned to, under its own mask.
 *
 * So no handler ever runs while we do. What Linux remembers per thread is the
 * program's here: actions, the alternate stack, the mask before sigsuspend().
 */
#include "trap.h"

#include <lkl_host.h>

struct trap_action trap_actions[TRAP_NSIG];
static unsigned int actions_lock;

/* liblkl's handlers of SIGSEGV and SIGBUS. */
static void (*fault_handlers[TRAP_NSIG])(int, siginfo_t *, void *);

__thread struct trap_thread *trap_self;

static bool is_function(const struct trap_action *act)
{
	return act->handler != SIG_DFL && act->handler != SIG_IGN;
}

/* Those that have our handler whatever the program wants. */
static bool is_ours(int sig)
{
	return sig == SIGSEGV || sig == SIGBUS || sig == SIGSYS;
}

/* Signals are blocked here. */
static void lock(void)
{
	while (__atomic_exchange_n(&actions_lock, 1, __ATOMIC_ACQUIRE))
		RAW(SYS_sched_yield, 0);
}

static void unlock(void)
{
	__atomic_store_n(&actions_lock, 0, __ATOMIC_RELEASE);
}

/**
 * set_on_host() - Tell the host what a signal does
 * @sig:	signal
 * @act:	what the program wants
 *
 * Return: 0 or a negative errno
 */
static long set_on_host(int sig, const struct trap_action *act)
{
	struct trap_action real = *act;

	if (is_function(act) || is_ours(sig)) {
		real.handler = trap_entry;
		real.flags &= SA_RESTART | SA_NOCLDSTOP | SA_NOCLDWAIT;
		real.flags |= SA_SIGINFO | SA_ONSTACK | SA_NODEFER |
			      0x04000000;	/* SA_RESTORER */
		real.restorer = trap_restorer;
		real.mask = SIG_BLOCKED;
	}
	return RAW(SYS_rt_sigaction, sig, &real, NULL, KERNEL_SIGSET);
}

/**
 * trap_adopt_fault_handler() - Use a handler for faults of our own
 * @sig:	SIGSEGV or SIGBUS
 * @act:	the handler
 */
void trap_adopt_fault_handler(int sig, struct sigaction *act)
{
	fault_handlers[sig] = act->sa_sigaction;
}

/** trap_signals_init() - Note what signals do, and take those that are ours */
void trap_signals_init(void)
{
	struct trap_action act;

	for (int sig = 1; sig < TRAP_NSIG; sig++) {
		if (RAW(SYS_rt_sigaction, sig, NULL, &act, KERNEL_SIGSET))
			continue;
		if (act.handler == SIG_IGN)
			trap_actions[sig].handler = SIG_IGN;
		if (!is_ours(sig))
			continue;
		if (is_function(&act))
			fault_handlers[sig] = act.handler;
		set_on_host(sig, &trap_actions[sig]);
	}
}

/** trap_sigaction() - rt_sigaction(sig, act, old, size) */
long trap_sigaction(struct trap_thread *self, struct trap_context *uc, long a[6])
{
	struct trap_action *act = (void *)a[1], *old = (void *)a[2], new, was;
	long sig = a[0], err = 0;

	if (sig < 1 || sig >= TRAP_NSIG || a[3] != KERNEL_SIGSET ||
	    (act && (sig == SIGKILL || sig == SIGSTOP)))
		return -EINVAL;
	if (act)
		new = *act;
	lock();
	was = self->actions[sig];
	if (act) {
		self->actions[sig] = new;
		err = set_on_host(sig, &new);
	}
	unlock();
	if (old && !err)
		*old = was;
	return err;
}

/** trap_sigprocmask() - rt_sigprocmask(how, set, old, size) */
long trap_sigprocmask(struct trap_thread *self, struct trap_context *uc, long a[6])
{
	unsigned long *set = (void *)a[1], *old = (void *)a[2];
	unsigned long *mask = &uc->mask, was = *mask;

	if (a[3] != KERNEL_SIGSET)
		return -EINVAL;
	if (set && a[0] == SIG_BLOCK)
		*mask |= *set;
	else if (set && a[0] == SIG_UNBLOCK)
		*mask &= ~*set;
	else if (set && a[0] == SIG_SETMASK)
		*mask = *set;
	else if (set)
		return -EINVAL;
	*mask &= ~SIG_BIT(SIGSYS);
	if (old)
		*old = was;
	return 0;
}

/* Is the program on its alternate stack? */
static bool on_alt(const struct trap_thread *self, unsigned long sp)
{
	return !(self->alt.ss_flags & (SS_DISABLE | SS_AUTODISARM_)) &&
	       sp - (unsigned long)self->alt.ss_sp - 1 < self->alt.ss_size;
}

/** trap_sigaltstack() - sigaltstack(new, old) */
long trap_sigaltstack(struct trap_thread *self, struct trap_context *uc, long a[6])
{
	bool on = on_alt(self, uc->regs[REG_RSP]);
	stack_t *new = (void *)a[0], *old = (void *)a[1];
	stack_t was = self->alt;

	if (on)
		was.ss_flags |= SS_ONSTACK;
	if (new) {
		if (on)
			return -EPERM;
		if (new->ss_flags & ~(SS_DISABLE | SS_ONSTACK | SS_AUTODISARM_))
			return -EINVAL;
		if (!(new->ss_flags & SS_DISABLE) &&
		    new->ss_size < 2048)
			return -ENOMEM;
		self->alt = *new;
		self->alt.ss_flags &= SS_DISABLE | SS_AUTODISARM_;
	}
	if (old)
		*old = was;
	return 0;
}

/** trap_sigreturn() - rt_sigreturn(): the frame becomes the context */
long trap_sigreturn(struct trap_thread *self, struct trap_context *uc, long a[6])
{
	struct trap_context *frame = (void *)uc->regs[REG_RSP];
	stack_t stack = uc->stack;

	*uc = *frame;
	uc->stack = stack;
	uc->mask &= ~SIG_BIT(SIGSYS);
	self->alt = frame->stack;
	self->alt.ss_flags &= SS_DISABLE | SS_AUTODISARM_;
	return uc->regs[REG_RAX];
}

/**
 * trap_fp_size() - Bytes of the registers that are not in the context itself
 * @fp:	what the kernel has saved of them
 *
 * Return: how many
 */
size_t trap_fp_size(const void *fp)
{
	unsigned int magic, size;

	/* struct _fpx_sw_bytes, in what FXSAVE leaves to software */
	memcpy(&magic, fp + 464, sizeof(magic));
	memcpy(&size, fp + 468, sizeof(size));
	return magic == 0x46505853 ? size : 512;
}

/**
 * push_frame() - Put what a handler gets on the program's stack
 * @self:	thread
 * @act:	action
 * @info:	the signal
 * @uc:		context that is interrupted
 *
 * Return: the frame
 */
static struct trap_frame *push_frame(struct trap_thread *self,
				     const struct trap_action *act,
				     const siginfo_t *info, struct trap_context *uc)
{
	unsigned long sp = uc->regs[REG_RSP];
	void *fp = uc->fp;
	struct trap_frame *frame;
	struct trap_context *copy;

	if (act->flags & SA_ONSTACK && !on_alt(self, sp) &&
	    !(self->alt.ss_flags & SS_DISABLE))
		sp = (unsigned long)self->alt.ss_sp + self->alt.ss_size;
	else
		sp -= 128;	/* the red zone */
	if (fp) {
		sp = (sp - trap_fp_size(fp)) & ~63UL;
		memcpy((void *)sp, fp, trap_fp_size(fp));
		fp = (void *)sp;
	}
	sp = ((sp - sizeof(*frame)) & ~15UL) - 8;
	frame = (void *)sp;
	frame->restorer = act->restorer;
	frame->info = *info;
	copy = &frame->uc;
	*copy = *uc;
	copy->fp = fp;
	copy->stack = self->alt;
	if (self->alt.ss_flags & SS_AUTODISARM_)
		self->alt = (stack_t){ .ss_flags = SS_DISABLE };
	if (self->restores)
		copy->mask = self->old_mask;
	self->restores = false;
	return frame;
}

/* Let the host do what it does by default, when we return. */
static void give_up(int sig, siginfo_t *info)
{
	struct trap_action dfl = { .handler = SIG_DFL };

	RAW(SYS_rt_sigaction, sig, &dfl, NULL, KERNEL_SIGSET);
	if (info->si_code <= 0)		/* sent, it does not come by itself */
		RAW(SYS_rt_tgsigqueueinfo, RAW(SYS_getpid, 0),
		    RAW(SYS_gettid, 0), sig, info);
}

/* A signal of the program, in the program. */
static void deliver(struct trap_thread *self, int sig, siginfo_t *info,
		    struct trap_context *uc)
{
	greg_t *regs = uc->regs;
	struct trap_frame *frame;
	struct trap_action act;

	lock();
	act = self->actions[sig];
	if (is_function(&act) && act.flags & SA_RESETHAND) {
		self->actions[sig].handler = SIG_DFL;
		set_on_host(sig, &self->actions[sig]);
	}
	unlock();
	if (act.handler == SIG_IGN && info->si_code <= 0)
		return;
	if (!is_function(&act)) {
		give_up(sig, info);
		return;
	}
	frame = push_frame(self, &act, info, uc);
	regs[REG_RIP] = (long)act.handler;
	regs[REG_RSP] = (long)frame;
	regs[REG_RDI] = sig;
	regs[REG_RSI] = (long)&frame->info;
	regs[REG_RDX] = (long)&frame->uc;
	regs[REG_RAX] = 0;
	regs[REG_EFL] &= ~0x10500L;	/* RF, DF, TF */
	uc->fp = NULL;	/* as in a new program */
	uc->mask |= act.mask |
			     (act.flags & SA_NODEFER ? 0 : SIG_BIT(sig));
	uc->mask &= ~SIG_BIT(SIGSYS);
}

/**
 * trap_in_program() - A signal that found the program
 * @sig:	signal
 * @info:	what is known of it
 * @uc:		the program's context
 * @self:	its thread
 *
 * Called by trap_entry().
 */
__attribute__((visibility("hidden")))
void trap_in_program(int sig, siginfo_t *info, struct trap_context *uc,
		     struct trap_thread *self);
void trap_in_program(int sig, siginfo_t *info, struct trap_context *uc,
		     struct trap_thread *self)
{
	if (sig == SIGSYS && info->si_code == 2 /* SYS_USER_DISPATCH */)
		trap_call(self, info, uc);
	else
		deliver(self, sig, info, uc);
}

/* Keep a signal until the call is over, and end the call. */
static void defer(struct trap_thread *self, siginfo_t *info, struct trap_context *uc)
{
	const char *ip = (void *)uc->regs[REG_RIP];

	uc->mask = SIG_BLOCKED;
	if (self->deferred)
		return;		/* sent, and of those that are never blocked */
	self->deferred = 1;
	self->info = *info;
	if (ip >= trap_check && ip <= trap_insn)
		uc->regs[REG_RIP] = (long)trap_interrupted;
	if (self->lkl)
		lkl_host_interrupt_self();
}

/*
 * A filter of the program's own (seccomp) wants the program told of a call that
 * we make for it: the call fails, and the program hears of it behind it.
 */
static void refuse_filtered(struct trap_thread *self, const siginfo_t *info,
			    struct trap_context *uc)
{
	uc->regs[REG_RAX] = -ENOSYS;
	if (self->deferred)
		return;
	self->deferred = 1;
	self->info = *info;
}

/* Has a wrapper of ours followed a pointer of the program, outside LKL? */
static bool is_bad_pointer(int sig)
{
	return (sig == SIGSEGV || sig == SIGBUS) && trap_self &&
	       trap_self->guarded &&
	       !(trap_self->lkl && trap_self->lkl->inside);
}

/**
 * trap_in_ours() - A signal that found us, or a thread of ours
 * @sig:	signal
 * @info:	what is known of it
 * @uc:		our context
 *
 * Called by trap_entry(). System calls of a library that was loaded too late to
 * be in the range that Linux lets pass come here as well.
 */
__attribute__((visibility("hidden")))
void trap_in_ours(int sig, siginfo_t *info, struct trap_context *uc);
void trap_in_ours(int sig, siginfo_t *info, struct trap_context *uc)
{
	greg_t *regs = uc->regs;

	if (sig == SIGSYS && info->si_code == 2 /* SYS_USER_DISPATCH */) {
		regs[REG_RAX] = raw_syscall6(regs[REG_RAX], regs[REG_RDI],
					     regs[REG_RSI], regs[REG_RDX],
					     regs[REG_R10], regs[REG_R8],
					     regs[REG_R9]);
	} else if (sig == SIGSYS && info->si_code == 1 /* SYS_SECCOMP */ &&
		   trap_self) {
		refuse_filtered(trap_self, info, uc);
	} else if (info->si_code > 0 && SIG_BIT(sig) & SIG_SYNCHRONOUS) {
		if (is_bad_pointer(sig))
			siglongjmp(trap_self->fault, 1);
		if (fault_handlers[sig])
			fault_handlers[sig](sig, info, uc);
		else
			give_up(sig, info);
	} else if (trap_self) {
		defer(trap_self, info, uc);
	}
}

/**
 * trap_before_lkl() - A signal that is deferred ends this call as well
 *
 * LKL forgets that it was asked to when it has ended one call.
 */
void trap_before_lkl(void)
{
	if (trap_self->deferred && trap_self->lkl)
		lkl_host_interrupt_self();
}

/**
 * trap_restarts() - Is a call to be made again after the deferred signal?
 * @self:	thread
 *
 * Return: true if there is one and its handler was installed with SA_RESTART
 */
bool trap_restarts(const struct trap_thread *self)
{
	return self->deferred &&
	       self->actions[self->info.si_signo].flags & SA_RESTART;
}

/**
 * trap_raise_deferred() - Send the signal again that came while we ran
 * @self:	thread, about to return to the program
 *
 * From here on even those are blocked that an instruction can raise: one of
 * them that was sent would find us once more, for ever.
 */
void trap_raise_deferred(struct trap_thread *self)
{
	const unsigned long all = ~0UL;

	if (!self->deferred)
		return;
	RAW(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, KERNEL_SIGSET);
	self->deferred = 0;
	if (self->lkl)
		__atomic_store_n(&self->lkl->intr, 0, __ATOMIC_RELAXED);
	RAW(SYS_rt_tgsigqueueinfo, RAW(SYS_getpid, 0), RAW(SYS_gettid, 0),
	    self->info.si_signo, &self->info);
}
