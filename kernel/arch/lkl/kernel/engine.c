// SPDX-License-Identifier: GPL-2.0
/*
 * engine.c - The virtual CPU: who carries it, who waits, who is woken
 *
 * Theory of operation
 * -------------------
 * The kernel is always suspended in exactly one place: lkl_vcpu.sp, inside the
 * coroutine of lkl_current. Holding lkl_vcpu.lock gives the right to go on
 * there (carry()); the kernel comes back (lkl_vcpu_yield()) from the idle task,
 * when nothing is runnable, from the "user mode" point of the carrier's own
 * task, when its call is done and nothing else is runnable, and from wherever it
 * is when it has been carried for others long enough.
 *
 * A call is posted in the thread's own record. If the lock is free and the
 * thread's task is the one that is suspended, and not on its way to sleep (it
 * may have been handed over there), the call needs no list, no wake-up and no
 * scheduling. Otherwise the record goes on a lock-free list,
 * lkl_irq_pending is raised, and whoever holds the lock serves it like an
 * interrupt. There is no queue for the lock: a thread that does not get it
 * waits for its own call to be done, whoever does it.
 *
 * Invariants
 * - The lock is released before lkl_irq_pending is looked at once more, and
 *   lkl_irq_pending is raised before the lock is tried, both with full
 *   barriers: whatever is posted is seen by the poster or by the releaser.
 * - A record is on the request list at most once (queued), and only its own
 *   thread or a signal handler on that thread puts it there.
 * - state goes POSTED -> DONE once for every call, by the kernel. The sleep
 *   flags in the same word tell the kernel how to wake the thread, so that
 *   the record is not touched after DONE: its owner may be gone.
 *
 * Waiting
 * - One application thread at most is the poller: it sleeps in wait(), sees
 *   device events itself and carries on with its own blocked call without any
 *   host context switch. Others sleep on their state word.
 * - The helper thread looks at the devices when no application thread does. It
 *   must stay out of the way of one that is busy: were it in wait(), every
 *   packet would wake it (on these hosts that costs more than the packet). So
 *   as long as calls are made it only has a look now and then, the more seldom
 *   the longer it finds nothing; when calls cease it goes to wait(), or parks
 *   if there is a poller, who wakes it on leaving.
 * - The host can hold the lock without carrying (lkl_image_hold()): to fork the
 *   process, kernel and all.
 * - A carrier whose own call is done leaves after CARRY_NS, however much there
 *   is to do for others (lkl_hand_over()).
 * - Before sleeping the would-be poller spins on the devices for about twice
 *   the average wait, if that is short and there is a second CPU. Others spin
 *   for a moment: whoever holds the CPU may be about to serve them. With one
 *   CPU a task that is going to sleep has a look if that was worth it lately:
 *   the process it was sent to may have had the CPU at once, and have answered.
 */
#include <linux/compiler.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/sched/stat.h>
#include <linux/sched/task.h>
#include <linux/sched/task_stack.h>
#include <linux/start_kernel.h>
#include <linux/string.h>
#include <linux/extable.h>
#include <asm/extable.h>
#include <asm/setup.h>
#include <asm/unistd.h>
#include "engine.h"

/* Longer waits than this are not worth spinning for. */
#define SPIN_MAX_NS	100000ULL

/* How long a thread that is not the poller spins for the CPU. */
#define SPIN_LOCK_NS	3000ULL

/* Pauses between two looks at the devices: about half a microsecond. */
#define SPIN_PAUSES	30

/* What a vain look costs in luck, its limit, and waits until the next try. */
#define LOOK_LOSS	4
#define LOOK_LUCK	16
#define LOOK_RETRY	64

/*
 * How long to let the frames of a stream gather before they are looked at. As
 * with the interrupts of network cards, fewer and larger batches make fewer
 * acknowledgements, and the sender has more of its time for sending.
 */
#define COALESCE_NS	20000ULL

/* How often a thread that ends looks if its record is free. */
#define DETACH_NAP_NS	20000LL

/* How often a thread that wants to hold the kernel tries to. */
#define HOLD_NAP_NS	20000LL

