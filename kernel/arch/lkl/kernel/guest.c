// SPDX-License-Identifier: GPL-2.0
/*
 * guest.c - Processes of the host that are processes of this kernel, too
 *
 * Theory of operation
 * -------------------
 * The program whose process we are in forks. Its child keeps the sockets it
 * had, as a guest: the kernel stays here, and the child's calls come in memory
 * that both share (struct lkl_guest_area), announced by a bell. To this kernel
 * the child is a process, made by the one that forks (lkl_guest_create()), with
 * copies of its files. Every thread of it that calls has a task, which is made,
 * runs and waits as that of a thread of ours does (syscall.c); only that nobody
 * but the helper, or whoever waits, carries it.
 *
 * User memory of such a task is in another process; the host copies it. Which
 * process that is we are told on the line, by the host, not by the guest.
 *
 * When the line breaks the guest has ended or executes another program. Then
 * its tasks are killed and its files are closed, as at the end of any process.
 *
 * Invariants
 * - A struct lkl_guest is used again, but never freed: a report about its
 *   descriptors may be late (hostfd.c).
 * - It has at least one task, its leader, as long as it is in use. What it
 *   holds is given back by its last task.
 * - The handlers run with the virtual CPU held, as everything here.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/fdtable.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include <linux/xarray.h>
#include "engine.h"

/**
 * struct guest_thread - A thread of a guest
 * @t:		the engine's record
 * @guest:	the process
 * @call:	where its calls come
 * @params:	arguments of the call it makes, as they were when it came
 * @seq:	number of that call
 */
struct guest_thread {
	struct lkl_thread t;
	struct lkl_guest *guest;
	struct lkl_guest_call *call;
	long params[6];
	unsigned int seq;
};

/**
 * struct lkl_guest - A process
 * @bell:	source of what the guest rings
 * @line:	source that tells if it lives
 * @bell_fd:	descriptor of @bell on the host,
 * @line_fd:	of @line
 * @pid:	its process id on the host, 0: not known yet
 * @ended:	the process has ended, or executes another program
 * @area:	memory shared with it, NULL: not in use
 * @crew:	its threads
 * @threads:	struct guest_thread by index
 * @tasks:	how many tasks it has
 * @next:	the list of all of them, in use or not
 */
struct lkl_guest {
	struct lkl_source bell, line;
	int bell_fd, line_fd, pid;
	bool ended;
	struct lkl_guest_area *area;
	struct lkl_crew crew;
	struct xarray threads;
	unsigned int tasks;
	struct lkl_guest *next;
};

/* Where user memory is that is nobody's any more: no access succeeds. */
#define NO_PROCESS	(-1)

/*
 * A process that has ended is noticed at once, unless another one has what
 * connects us with it: a child that it has made without libc.
 */
#define GONE_MAX	HZ

static struct lkl_guest *guests;
static DECLARE_WAIT_QUEUE_HEAD(guest_gone);

int lkl_far;

/* Long copies let others have the CPU first, as near ones do. */
static unsigned long copy(void *here, unsigned long there, unsigned long n,
			  int put)
{
	if (n >= PAGE_SIZE)
		lkl_copy_resched();
	return lkl_host->guest_copy(lkl_far, here, there, n, put);
}

unsigned long lkl_far_get(void *to, const void *from, unsigned long n)
{
	unsigned long left = copy(to, (unsigned long)from, n, 0);

	if (left)	/* what cannot be read is 0 */
		memset(to + n - left, 0, left);
	return left;
}

unsigned long lkl_far_put(void *to, const void *from, unsigned long n)
{
	return copy((void *)from, (unsigned long)to, n, 1);
}

unsigned long lkl_far_clear(void *to, unsigned long n)
{
	static const char zeros[512];
	unsigned long part, left;

	for (; n; n -= part, to += part) {
		part = min(n, sizeof(zeros));
		left = lkl_far_put(to, zeros, part);
		if (left)
			return n - part + left;
	}
	return 0;
}

static struct guest_thread *guest_thread(struct lkl_thread *t)
{
	return container_of(t, struct guest_thread, t);
}

/**
 * lkl_guest_crew() - Process of a thread
 * @t:	record of the thread of a guest
 *
 * Return: the process
 */
struct lkl_crew *lkl_guest_crew(struct lkl_thread *t)
{
	return &guest_thread(t)->guest->crew;
}

/* A task of a guest begins. */
static void task_begins(struct lkl_guest *g)
{
	current->thread.guest = g;
	g->tasks++;
}

/**
 * lkl_guest_enter() - The current task is to execute the calls of a thread
 * @t:	record of the thread of a guest
 */
