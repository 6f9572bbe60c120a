// SPDX-License-Identifier: GPL-2.0
/*
 * signal.c - Handlers of the program, kept away from the kernel's stacks
 *
 * Theory of operation
 * -------------------
 * A thread inside the kernel runs on the stack of some kernel task and may
 * hold the virtual CPU, so a handler of the program must not run there: it
 * could call the kernel again, or leave with siglongjmp(). Every handler is
 * therefore installed behind deliver_or_defer(), with the program's own mask
 * and flags. Outside the kernel it calls the handler at once. Inside it
 *
 *   1. remembers the signal, and blocks all others until the call is over
 *      (in the mask that its own return restores), so that the host keeps
 *      them. SIGSEGV and SIGBUS cannot be blocked, see below: one that is
 *      sent has a place of its own;
 *   2. asks the kernel to end a blocking call with EINTR;
 *   3. returns. When the call is over host_deliver() sends the signal to this
 *      thread once more, with its siginfo, and goes back to the old mask: the
 *      host delivers it and what has come since, with all the semantics of
 *      masks, alternate stacks and siglongjmp() being the host's own.
 *
 * Real-time signals of one number are a queue, and what is sent once more goes
 * to its end. So it is only a token that is sent: the signal itself is noted
 * as early, and the handler is called for the earliest one whenever a signal of
 * this number is delivered, which takes the place of that one in turn. When
 * the token comes nothing takes the place.
 *
 * A fault of a user access of the kernel is SIGSEGV or SIGBUS at an address
 * in its exception table: execution goes on at the fix-up and the call fails
 * with EFAULT. So it is for accesses of the hijack library that may fault
 * (lkl_host_fixup_by()), before there is a kernel as well. Other faults are the
 * program's own and reach its handler. So these two are ours at all times,
 * whatever the program sets.
 */
#include <errno.h>
#include <string.h>
#include <ucontext.h>

#include <lkl.h>
#include <lkl_posix.h>
#include "host.h"
#include "raw.h"

#define NSIG_HOST	65

/* In si_errno, which nobody uses, of a token. */
#define TOKEN		0x6c6b6c21

/* Signals from here on are queued by Linux. */
#define FIRST_QUEUED	32

/* How to set what the host does. */
static int (*on_host)(int sig, const struct sigaction *act,
		      struct sigaction *old) HOST_KEPT = sigaction;

/* Who else has instructions that may fault. */
static unsigned long (*find_fixup)(unsigned long ip) HOST_KEPT;

/* What the program has set, behind our own handler. */
static struct sigaction actions[NSIG_HOST] HOST_KEPT;

/* One writer at a time; readers are signal handlers and see a whole entry. */
static unsigned int actions_lock HOST_KEPT;

/* This thread has it for longer, see host_actions_hold(). */
static __thread bool forks __attribute__((tls_model("initial-exec")));

static bool is_fault(int sig)
{
	return sig == SIGSEGV || sig == SIGBUS;
}

/* What the instruction itself can raise, and is no access. */
static bool is_trap(int sig)
{
	return sig == SIGILL || sig == SIGFPE || sig == SIGTRAP;
}

static bool is_function(const struct sigaction *act)
{
	return act->sa_handler != SIG_DFL && act->sa_handler != SIG_IGN;
}

/* Block everything for a moment: an entry must not change under a handler. */
static unsigned long lock_actions(void)
{
	unsigned long old = host_block(~0UL);

	while (!forks && __atomic_exchange_n(&actions_lock, 1, __ATOMIC_ACQUIRE))
		RAW(SYS_sched_yield, 0);
	return old;
}

static void unlock_actions(unsigned long old)
{
	if (!forks)
		__atomic_store_n(&actions_lock, 0, __ATOMIC_RELEASE);
	host_unblock(old);
}

/**
 * host_actions_hold() - While this thread forks no other changes an action
 *
 * Its own handlers of pthread_atfork() may.
 */
void host_actions_hold(void)
{
	unsigned long old = lock_actions();

	forks = true;
	host_unblock(old);
}

/** host_actions_release() - The thread has forked; in both processes */
void host_actions_release(void)
{
	unsigned long old = host_block(~0UL);

	forks = false;
	unlock_actions(old);
}

/* The action for a signal that is being delivered; SA_RESETHAND takes effect. */
static struct sigaction take_action(int sig)
{
	unsigned long old = lock_actions();
	struct sigaction act = actions[sig];

	if (act.sa_flags & SA_RESETHAND)
		actions[sig].sa_handler = SIG_DFL;
	unlock_actions(old);
	return act;
}

static void call(const struct sigaction *act, int sig, siginfo_t *info,
		 void *uc)
{
	if (act->sa_flags & SA_SIGINFO)
		act->sa_sigaction(sig, info, uc);
	else
		act->sa_handler(sig);
}

