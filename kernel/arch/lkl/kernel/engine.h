/* SPDX-License-Identifier: GPL-2.0 */
/* engine.h - What the parts of arch/lkl/kernel share about the virtual CPU */
#ifndef LKL_ENGINE_H
#define LKL_ENGINE_H

#include <linux/linkage.h>
#include <linux/types.h>
#include <asm/host.h>

struct task_struct;

/* Values of struct lkl_vcpu.halted; nobody runs the kernel unless it is 0. */
#define LKL_BEFORE_BOOT	1
#define LKL_HALTING	2	/* records of threads are still looked at */
#define LKL_HALTED	3

/**
 * struct lkl_crew - The threads of a process that calls, and who makes their tasks
 * @leader:	first task of the process; it has no host thread
 * @first:	threads that wait for a task, oldest first
 * @last:	where the next one is noted
 */
struct lkl_crew {
	struct task_struct *leader;
	struct lkl_thread *first;
	struct lkl_thread **last;
};

/**
 * struct lkl_vcpu - The one virtual CPU
 * @lock:	1 while a host thread carries it
 * @started:	1 from the beginning of the boot
 * @halted:	0, or why the kernel does not run
 * @carrier:	the thread that holds @lock
 * @carried:	how often it has been taken to run the kernel
 * @since:	when it was first seen that the carrier works for others only
 * @handed_over: the carrier is to leave, not to look for more
 * @heir:	the thread that is to carry next, if any in particular
 * @sp:		where the suspended kernel goes on
 * @host_sp:	where the carrier's own stack goes on
 * @requests:	lock-free list of threads with news (a call, an interruption)
 * @sources:	lock-free list of host sources that became ready
 * @timer:	the host timer expired
 * @irqs:	raised device interrupts, written with the vCPU held
 * @poller:	the application thread that sleeps in wait(), if any
 * @helper_parked: the futex word of the helper thread
 * @helper_ate:	the helper's own: it may have got a kick meant for the poller
 * @guest_gap:	moving average of the time between calls of guests, in ns
 * @rung:	a guest has called since the helper has asked
 * @stream:	what arrived last belongs to a stream of large frames
 * @look_luck:	how often a look before sleeping was worth it of late
 * @look_waits:	counts when it was not
 * @wait_avg:	moving average of how long a blocked call waits, in ns
 */
struct lkl_vcpu {
	unsigned int lock;
	unsigned int started;
	unsigned int halted;
	struct lkl_thread *carrier;
	unsigned long carried;
	unsigned long long since;
	bool handed_over;
	struct lkl_thread *heir;
	unsigned long sp;
	unsigned long host_sp;
	struct lkl_thread *requests;
	struct lkl_source *sources;
	unsigned int timer;
	unsigned long irqs;
	struct lkl_thread *poller;
	unsigned int helper_parked;
	bool helper_ate;
	unsigned long long guest_gap;
	bool rung;
	bool stream;
	int look_luck;
	unsigned int look_waits;
	unsigned long long wait_avg;
};

extern struct lkl_vcpu lkl_vcpu;

void lkl_switch_stack(unsigned long *save, unsigned long sp);
unsigned long lkl_prepare_stack(void *stack, unsigned long size,
				void (*entry)(void));
void lkl_vcpu_yield(void);
bool arch_stays_awake(void);
void lkl_complete(struct lkl_thread *t, long ret);
void lkl_run_sources(void);
void lkl_helper_unpark(void);
void lkl_hand_over(void);
void lkl_copy_resched(void);

void lkl_leader_loop(struct lkl_crew *crew) __noreturn;
void lkl_lead_init(void) __noreturn;
void lkl_attach_request(struct lkl_thread *t);
void lkl_wake_request(struct lkl_thread *t);
void lkl_user_loop(struct lkl_thread *t) __noreturn;

void lkl_timer_irq(void);
long lkl_virtio_add(unsigned long base, unsigned long size, int irq);
long lkl_virtio_remove(int id);
long lkl_virtio_ifindex(int id);
long lkl_hostfd_create(int fd);
void lkl_hostfds_drop(void);
void lkl_rings_return(struct lkl_guest *g);
long lkl_guest_create(int area, int bell, int line);
void lkl_guest_enter(struct lkl_thread *t);
void lkl_guest_complete(struct lkl_thread *t, long ret);
struct lkl_crew *lkl_guest_crew(struct lkl_thread *t);
long lkl_guest_exec(void);
long lkl_guests(int pid);
bool lkl_guests_look(void);
void lkl_guests_sleep(void);
void lkl_guests_alone(void);
void lkl_guests_halt(void);
long lkl_right_leave(int fd, int line);
long lkl_right_take(long number, int flags);
long lkl_rights_drop(void);
asmlinkage long sys_mmap(unsigned long addr, unsigned long len,
			 unsigned long prot, unsigned long flags,
			 unsigned long fd, unsigned long off);
asmlinkage long sys_lkl_munmap(unsigned long addr, size_t len);
void lkl_halt_threads(void);

#ifdef CONFIG_PROVE_LOCKING
void lkl_check_complaints(void);
#else
static inline void lkl_check_complaints(void)
{
}
#endif

extern char lkl_cmdline[];
bool lkl_reserve_memory(void);
void lkl_console_init(void);

#endif
