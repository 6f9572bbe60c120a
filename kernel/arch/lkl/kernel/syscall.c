// SPDX-License-Identifier: GPL-2.0
/*
 * syscall.c - The life of an application thread inside the kernel
 *
 * Every host thread that calls has a task, a thread of pid 1. Its coroutine
 * runs lkl_user_loop(): wait for a call, execute it, do what is due before
 * "user mode", publish the result. Pid 1 itself, the leader of the group, has
 * no host thread; it makes the tasks of new ones. So it is with the threads of
 * guests (guest.c) and the first task of each.
 */
#include <linux/capability.h>
#include <linux/errno.h>
#include <linux/interrupt.h>
#include <linux/nospec.h>
#include <linux/rcupdate.h>
#include <linux/reboot.h>
#include <linux/resume_user_mode.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/stat.h>
#include <linux/sched/task.h>
#include <linux/signal.h>
#include <linux/syscalls.h>
#include <asm/unistd.h>
#include "engine.h"

/* How many calls RCU waits at most for a moment without readers. */
#define CALLS_PER_GRACE	64

typedef long (*syscall_fn)(long, long, long, long, long, long);

/* Calls of the host's table that make no sense for a function call. */
#define sys_arch_prctl		sys_ni_syscall
#define sys_ioperm		sys_ni_syscall
#define sys_iopl		sys_ni_syscall
#define sys_map_shadow_stack	sys_ni_syscall
#define sys_modify_ldt		sys_ni_syscall
#define sys_rt_sigreturn	sys_ni_syscall
#define sys_uretprobe		sys_ni_syscall
#define sys_exit		sys_ni_syscall
#define sys_exit_group		sys_ni_syscall

#define sys_munmap		sys_lkl_munmap

#define __SYSCALL(nr, sym) [nr] = (syscall_fn)(void *)sym,
#define __SYSCALL_NORETURN(nr, sym) __SYSCALL(nr, sym)
static const syscall_fn syscall_table[] = {
#include <asm/syscall_table_64.h>
};

/* Devices are memory of the process that the kernel is in, and so is its end. */
static bool is_keepers(long no)
{
	return no == LKL_NR_virtio_add || no == LKL_NR_virtio_remove ||
	       no == LKL_NR_rights_drop || no == LKL_NR_halt;
}

static long private_syscall(struct lkl_thread *t)
{
	const long *p = t->params;

	if (current->thread.guest && is_keepers(t->no))
		return -EPERM;
	switch (t->no) {
	case LKL_NR_virtio_add:
		return lkl_virtio_add(p[0], p[1], p[2]);
	case LKL_NR_virtio_remove:
		return lkl_virtio_remove(p[0]);
	case LKL_NR_virtio_ifindex:
		return lkl_virtio_ifindex(p[0]);
	case LKL_NR_hostfd:
		return lkl_hostfd_create(p[0]);
	case LKL_NR_guest:
		return lkl_guest_create(p[0], p[1], p[2]);
	case LKL_NR_exec:
		return lkl_guest_exec();
	case LKL_NR_guests:
		return lkl_guests(p[0]);
	case LKL_NR_right_leave:
		return lkl_right_leave(p[0], p[1]);
	case LKL_NR_right_take:
		return lkl_right_take(p[0], p[1]);
	case LKL_NR_rights_drop:
		return lkl_rights_drop();
	case LKL_NR_halt:
		return (kernel_halt(), 0);
	default:
		return -ENOSYS;
	}
}

static long do_syscall(struct lkl_thread *t)
{
	const long *p = t->params;
	unsigned long no = t->no;

	if (likely(no < ARRAY_SIZE(syscall_table) && syscall_table[no]))
		return syscall_table[no](p[0], p[1], p[2], p[3], p[4], p[5]);
	return private_syscall(t);
}