/* How long a thread may carry the kernel for others. */
#define CARRY_NS	50000ULL

/*
 * How often the helper has a look while application threads are busy, and how
 * seldom it may get when it finds nothing.
 */
#define NAP_NS		200000LL
#define NAP_MAX_NS	(8 * NAP_NS)

/* How often the host is asked for news while the helper looks at guests. */
#define COLLECT_NS	20000ULL

/* The record of the helper thread; it never makes a call. */
static struct lkl_thread helper;

struct lkl_vcpu lkl_vcpu = { .halted = LKL_BEFORE_BOOT };
const struct lkl_host_ops *lkl_host;
struct task_struct *lkl_current = &init_task;
unsigned int lkl_irqs_off = 1;
unsigned int lkl_irq_pending;

static unsigned int thread_state(struct lkl_thread *t)
{
	return __atomic_load_n(&t->state, __ATOMIC_ACQUIRE);
}

static bool vcpu_trylock(void)
{
	return !__atomic_load_n(&lkl_vcpu.lock, __ATOMIC_RELAXED) &&
	       !__atomic_exchange_n(&lkl_vcpu.lock, 1, __ATOMIC_SEQ_CST);
}

/**
 * carry() - Let the kernel run on the calling thread until it yields
 * @t:	the record of the calling thread
 */
static void carry(struct lkl_thread *t)
{
	lkl_vcpu.carrier = t;
	lkl_vcpu.since = 0;
	__atomic_store_n(&lkl_vcpu.heir, NULL, __ATOMIC_SEQ_CST);
	__atomic_store_n(&lkl_vcpu.carried, lkl_vcpu.carried + 1,
			 __ATOMIC_RELAXED);
	lkl_switch_stack(&lkl_vcpu.host_sp, lkl_vcpu.sp);
	lkl_vcpu.carrier = NULL;
}

/**
 * vcpu_release() - Give the virtual CPU back, and serve what came meanwhile
 * @t:	the record of the calling thread
 *
 * If the kernel has been handed over, somebody else will.
 */
static void vcpu_release(struct lkl_thread *t)
{
	struct lkl_thread *heir;
	unsigned int old = 0;

	while (!lkl_vcpu.handed_over) {
		__atomic_exchange_n(&lkl_vcpu.lock, 0, __ATOMIC_SEQ_CST);
		if (likely(!__atomic_load_n(&lkl_irq_pending, __ATOMIC_SEQ_CST)) ||
		    __atomic_load_n(&lkl_vcpu.halted, __ATOMIC_RELAXED) ||
		    !vcpu_trylock())
			return;
		carry(t);
	}
	lkl_vcpu.handed_over = false;
	heir = lkl_vcpu.heir;
	/* The heir cannot go away as long as we hold the lock, but then it can. */
	if (heir)
		old = __atomic_fetch_and(&heir->state, ~LKL_THREAD_PARKED,
					 __ATOMIC_SEQ_CST);
	__atomic_exchange_n(&lkl_vcpu.lock, 0, __ATOMIC_SEQ_CST);
	if (old & LKL_THREAD_PARKED)
		lkl_host->wake(&heir->state);
	if (!heir)
		lkl_helper_unpark();
	if (!heir || old & LKL_THREAD_POLLING)
		lkl_host->kick();
}

/**
 * serve() - Run the kernel if something is pending and nobody else does
 * @t:	the record of the calling thread
 */
static void serve(struct lkl_thread *t)
{
	if (__atomic_load_n(&lkl_irq_pending, __ATOMIC_SEQ_CST) &&
	    !__atomic_load_n(&lkl_vcpu.halted, __ATOMIC_RELAXED) &&
	    vcpu_trylock()) {
		carry(t);
		vcpu_release(t);
	}
}

/*
 * Look at the devices once before the host is asked to wait. Not if that was in
 * vain too often lately, nor if spinning does it better.
 */
static bool quick_look(void)
{
	bool found;

	if (lkl_host->cpus() >= 2 ||
	    (!lkl_vcpu.look_luck && ++lkl_vcpu.look_waits % LOOK_RETRY))
		return false;
	found = lkl_host->spin_poll();
	lkl_vcpu.look_luck = clamp(lkl_vcpu.look_luck +
				   (found ? 1 : -LOOK_LOSS), 0, LOOK_LUCK);
	return found;
}