/* Raise a signal in this thread once more, as it was. */
static void send_to_self(siginfo_t *info)
{
	RAW(SYS_rt_tgsigqueueinfo, RAW(SYS_getpid, 0), RAW(SYS_gettid, 0),
	    info->si_signo, info);
}

/*
 * Note a real-time signal as early: behind those of its number, and in the
 * room of the others. False if there is no room.
 */
static bool push_early(struct host_thread *self, const siginfo_t *info)
{
	for (int i = 0; i < HOST_EARLY; i++) {
		if (self->early[i].signo)
			continue;
		memcpy(&self->early[i], info, sizeof(self->early[i]));
		return true;
	}
	return false;
}

/* Take the earliest signal of the number of @info to there, if there is one. */
static void pop_early(struct host_thread *self, siginfo_t *info)
{
	int i = 0;

	while (i < HOST_EARLY && self->early[i].signo != info->si_signo)
		i++;
	if (i == HOST_EARLY)
		return;
	memset(info, 0, sizeof(*info));
	memcpy(info, &self->early[i], sizeof(self->early[i]));
	for (; i < HOST_EARLY - 1; i++)
		self->early[i] = self->early[i + 1];
	self->early[i].signo = 0;
}

static bool any_early(const struct host_thread *self, int sig)
{
	for (int i = 0; i < HOST_EARLY; i++)
		if (self->early[i].signo == sig)
			return true;
	return false;
}

/* A signal comes too early to be delivered: what is sent later is a token. */
static void note_early(struct host_thread *self, siginfo_t *info)
{
	unsigned long old = host_block(~0UL);

	if (info->si_errno != TOKEN && push_early(self, info))
		info->si_errno = TOKEN;
	host_unblock(old);
}

/* A signal is delivered: one that was early takes its turn. */
static void take_turn(struct host_thread *self, siginfo_t *info)
{
	unsigned long old;
	siginfo_t own;

	if (self && any_early(self, info->si_signo)) {
		old = host_block(~0UL);
		own = *info;
		pop_early(self, info);
		if (own.si_errno != TOKEN)
			push_early(self, &own);		/* there is room now */
		host_unblock(old);
	}
	if (info->si_errno == TOKEN)	/* of a thread that ends */
		info->si_errno = 0;
}

/* Let the host do what it does by default, when we return. */
static void give_up(int sig, siginfo_t *info)
{
	struct sigaction dfl = { .sa_handler = SIG_DFL };

	on_host(sig, &dfl, NULL);
	if (info->si_code <= 0)		/* sent, it does not come by itself */
		send_to_self(info);
}

/* Block what can wait, from the return of the handler with this context on. */
static void block_on_return(ucontext_t *uc)
{
	const unsigned long mask = HOST_SIGNALS & ~HOST_FAULTS;

	memcpy(&uc->uc_sigmask, &mask, sizeof(mask));
}

/* Where in host_thread.waiting a signal belongs */
static int place_of(int sig)
{
	return sig == SIGSEGV ? 1 : sig == SIGBUS ? 2 : 0;
}

/*
 * Keep a signal until the call is over. Another handler may do the same in
 * between, or be interrupted here, masks not blocking it. What finds its place
 * taken goes back to the host at once, which has it blocked from now on; or it
 * is one more of a number that is pending, as of which there is only one.
 * The mask to go back to is that of the outermost of them, which blocks least.
 */