/* Signals inside the kernel have no handlers: they only end blocking calls. */
static void take_signal(void)
{
	struct ksignal ksig;

	get_signal(&ksig);
	restore_saved_sigmask();
}

/*
 * Between calls nobody reads what RCU protects. Other kernels hear of it at the
 * next tick; here that may be late, for the helper can have to wait long for a
 * CPU: meanwhile a busy thread would leave megabytes behind.
 */
static void tell_rcu(void)
{
	static unsigned int calls;

	if (likely(++calls % CALLS_PER_GRACE))
		return;
	local_bh_disable();
	rcu_qs();
	local_bh_enable();
}

static long finish_syscall(struct lkl_thread *t, long ret)
{
	unsigned long flags;

	while ((flags = read_thread_flags()) & _TIF_WORK_MASK) {
		if (flags & _TIF_NEED_RESCHED)
			schedule();
		if (flags & (_TIF_SIGPENDING | _TIF_NOTIFY_SIGNAL))
			take_signal();
		if (flags & _TIF_NOTIFY_RESUME)
			resume_user_mode_work(lkl_pt_regs);
	}
	tell_rcu();
	lkl_check_complaints();
	switch (ret) {
	case -ERESTARTNOINTR:
		t->restart = LKL_RESTART_ALWAYS;
		return -EINTR;
	case -ERESTARTSYS:
		t->restart = LKL_RESTART_ALLOWED;
		fallthrough;
	case -ERESTARTNOHAND:
	case -ERESTART_RESTARTBLOCK:
		return -EINTR;
	}
	return ret;
}

/* Has a signal handler asked, and not been heard yet? */
static bool take_intr(struct lkl_thread *t)
{
	unsigned int is_new = LKL_INTR_NEW;

	return __atomic_compare_exchange_n(&t->intr, &is_new, LKL_INTR_SEEN,
					   false, __ATOMIC_SEQ_CST,
					   __ATOMIC_SEQ_CST);
}

/* The call that was to be interrupted is over; a new wish is for the next. */
static void intr_is_over(struct lkl_thread *t)
{
	unsigned int seen = LKL_INTR_SEEN;

	__atomic_compare_exchange_n(&t->intr, &seen, 0, false, __ATOMIC_SEQ_CST,
				    __ATOMIC_SEQ_CST);
}

/**
 * lkl_user_loop() - "User mode" of an application thread's task
 * @t:	the thread's record
 */
void lkl_user_loop(struct lkl_thread *t)
{
	long ret;

	for (;;) {
		while (READ_ONCE(t->state) == LKL_THREAD_DONE ||
		       READ_ONCE(lkl_irq_pending)) {
			if (READ_ONCE(lkl_irq_pending)) {
				lkl_run_irqs();
			} else if (lkl_vcpu.carrier == t &&
				   single_task_running()) {
				lkl_vcpu_yield();
			} else {
				t->parked = 1;
				set_current_state(TASK_IDLE);
				if (READ_ONCE(t->state) == LKL_THREAD_DONE &&
				    !fatal_signal_pending(current))
					schedule();
				__set_current_state(TASK_RUNNING);
				t->parked = 0;
				if (fatal_signal_pending(current))
					do_exit(SIGKILL);
			}
		}
		if (unlikely(lkl_vcpu.carrier != t))
			lkl_hand_over();
		if (unlikely(t->no == LKL_NR_detach)) {
			current->thread.host = NULL;
			current->thread.arg = NULL;
			t->task = NULL;
			lkl_complete(t, 0);
			do_exit(0);
		}
		if (unlikely(READ_ONCE(t->intr))) {
			if (take_intr(t))
				set_notify_signal(current);
		} else if (unlikely(test_thread_flag(TIF_NOTIFY_SIGNAL))) {
			take_signal();	/* was for the call before */
		}
		ret = finish_syscall(t, do_syscall(t));
		clear_thread_flag(TIF_MEMDIE);		/* see oom.c */
		if (unlikely(READ_ONCE(t->intr)))
			intr_is_over(t);
		lkl_complete(t, ret);
	}
}