/**
 * arch_stays_awake() - The running task is about to sleep: need it?
 *
 * If it is the only one, and what it waits for has arrived, it has been woken
 * before it slept: no switch to the idle task and back, no work for timers and
 * queues of the scheduler in between. Called by schedule(), see
 * kernel/patches/sched-stays-awake.patch.
 *
 * Return: true if it goes on
 */
bool arch_stays_awake(void)
{
	struct lkl_thread *t = current->thread.host;

	if (!t || t != lkl_vcpu.carrier || irqs_disabled() ||
	    thread_state(t) == LKL_THREAD_DONE)
		return false;
	/* The receive interrupt takes care of frames sent, too. */
	while (single_task_running() && !need_resched() && quick_look()) {
		lkl_run_irqs();
		if (task_is_running(current))
			return !need_resched();
	}
	return false;
}

/**
 * lkl_vcpu_yield() - Suspend the kernel and return to the carrier's stack
 *
 * Comes back when a host thread carries the kernel again, maybe another one.
 */
void lkl_vcpu_yield(void)
{
	lkl_switch_stack(&lkl_vcpu.sp, lkl_vcpu.host_sp);
}

/**
 * lkl_hand_over() - Let a carrier go whose own call is done
 *
 * It has something else to do than to run the kernel for others. Called in
 * task context and at the end of interrupts: the kernel can be suspended at any
 * such place, whoever carries it next goes on there. The heir is the thread
 * whose task is running, if it waits for a call, else the helper.
 */
void lkl_hand_over(void)
{
	struct lkl_thread *carrier = lkl_vcpu.carrier;
	struct lkl_thread *heir = current->thread.host;

	if (likely(thread_state(carrier) != LKL_THREAD_DONE) ||
	    is_idle_task(current))
		return;
	if (!lkl_vcpu.since) {
		lkl_vcpu.since = lkl_host->time();
		return;
	}
	if (lkl_host->time() - lkl_vcpu.since < CARRY_NS)
		return;
	if (heir == carrier ||
	    (heir && (heir->guest || thread_state(heir) == LKL_THREAD_DONE)))
		heir = NULL;
	if (!heir && carrier == &helper)
		return;
	__atomic_store_n(&lkl_vcpu.heir, heir, __ATOMIC_SEQ_CST);
	__atomic_store_n(&lkl_irq_pending, 1, __ATOMIC_SEQ_CST);
	lkl_vcpu.handed_over = true;
	lkl_vcpu_yield();
}

/* Put a record on the request list; async-signal-safe. */
static void post(struct lkl_thread *t)
{
	struct lkl_thread *head;

	if (!__atomic_exchange_n(&t->queued, 1, __ATOMIC_SEQ_CST)) {
		head = __atomic_load_n(&lkl_vcpu.requests, __ATOMIC_RELAXED);
		do {
			t->next = head;
		} while (!__atomic_compare_exchange_n(&lkl_vcpu.requests, &head,
						      t, true, __ATOMIC_SEQ_CST,
						      __ATOMIC_RELAXED));
	}
	__atomic_store_n(&lkl_irq_pending, 1, __ATOMIC_SEQ_CST);
}

/**
 * lkl_complete() - A call is done: publish the result, wake its thread
 * @t:		the thread's record; not to be touched afterwards
 * @ret:	the result
 */
void lkl_complete(struct lkl_thread *t, long ret)
{
	unsigned int old;

	if (unlikely(t->guest)) {
		lkl_guest_complete(t, ret);
		return;
	}
	t->ret = ret;
	if (t == lkl_vcpu.carrier) {
		__atomic_store_n(&t->state, LKL_THREAD_DONE, __ATOMIC_RELEASE);
		return;
	}
	old = __atomic_exchange_n(&t->state, LKL_THREAD_DONE, __ATOMIC_SEQ_CST);
	if (old & LKL_THREAD_PARKED)
		lkl_host->wake(&t->state);
	if (old & LKL_THREAD_POLLING)
		lkl_host->kick();
}