void lkl_guest_enter(struct lkl_thread *t)
{
	struct lkl_guest *g = guest_thread(t)->guest;

	task_begins(g);
	lkl_far = current->thread.far = g->ended ? NO_PROCESS : g->pid;
}

static void answer(struct lkl_guest *g, struct lkl_guest_call *call, long ret,
		   unsigned int restart)
{
	unsigned int old;

	WRITE_ONCE(call->ret, ret);
	WRITE_ONCE(call->restart, restart);
	old = __atomic_exchange_n(&call->state, LKL_THREAD_DONE,
				  __ATOMIC_SEQ_CST);
	if (old & LKL_THREAD_PARKED)
		lkl_host->guest_wake(&call->state);
	if (old & LKL_THREAD_POLLING)
		lkl_host->guest_tell(g->line_fd);
}

/**
 * lkl_guest_complete() - lkl_complete() for the thread of a guest
 * @t:		its record
 * @ret:	the result
 */
void lkl_guest_complete(struct lkl_thread *t, long ret)
{
	WRITE_ONCE(t->state, LKL_THREAD_DONE);
	answer(guest_thread(t)->guest, guest_thread(t)->call, ret, t->restart);
}

/* The record for a call of a guest; NULL: there is no memory */
static struct guest_thread *find_thread(struct lkl_guest *g, unsigned int i)
{
	struct guest_thread *gt = xa_load(&g->threads, i);

	if (gt)
		return gt;
	gt = kzalloc(sizeof(*gt), GFP_ATOMIC);
	if (!gt)
		return NULL;
	gt->guest = g;
	gt->call = &g->area->calls[i];
	gt->t.guest = g;
	gt->t.params = gt->params;
	if (xa_err(xa_store(&g->threads, i, gt, GFP_ATOMIC))) {
		kfree(gt);
		return NULL;
	}
	return gt;
}

static void begin_call(struct guest_thread *gt, unsigned int seq)
{
	struct lkl_thread *t = &gt->t;

	gt->seq = seq;
	for (int i = 0; i < ARRAY_SIZE(gt->params); i++)
		gt->params[i] = READ_ONCE(gt->call->params[i]);
	t->no = READ_ONCE(gt->call->no);
	t->restart = 0;
	WRITE_ONCE(t->state, LKL_THREAD_POSTED);
	lkl_host->wait_begins();
	if (t->task)
		lkl_wake_request(t);
	else
		lkl_attach_request(t);
}

/* The call that a thread is in, if it is in one, is to end. */
static void end_call(struct guest_thread *gt)
{
	if (gt->t.state == LKL_THREAD_DONE)
		return;
	gt->t.intr = LKL_INTR_NEW;
	if (gt->t.task)
		lkl_wake_request(&gt->t);
}

/* A thread of a guest has rung: a call, or the wish to end one. */
static void serve_call(struct lkl_guest *g, unsigned int i)
{
	struct lkl_guest_call *call = &g->area->calls[i];
	struct guest_thread *gt = find_thread(g, i);
	unsigned int state = __atomic_load_n(&call->state, __ATOMIC_SEQ_CST);
	unsigned int seq = READ_ONCE(call->seq);

	if (!gt) {
		answer(g, call, -ENOMEM, 0);
		return;
	}
	if (gt->t.state == LKL_THREAD_DONE && state & LKL_THREAD_POSTED &&
	    gt->seq != seq)
		begin_call(gt, seq);
	if (READ_ONCE(call->intr) == gt->seq)
		end_call(gt);
}

/* The guest has ended: so do its tasks. Its process id may be another's soon. */
static void kill_guest(struct lkl_guest *g)
{
	struct task_struct *task;
	struct lkl_thread *t;

	if (!g->crew.leader)
		return;		/* it has not run yet, and will see it */
	send_sig(SIGKILL, g->crew.leader, 1);
	wake_up_process(g->crew.leader);
	for_each_thread(g->crew.leader, task) {
		t = task->thread.host;
		if (t && t->parked)
			wake_up_process(task);
		task->thread.far = NO_PROCESS;
		if (task == current)
			lkl_far = NO_PROCESS;
	}
}

/* The line has news. Return: true if the guest can call */
static bool look_at_line(struct lkl_guest *g)
{
	int pid;

	/* It may have begun and ended meanwhile; the end is not reported again. */
	while (g->area && !g->ended &&
	       (pid = lkl_host->guest_life(g->line_fd))) {
		if (pid < 0) {
			g->ended = true;
			kill_guest(g);
		} else if (!g->pid) {
			g->pid = pid;
		}
	}
	return g->pid && !g->ended;
}