/**
 * lkl_wake_request() - A thread has news: a call, or a host signal
 * @t:	its record; interrupt context
 */
void lkl_wake_request(struct lkl_thread *t)
{
	struct task_struct *task = t->task;

	if (t->parked)
		wake_up_process(task);
	if (take_intr(t))
		set_notify_signal(task);
}

/* The threads of the process that we are in. */
static struct lkl_crew own_crew = { .last = &own_crew.first };

/**
 * lkl_attach_request() - A new host thread called
 * @t:	its record; interrupt context
 */
void lkl_attach_request(struct lkl_thread *t)
{
	struct lkl_crew *crew = t->guest ? lkl_guest_crew(t) : &own_crew;

	if (t->attaching)
		return;
	t->attaching = 1;
	t->attach_next = NULL;
	*crew->last = t;
	crew->last = &t->attach_next;
	if (crew->leader)
		wake_up_process(crew->leader);
}

static int app_main(void *arg)
{
	struct lkl_thread *t = arg;

	current->thread.host = t;
	t->parked = 0;
	t->task = current;
	t->attaching = 0;
	if (t->guest)
		lkl_guest_enter(t);
	lkl_user_loop(t);
}

static void attach(struct lkl_thread *t)
{
	struct kernel_clone_args args = {
		.flags	= CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |
			  CLONE_THREAD | CLONE_SYSVSEM | CLONE_UNTRACED,
		.fn	= app_main,
		.fn_arg	= t,
	};
	pid_t pid = kernel_clone(&args);

	if (pid < 0) {
		t->attaching = 0;
		/* -EAGAIN would be taken for "no data yet". */
		lkl_complete(t, -ENOMEM);
	}
}

/**
 * lkl_leader_loop() - First task of a process: make one for every new thread
 * @crew:	the process
 */
void lkl_leader_loop(struct lkl_crew *crew)
{
	struct lkl_thread *t;

	crew->leader = current;
	for (;;) {
		set_current_state(TASK_IDLE);
		local_irq_disable();
		t = crew->first;
		if (t) {
			crew->first = t->attach_next;
			if (!crew->first)
				crew->last = &crew->first;
		}
		local_irq_enable();
		if (fatal_signal_pending(current)) {
			__set_current_state(TASK_RUNNING);
			do_exit(SIGKILL);
		} else if (t) {
			__set_current_state(TASK_RUNNING);
			attach(t);
			finish_syscall(t, 0);
		} else {
			schedule();
		}
	}
}

/**
 * lkl_lead_init() - Pid 1; nobody waits for the children it gets
 */
void lkl_lead_init(void)
{
	kernel_sigaction(SIGCHLD, SIG_IGN);
	lkl_leader_loop(&own_crew);
}

/* The thread that asked for the halt gets 0; another one may be carrying it. */
static void end_call(struct lkl_thread *t)
{
	if (t && READ_ONCE(t->state) != LKL_THREAD_DONE)
		lkl_complete(t, t == current->thread.host ? 0 : -ENODEV);
}

/**
 * lkl_halt_threads() - The kernel is halted: every call ends
 *
 * Be it executed, of a thread whose task has yet to run or to be made, or posted
 * a moment ago. No record goes meanwhile, see lkl_image_detach().
 */
void lkl_halt_threads(void)
{
	struct task_struct *task;
	struct lkl_thread *t;

	for_each_thread(own_crew.leader, task)
		if (task->thread.fn == app_main)
			end_call(task->thread.arg);
	for (t = own_crew.first; t; t = t->attach_next)
		end_call(t);
	t = __atomic_exchange_n(&lkl_vcpu.requests, NULL, __ATOMIC_SEQ_CST);
	for (; t; t = t->next)
		end_call(t);
	lkl_guests_halt();
}