/* Announce how the thread is going to sleep; false if its call is done. */
static bool sleep_begin(struct lkl_thread *t, unsigned int how)
{
	unsigned int old = LKL_THREAD_POSTED;

	return __atomic_compare_exchange_n(&t->state, &old,
					   LKL_THREAD_POSTED | how, false,
					   __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

static void sleep_end(struct lkl_thread *t, unsigned int how)
{
	unsigned int old = LKL_THREAD_POSTED | how;

	__atomic_compare_exchange_n(&t->state, &old, LKL_THREAD_POSTED, false,
				    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

/* A signal handler wants the call to end, and the kernel has not heard of it. */
static bool intr_is_new(struct lkl_thread *t)
{
	return __atomic_load_n(&t->intr, __ATOMIC_SEQ_CST) == LKL_INTR_NEW;
}

/* Look at the devices. Return: LKL_POLL_*, 0 if there is nothing */
static int look(struct lkl_thread *t)
{
	int news;

	if (!vcpu_trylock())
		return 0;
	news = lkl_host->spin_poll();
	if (news)
		lkl_vcpu.stream = news == LKL_POLL_STREAM;
	if (news || lkl_irq_pending)
		carry(t);
	vcpu_release(t);
	return news;
}

/* Look at the devices for a while; true when it is worth looking again. */
static bool spin(struct lkl_thread *t)
{
	unsigned long long limit = 2 * lkl_vcpu.wait_avg, start;

	if (lkl_vcpu.wait_avg > SPIN_MAX_NS || lkl_host->cpus() < 2)
		return false;
	if (limit < 5000)
		limit = 5000;
	start = lkl_host->time();
	if (lkl_vcpu.stream && thread_state(t) != LKL_THREAD_DONE)
		while (lkl_host->time() - start < COALESCE_NS)
			__builtin_ia32_pause();
	do {
		if (thread_state(t) == LKL_THREAD_DONE || intr_is_new(t) ||
		    look(t))
			return true;
		/* Every look keeps the sender from its queue for a moment. */
		for (int i = 0; i < SPIN_PAUSES; i++)
			__builtin_ia32_pause();
	} while (lkl_host->time() - start < limit);
	return false;
}

/* Wait a moment for the CPU to serve our call, or to be free for it. */
static bool spin_for_cpu(struct lkl_thread *t)
{
	unsigned long long start;

	if (lkl_host->cpus() < 2)
		return false;
	start = lkl_host->time();
	do {
		if (thread_state(t) == LKL_THREAD_DONE || intr_is_new(t) ||
		    (!__atomic_load_n(&lkl_vcpu.lock, __ATOMIC_RELAXED) &&
		     __atomic_load_n(&lkl_irq_pending, __ATOMIC_RELAXED)))
			return true;
		__builtin_ia32_pause();
	} while (lkl_host->time() - start < SPIN_LOCK_NS);
	return false;
}

/**
 * lkl_helper_unpark() - The helper thread may wait for events again
 */
void lkl_helper_unpark(void)
{
	if (__atomic_load_n(&lkl_vcpu.helper_parked, __ATOMIC_SEQ_CST) &&
	    __atomic_exchange_n(&lkl_vcpu.helper_parked, 0, __ATOMIC_SEQ_CST))
		lkl_host->wake(&lkl_vcpu.helper_parked);
}

static unsigned int halted(void)
{
	return __atomic_load_n(&lkl_vcpu.halted, __ATOMIC_SEQ_CST);
}

/* Is there a reason not to go to sleep, now that everybody knows we do? */
static bool must_stay(struct lkl_thread *t)
{
	return intr_is_new(t) || halted() ||
	       __atomic_load_n(&lkl_vcpu.heir, __ATOMIC_SEQ_CST) == t;
}

/*
 * Who waits for the end of all guests leaves the devices to the helper, who looks
 * at guests without being rung for.
 */
static bool may_poll(const struct lkl_thread *t)
{
	return t->no != LKL_NR_guests || t->params[0] >= 0;
}

/* Sleep until the call is done or something else has to be looked at. */
static void sleep_once(struct lkl_thread *t)
{
	struct lkl_thread *none = NULL;
	unsigned int word;

	if (may_poll(t) &&
	    __atomic_compare_exchange_n(&lkl_vcpu.poller, &none, t, false,
					__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
		if (!spin(t) && sleep_begin(t, LKL_THREAD_POLLING)) {
			if (!must_stay(t))
				lkl_host->wait(-1);
			sleep_end(t, LKL_THREAD_POLLING);
		}
		__atomic_store_n(&lkl_vcpu.poller, NULL, __ATOMIC_SEQ_CST);
		lkl_helper_unpark();
	} else if (!spin_for_cpu(t) && sleep_begin(t, LKL_THREAD_PARKED)) {
		word = LKL_THREAD_POSTED | LKL_THREAD_PARKED;
		if (!must_stay(t))
			lkl_host->park(&t->state, word, -1);
		sleep_end(t, LKL_THREAD_PARKED);
	}
}

static void wait_done(struct lkl_thread *t)
{
	unsigned long long start = 0, waited;
	bool measure = lkl_host->cpus() >= 2;	/* else nobody spins */

	if (measure)
		start = lkl_host->time();
	while (thread_state(t) != LKL_THREAD_DONE && halted() != LKL_HALTED) {
		if (intr_is_new(t))
			post(t);
		serve(t);
		if (thread_state(t) != LKL_THREAD_DONE)
			sleep_once(t);
		serve(t);
	}
	if (thread_state(t) != LKL_THREAD_DONE) {
		/* It came too late to be seen by lkl_halt_threads(). */
		t->ret = -ENODEV;
		t->state = LKL_THREAD_DONE;
	}
	if (!measure)
		return;
	waited = lkl_host->time() - start;
	if (waited > 16 * SPIN_MAX_NS)
		waited = 16 * SPIN_MAX_NS;
	lkl_vcpu.wait_avg = (7 * lkl_vcpu.wait_avg + waited) / 8;
}

long lkl_image_syscall(struct lkl_thread *self, long no, const long *params)
{
	self->restart = 0;
	if (unlikely(__atomic_load_n(&lkl_vcpu.halted, __ATOMIC_RELAXED)))
		return -ENODEV;
	self->no = no;
	self->params = params;
	__atomic_store_n(&self->state, LKL_THREAD_POSTED, __ATOMIC_RELEASE);
	if (likely(vcpu_trylock())) {
		if (unlikely(lkl_current != self->task || !self->task ||
			     self->parked))
			post(self);
		carry(self);
		vcpu_release(self);
	} else {
		post(self);
		serve(self);
	}
	if (unlikely(thread_state(self) != LKL_THREAD_DONE))
		wait_done(self);
	return self->ret;
}

void lkl_image_detach(struct lkl_thread *self)
{
	static const long none[6];
	unsigned int never = 0;

	if (self->task)
		lkl_image_syscall(self, LKL_NR_detach, none);
	/*
	 * Whoever served the call may have done so before we put the record on
	 * the request list; it must be off it before the record goes. A kernel
	 * that halts looks at all records, one that has halted at none.
	 */
	while (halted() == LKL_HALTING ||
	       (__atomic_load_n(&self->queued, __ATOMIC_SEQ_CST) &&
		halted() != LKL_HALTED)) {
		serve(self);
		if (__atomic_load_n(&self->queued, __ATOMIC_SEQ_CST))
			lkl_host->park(&never, 0, DETACH_NAP_NS);
	}
}

void lkl_image_interrupt(struct lkl_thread *thread)
{
	unsigned int old;

	__atomic_store_n(&thread->intr, LKL_INTR_NEW, __ATOMIC_SEQ_CST);
	/* The thread may be about to sleep: its word changes, its wait ends. */
	old = __atomic_fetch_and(&thread->state, ~LKL_THREAD_PARKED,
				 __ATOMIC_SEQ_CST);
	if (!(old & LKL_THREAD_POSTED))
		return;		/* the next call sees it */
	/* It may be carrying others: then it serves the list itself. */
	post(thread);
	if (old & LKL_THREAD_PARKED)
		lkl_host->wake(&thread->state);
	if (old & LKL_THREAD_POLLING)
		lkl_host->kick();
}

void lkl_image_post(struct lkl_source *src, unsigned int events)
{
	struct lkl_source *head;

	__atomic_or_fetch(&src->events, events, __ATOMIC_SEQ_CST);
	if (!__atomic_exchange_n(&src->queued, 1, __ATOMIC_SEQ_CST)) {
		head = __atomic_load_n(&lkl_vcpu.sources, __ATOMIC_RELAXED);
		do {
			src->next = head;
		} while (!__atomic_compare_exchange_n(&lkl_vcpu.sources, &head,
						      src, true,
						      __ATOMIC_SEQ_CST,
						      __ATOMIC_RELAXED));
	}
	__atomic_store_n(&lkl_irq_pending, 1, __ATOMIC_SEQ_CST);
}

void lkl_image_timer(void)
{
	__atomic_store_n(&lkl_vcpu.timer, 1, __ATOMIC_SEQ_CST);
	__atomic_store_n(&lkl_irq_pending, 1, __ATOMIC_SEQ_CST);
}

void lkl_image_irq(int irq)
{
	lkl_vcpu.irqs |= 1UL << irq;
	__atomic_store_n(&lkl_irq_pending, 1, __ATOMIC_RELAXED);
}

static struct lkl_thread *poller(void)
{
	return __atomic_load_n(&lkl_vcpu.poller, __ATOMIC_SEQ_CST);
}

/*
 * The helper in wait(): was it an event that it got? Then maybe a kick that
 * was meant for a poller, who has come since.
 */
static bool helper_wait(long long timeout)
{
	if (!lkl_host->wait(timeout))
		return false;
	lkl_vcpu.helper_ate = true;
	return true;
}

/*
 * See what the devices have, on behalf of threads that compute.
 * Return: true if there was something that nobody else would have seen
 */
static bool helper_look(void)
{
	bool found = helper_wait(0);

	if (!vcpu_trylock()) {
		/* Who carries the kernel shall see if he should go on. */
		__atomic_store_n(&lkl_irq_pending, 1, __ATOMIC_SEQ_CST);
		return false;
	}
	found |= lkl_host->idle() > 0;
	if (__atomic_load_n(&lkl_irq_pending, __ATOMIC_RELAXED))
		carry(&helper);
	vcpu_release(&helper);
	return found;
}

/* Has a guest called? Its next call may come soon, and nobody else sees it. */
static bool rung(void)
{
	return __atomic_exchange_n(&lkl_vcpu.rung, false, __ATOMIC_SEQ_CST);
}

/*
 * Have guests called? Then serve them. What the host knew before they did they
 * must be told first: a bell would have come after it.
 */
static bool look_at_guests(unsigned long long *collected)
{
	bool news;

	if (!vcpu_trylock())
		return false;
	news = lkl_guests_look();
	if (news || lkl_host->time() - *collected > COLLECT_NS) {
		helper_wait(0);
		*collected = lkl_host->time();
	}
	if (lkl_irq_pending)
		carry(&helper);
	vcpu_release(&helper);
	return news;
}

/*
 * A guest has called: look if it calls again before going to sleep, if calls have
 * come soon after one another so far. Then they need no system call.
 */
static void helper_spin(void)
{
	unsigned long long start = lkl_host->time(), collected = start;

	if (lkl_host->cpus() < 2 || lkl_vcpu.guest_gap > SPIN_MAX_NS)
		return;
	do {
		for (int i = 0; i < SPIN_PAUSES; i++)
			__builtin_ia32_pause();
		if (look_at_guests(&collected))
			start = collected;
	} while (!halted() &&
		 lkl_host->time() - start < 2 * lkl_vcpu.guest_gap);
	lkl_guests_sleep();
	serve(&helper);
}

/* Keep out of the way until application threads make no calls for a while. */
static void helper_nap(void)
{
	unsigned int never = 0;
	long long nap = NAP_NS;
	unsigned long seen;
	bool busy;

	do {
		seen = __atomic_load_n(&lkl_vcpu.carried, __ATOMIC_RELAXED);
		lkl_host->park(&never, 0, nap);
		busy = __atomic_load_n(&lkl_vcpu.carried, __ATOMIC_RELAXED) !=
		       seen || __atomic_load_n(&lkl_vcpu.lock, __ATOMIC_RELAXED);
		if (!poller() && helper_look())
			nap = NAP_NS;
		else if (nap < NAP_MAX_NS)
			nap *= 2;
	} while (busy && !halted() && !rung());
}

/* What the helper has got may have been a kick: let the poller have it. */
static void give_back(void)
{
	if (lkl_vcpu.helper_ate) {
		lkl_vcpu.helper_ate = false;
		lkl_host->kick();
	}
}

static void helper_park(void)
{
	__atomic_store_n(&lkl_vcpu.helper_parked, 1, __ATOMIC_SEQ_CST);
	give_back();
	if (poller())
		lkl_host->park(&lkl_vcpu.helper_parked, 1, -1);
	__atomic_store_n(&lkl_vcpu.helper_parked, 0, __ATOMIC_SEQ_CST);
}

void lkl_image_helper(void)
{
	while (!halted()) {
		if (poller()) {
			helper_park();
		} else {
			helper_wait(-1);
			serve(&helper);
			if (poller())
				give_back();
		}
		if (rung())
			helper_spin();
		else
			helper_nap();
	}
	/* The kick of the halt may have been for the poller. */
	lkl_host->kick();
}

/*
 * The lock is all there is to keep, the kernel is suspended. Others that want it
 * have raised lkl_irq_pending: whoever releases it serves them.
 */
void lkl_image_hold(void)
{
	unsigned int never = 0;

	while (!vcpu_trylock())
		lkl_host->park(&never, 0, HOLD_NAP_NS);
}

void lkl_image_release(struct lkl_thread *self)
{
	vcpu_release(self);
}

/*
 * Lists that others were about to extend are not complete: what is on them is
 * taken off, and the host, who knows all records and sources, posts them again.
 */
void lkl_image_alone(void)
{
	struct lkl_source *src = lkl_vcpu.sources;
	struct lkl_thread *t = lkl_vcpu.requests;

	for (; t; t = t->next)
		t->queued = 0;
	for (; src; src = src->next)
		src->queued = 0;
	lkl_vcpu.requests = NULL;
	lkl_vcpu.sources = NULL;
	lkl_vcpu.heir = NULL;
	lkl_vcpu.poller = NULL;
	lkl_vcpu.helper_parked = 0;
	lkl_vcpu.helper_ate = false;
	lkl_guests_alone();
	lkl_image_timer();
}

unsigned long lkl_image_fixup(unsigned long ip)
{
	const struct exception_table_entry *e = search_exception_tables(ip);

	return e ? ex_fixup_addr(e) : 0;
}

int lkl_image_running(void)
{
	return lkl_host && lkl_vcpu.sp && !halted();
}

/* __ref: it runs once, before init text could be given back */
static void __ref boot_entry(void)
{
	start_kernel();
}

int lkl_image_start(const struct lkl_host_ops *ops, struct lkl_thread *self,
		    const char *cmdline)
{
	long params[6] = { };

	if (__atomic_exchange_n(&lkl_vcpu.started, 1, __ATOMIC_SEQ_CST))
		return -EBUSY;
	lkl_vcpu.lock = 1;
	lkl_host = ops;
	strscpy(lkl_cmdline, cmdline, COMMAND_LINE_SIZE);
	if (!lkl_reserve_memory())
		return -ENOMEM;
	lkl_vcpu.wait_avg = SPIN_MAX_NS;
	lkl_vcpu.sp = lkl_prepare_stack(init_stack, THREAD_SIZE, boot_entry);
	__atomic_store_n(&lkl_vcpu.halted, 0, __ATOMIC_SEQ_CST);
	carry(self);
	vcpu_release(self);
	/* The first call attaches, so it waits until pid 1 is there. */
	lkl_image_syscall(self, __NR_getpid, params);
	return 0;
}