static void defer(struct host_thread *self, siginfo_t *info, ucontext_t *uc)
{
	int place = place_of(info->si_signo), none = 0;
	struct host_siginfo *w = &self->waiting[place];
	unsigned long mask;

	if (info->si_signo >= FIRST_QUEUED)
		note_early(self, info);
	memcpy(&mask, &uc->uc_sigmask, sizeof(mask));
	if (__atomic_exchange_n(&self->deferred, 1, __ATOMIC_SEQ_CST)) {
		self->mask &= mask;
	} else {
		self->mask = mask;
		self->restarts = true;
	}
	block_on_return(uc);
	if (__atomic_compare_exchange_n(&w->signo, &none, info->si_signo, false,
					__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
		memcpy(w, info, sizeof(*w));
		host_thread_interrupt(self);
	} else if (!place) {
		send_to_self(info);
	}
}

static void deliver_or_defer(int sig, siginfo_t *info, void *uc)
{
	struct host_thread *self = host_self;
	struct sigaction act;
	int err = errno;
	bool restarts;

	if (self && self->lkl.inside && !(is_trap(sig) && info->si_code > 0)) {
		defer(self, info, uc);
		errno = err;
		return;
	}
	if (sig >= FIRST_QUEUED)
		take_turn(self, info);
	act = take_action(sig);
	/* Not what the calls of the handler leave there. */
	restarts = self && self->restarts && act.sa_flags & SA_RESTART;
	if (is_function(&act))
		call(&act, sig, info, uc);
	else if (act.sa_handler == SIG_DFL)
		give_up(sig, info);
	if (self)
		self->restarts = restarts;
	errno = err;
}

/**
 * host_deliver() - Let the signals in that came during a call
 * @self:	the calling thread, outside the kernel
 *
 * The handlers run in here.
 *
 * Return: true if all of them allow the call to be restarted
 */
bool host_deliver(struct host_thread *self)
{
	struct host_siginfo waiting[HOST_WAITING];
	siginfo_t info = { };
	unsigned long mask;

	host_block(~0UL);
	mask = self->mask;
	memcpy(waiting, self->waiting, sizeof(waiting));
	memset(self->waiting, 0, sizeof(waiting));
	self->deferred = 0;
	for (int i = 0; i < HOST_WAITING; i++) {
		if (!waiting[i].signo)
			continue;
		memcpy(&info, &waiting[i], sizeof(waiting[i]));
		send_to_self(&info);
	}
	host_unblock(mask);
	return self->restarts;
}

/* A fault of the program itself: what it has asked for. */
static void fault_of_program(int sig, siginfo_t *info, ucontext_t *uc)
{
	struct sigaction act = take_action(sig);
	unsigned long mask;

	if (act.sa_handler == SIG_IGN && info->si_code <= 0)
		return;
	if (!is_function(&act)) {
		give_up(sig, info);
		return;
	}
	memcpy(&mask, &act.sa_mask, sizeof(mask));
	if (!(act.sa_flags & SA_NODEFER))
		mask |= 1UL << (sig - 1);
	RAW(SYS_rt_sigprocmask, SIG_BLOCK, &mask, NULL, KERNEL_SIGSET);
	call(&act, sig, info, uc);
}

static void fault(int sig, siginfo_t *info, void *uc_)
{
	ucontext_t *uc = uc_;
	unsigned long ip = uc->uc_mcontext.gregs[REG_RIP], fixup = 0;
	bool inside = host_self && host_self->lkl.inside;
	int err = errno;

	if (info->si_code > 0) {
		fixup = lkl_image_fixup(ip);
		if (!fixup && find_fixup)
			fixup = find_fixup(ip);
		if (!fixup && inside)
			lkl_image_fault(ip, (unsigned long)info->si_addr);
	}
	if (fixup)
		uc->uc_mcontext.gregs[REG_RIP] = fixup;
	else if (inside && info->si_code <= 0 && is_function(&actions[sig]))
		defer(host_self, info, uc);
	else
		fault_of_program(sig, info, uc);
	errno = err;
}

/* Tell the host: what it calls for @sig is our function, or nothing. */
static int set_on_host(int sig, const struct sigaction *act)
{
	struct sigaction real = *act;

	if (is_fault(sig)) {
		real.sa_sigaction = fault;
		real.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
		sigemptyset(&real.sa_mask);
	} else if (is_function(act)) {
		real.sa_sigaction = deliver_or_defer;
		real.sa_flags &= ~SA_RESETHAND;
		real.sa_flags |= SA_SIGINFO;
		if (act->sa_flags & SA_RESETHAND)
			real.sa_flags &= ~SA_RESTART;
	}
	return on_host(sig, &real, NULL) ? -errno : 0;
}

void lkl_host_sigaction_by(int (*libc)(int, const struct sigaction *,
				       struct sigaction *))
{
	on_host = libc;
}

void lkl_host_fixup_by(unsigned long (*find)(unsigned long ip))
{
	find_fixup = find;
	host_signals_init();
}

long lkl_host_sigaction(int sig, const struct sigaction *act,
			struct sigaction *old)
{
	struct sigaction new = { }, was, host;
	unsigned long mask;
	int err = 0;

	/* It may not be there, and below no handler can say so. */
	if (act)
		new = *act;
	if (sig < 1 || sig >= NSIG_HOST)
		return -EINVAL;
	if (on_host(sig, NULL, &host))
		return -errno;
	mask = lock_actions();
	was = actions[sig];
	/* Not ours on the host: it was set without us, or never. */
	if (host.sa_sigaction != deliver_or_defer &&
	    host.sa_sigaction != fault)
		was = host;
	if (act) {
		actions[sig] = new;
		err = set_on_host(sig, &new);
		if (err)
			actions[sig] = was;
	}
	unlock_actions(mask);
	if (!err && old)
		*old = was;
	return err;
}

/**
 * host_signals_init() - From now on faults are looked at by us first
 *
 * Return: 0 or a negative errno
 */
int host_signals_init(void)
{
	static const int faults[] = { SIGSEGV, SIGBUS };
	struct sigaction act;
	long err;

	for (unsigned int i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		err = lkl_host_sigaction(faults[i], NULL, &act);
		if (!err)
			err = lkl_host_sigaction(faults[i], &act, NULL);
		if (err)
			return err;
	}
	return 0;
}