static void line_handler(struct lkl_source *src, unsigned int events)
{
	look_at_line(container_of(src, struct lkl_guest, line));
}

/* How soon do calls come? See helper_spin(). */
static void note_ring(void)
{
	static unsigned long long last;
	unsigned long long now = lkl_host->time();

	lkl_vcpu.guest_gap = (7 * lkl_vcpu.guest_gap +
			      min(now - last, NSEC_PER_MSEC)) / 8;
	lkl_vcpu.rung = true;
	last = now;
}

static void bell_handler(struct lkl_source *src, unsigned int events)
{
	struct lkl_guest *g = container_of(src, struct lkl_guest, bell);
	unsigned int top;

	if (!g->area || g->ended || (!g->pid && !look_at_line(g)))
		return;
	note_ring();
	top = min(READ_ONCE(g->area->top), LKL_GUEST_THREADS);
	for (unsigned int i = 0; i < top; i++)
		if (READ_ONCE(g->area->calls[i].news) &&
		    __atomic_exchange_n(&g->area->calls[i].news, 0,
					__ATOMIC_SEQ_CST))
			serve_call(g, i);
}

/* Give back what a guest holds on the host. */
static void close_guest(struct lkl_guest *g)
{
	struct guest_thread *gt;
	unsigned long i;

	lkl_rings_return(g);
	if (g->bell_fd >= 0) {
		lkl_host->unwatch(g->bell_fd, &g->bell);
		lkl_host->guest_drop(g->bell_fd);
	}
	if (g->line_fd >= 0) {
		lkl_host->unwatch(g->line_fd, &g->line);
		lkl_host->guest_drop(g->line_fd);
	}
	if (g->area)
		lkl_host->guest_unmap(g->area, sizeof(*g->area));
	g->area = NULL;
	xa_for_each(&g->threads, i, gt)
		kfree(gt);
	xa_destroy(&g->threads);
	wake_up_all(&guest_gone);
}

/**
 * exit_thread() - A task ends
 * @task:	the task, the current one
 */
void exit_thread(struct task_struct *task)
{
	struct lkl_guest *g = task->thread.guest;

	if (!g)
		return;
	if (task->thread.host)
		task->thread.host->task = NULL;
	task->thread.host = NULL;
	if (!--g->tasks)
		close_guest(g);
}

/* The end of the kernel is not for a guest to ask for. */
static void drop_boot(void)
{
	struct cred *cred = prepare_creds();

	if (!cred)
		return;
	cap_lower(cred->cap_effective, CAP_SYS_BOOT);
	cap_lower(cred->cap_permitted, CAP_SYS_BOOT);
	cap_lower(cred->cap_bset, CAP_SYS_BOOT);
	commit_creds(cred);
}

static int guest_main(void *arg)
{
	struct lkl_guest *g = arg;

	current->thread.guest = g;
	/* As pid 1, who cannot be killed: its signals are the host's. */
	ignore_signals(current);
	kernel_sigaction(SIGKILL, SIG_DFL);
	drop_boot();
	lkl_hostfds_drop();
	g->crew.leader = current;
	if (g->ended)
		kill_guest(g);
	lkl_leader_loop(&g->crew);
}

/* A record that is not in use, NULL: there is no memory */
static struct lkl_guest *new_guest(void)
{
	struct lkl_guest *g = guests;

	while (g && (g->area || g->tasks))
		g = g->next;
	if (!g) {
		g = kzalloc(sizeof(*g), GFP_KERNEL);
		if (!g)
			return NULL;
		g->bell.handler = bell_handler;
		g->line.handler = line_handler;
		xa_init(&g->threads);
		g->next = guests;
		guests = g;
	}
	g->tasks = 1;		/* its leader, or we */
	g->pid = 0;
	g->ended = false;
	g->crew = (struct lkl_crew){ .last = &g->crew.first };
	return g;
}

static int open_guest(struct lkl_guest *g, int area, int bell, int line)
{
	int far = current->thread.far;
	int fd = lkl_host->guest_fd(far, area);

	if (fd >= 0) {
		g->area = lkl_host->guest_map(fd, sizeof(*g->area));
		lkl_host->guest_drop(fd);
	}
	g->bell_fd = lkl_host->guest_fd(far, bell);
	g->line_fd = lkl_host->guest_fd(far, line);
	if (!g->area || g->bell_fd < 0 || g->line_fd < 0)
		return -ENOMEM;
	return lkl_host->watch(g->bell_fd, LKL_EVENT_IN, &g->bell) ?:
	       lkl_host->watch(g->line_fd, LKL_EVENT_IN, &g->line);
}

/**
 * lkl_guest_create() - The calling process is about to fork
 * @area:	its descriptor of the memory to share with the child,
 * @bell:	of the bell, and
 * @line:	of our end of the line
 *
 * Return: 0 or a negative errno
 */
long lkl_guest_create(int area, int bell, int line)
{
	struct kernel_clone_args args = {
		.flags		= CLONE_VM | CLONE_UNTRACED,
		.exit_signal	= SIGCHLD,
		.fn		= guest_main,
	};
	struct lkl_guest *g = new_guest();
	int err;

	if (!g)
		return -ENOMEM;
	args.fn_arg = g;
	err = open_guest(g, area, bell, line);
	if (!err)
		err = min(kernel_clone(&args), 0);
	if (err) {
		g->tasks = 0;
		close_guest(g);
	}
	return err;
}

/**
 * lkl_guest_exec() - The process of the guest executes another program
 *
 * Return: 0 or -EINVAL: the current task is not a guest's
 */
long lkl_guest_exec(void)
{
	struct lkl_guest *g = current->thread.guest;
	struct guest_thread *gt;
	unsigned long i;

	if (!g)
		return -EINVAL;
	lkl_rings_return(g);
	do_close_on_exec(current->files);
	xa_for_each(&g->threads, i, gt)
		if (&gt->t != current->thread.host)
			end_call(gt);
	return 0;
}

/* Is this process a guest, has it not been given up yet? @pid 0: is any? */
static bool is_guest(int pid)
{
	struct lkl_guest *g = guests;

	while (g && (!g->area || (pid && g->pid != pid)))
		g = g->next;
	return g;
}

/**
 * lkl_guests() - Are there guests?
 * @pid:	0: just tell; -1: wait until there is none; else wait until that
 *		process, which has ended, is none, but not longer than GONE_MAX
 *
 * Return: 1 if so, else 0; -ERESTARTSYS
 */
long lkl_guests(int pid)
{
	long left;

	if (!pid)
		return is_guest(0);
	if (pid < 0)
		return wait_event_interruptible(guest_gone, !is_guest(0));
	left = wait_event_interruptible_timeout(guest_gone, !is_guest(pid),
						GONE_MAX);
	return left < 0 ? left : !left;
}

static bool has_news(const struct lkl_guest_area *area)
{
	unsigned int top = min(READ_ONCE(area->top), LKL_GUEST_THREADS);

	for (unsigned int i = 0; i < top; i++)
		if (READ_ONCE(area->calls[i].news))
			return true;
	return false;
}

/* Tell all guests if they have to ring, and serve those that have not. */
static bool look(unsigned int awake)
{
	bool news = false;

	for (struct lkl_guest *g = guests; g; g = g->next) {
		if (!g->area)
			continue;
		if (READ_ONCE(g->area->awake) != awake)
			__atomic_exchange_n(&g->area->awake, awake,
					    __ATOMIC_SEQ_CST);
		if (!g->ended && has_news(g->area)) {
			lkl_image_post(&g->bell, LKL_EVENT_IN);
			news = true;
		}
	}
	return news;
}

/**
 * lkl_guests_look() - Have guests called? From now on they need not ring
 *
 * With the virtual CPU held, but not by a task.
 *
 * Return: true if one has; its call has been posted
 */
bool lkl_guests_look(void)
{
	return look(1);
}

static void sleep_handler(struct lkl_source *src, unsigned int events)
{
	look(0);
}

static struct lkl_source sleep_source = { .handler = sleep_handler };

/**
 * lkl_guests_sleep() - Nobody looks any more: guests have to ring
 *
 * From any thread; takes effect when the kernel runs next.
 */
void lkl_guests_sleep(void)
{
	lkl_image_post(&sleep_source, LKL_EVENT_IN);
}

/** lkl_guests_alone() - Who looked does not exist any more: guests have to ring */
void lkl_guests_alone(void)
{
	sleep_source.queued = 0;
	lkl_guests_sleep();
}

void lkl_image_areas(void (*fn)(void *area, unsigned long size))
{
	for (struct lkl_guest *g = guests; g; g = g->next)
		if (g->area)
			fn(g->area, sizeof(*g->area));
}

/** lkl_guests_halt() - The kernel has halted: all calls end */
void lkl_guests_halt(void)
{
	struct guest_thread *gt;
	unsigned long i;

	for (struct lkl_guest *g = guests; g; g = g->next) {
		if (!g->area)
			continue;
		WRITE_ONCE(g->area->gone, 1);
		xa_for_each(&g->threads, i, gt)
			answer(g, gt->call, -ENODEV, 0);
	}
}
