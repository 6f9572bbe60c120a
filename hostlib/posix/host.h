/* SPDX-License-Identifier: GPL-2.0 */
/*
 * host.h - What the parts of the POSIX host share
 */
#ifndef HOSTLIB_HOST_H
#define HOSTLIB_HOST_H

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include <lkl_host.h>
#include "raw.h"

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)

#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))

/* A variable that stays as it is when a child of fork starts anew: pristine.c */
#define HOST_KEPT __attribute__((section("lkl_kept"), aligned(8)))

/* Real-time signals of a thread that can be early, see signal.c. */
#define HOST_EARLY	3

/* Signals that can wait for the end of a call: any one, SIGSEGV, SIGBUS. */
#define HOST_WAITING	3

/**
 * struct host_siginfo - As much of a siginfo_t as Linux uses
 * @signo:	0: none
 * @rest:	what follows
 */
struct host_siginfo {
	int signo;
	char rest[44];
};

/**
 * struct host_thread - A thread of the program that calls the kernel
 * @lkl:	the engine's record
 * @deferred:	not 0: a signal came while the thread was inside the kernel
 * @waiting:	such signals
 * @early:	beginnings of real-time signals that have yet to be delivered
 * @mask:	signal mask to go back to before it is delivered
 * @restarts:	all handlers that have run since it came allow a restart
 * @id:		the thread
 * @shielded:	lkl_host_thread_interrupt() has no effect
 * @ended:	it has had one: a call that it ended is not restarted
 * @slot:	in a guest: one more than the index of its calls, 0: none yet
 * @signalfds:	in a guest: those that the kernel knows to be ready, see signalfd.c
 * @next:	the list of all records
 * @prev:	and where it points to this one
 */
struct host_thread {
	struct lkl_thread lkl;
	volatile sig_atomic_t deferred;
	struct host_siginfo waiting[HOST_WAITING];
	struct host_siginfo early[HOST_EARLY];
	unsigned long mask;
	bool restarts;
	pthread_t id;
	bool shielded;
	bool ended;
	unsigned int slot;
	unsigned int signalfds;
	struct host_thread *next;
	struct host_thread **prev;
};

extern __thread struct host_thread *host_self
	__attribute__((tls_model("initial-exec")));

/* The size of the kernel's signal set; glibc's sigset_t is larger. */
#define KERNEL_SIGSET	8

/*
 * What is blocked for longer than a moment: all but the two signals that are
 * libc's own. setuid() and the like wait until every thread has handled one.
 */
#define HOST_SIGNALS	(~(3UL << 31))

/* What accesses of the kernel to memory of the program raise. */
#define HOST_FAULTS	(1UL << (SIGSEGV - 1) | 1UL << (SIGBUS - 1))

/**
 * host_block() - Set the signal mask
 * @signals:	what to block, HOST_SIGNALS or ~0UL
 *
 * Return: the mask before
 */
static inline unsigned long host_block(unsigned long signals)
{
	unsigned long old;

	RAW(SYS_rt_sigprocmask, SIG_SETMASK, &signals, &old, KERNEL_SIGSET);
	return old;
}

/**
 * host_unblock() - Undo host_block()
 * @old:	what it has returned
 */
static inline void host_unblock(unsigned long old)
{
	RAW(SYS_rt_sigprocmask, SIG_SETMASK, &old, NULL, KERNEL_SIGSET);
}

/**
 * struct host_mover - Something that runs beside the kernel, in a thread
 * @hold:	let it stand still
 * @release:	let it go on
 * @restart:	in a copy of the process, where the thread is not: start it
 * @early:	it may need the kernel to come to that; else the kernel may need it
 * @next:	the list of all of them
 */
struct host_mover {
	void (*hold)(struct host_mover *m);
	void (*release)(struct host_mover *m);
	void (*restart)(struct host_mover *m);
	bool early;
	struct host_mover *next;
};

extern __thread bool host_moves;
void host_mover_add(struct host_mover *m);
void host_mover_del(struct host_mover *m);
void host_move_hold(void);
void host_move_forked(bool child);

void *host_mem_reserve(unsigned long size, unsigned long align);
void host_mem_release(void *mem, unsigned long size);
void *host_mem_alias(void *const *pages, unsigned int count);
void host_mem_unalias(void *alias, unsigned int count);
int host_mem_lend(int pid, int fd, void *const *pages, unsigned int count);
void host_mem_return(void *const *pages, unsigned int count);
bool host_mem_is_fixed(void);
void host_mem_inherit(bool inherit);

int host_signals_init(void);
void host_actions_hold(void);
void host_actions_release(void);
bool host_deliver(struct host_thread *self);

int host_wait_init(void);
void host_wait_alone(void);
int host_wait(long long timeout);
void host_look(void);
void host_wait_begins(void);
void host_kick(void);
int host_watch(int fd, unsigned int events, struct lkl_source *src);
int host_watch_level(int fd, unsigned int events, struct lkl_source *src);
void host_unwatch(int fd, struct lkl_source *src);
unsigned int host_fd_poll(int fd, unsigned int events);
void host_timer_set(unsigned long long deadline);
unsigned long long host_time(void);

int host_thread_start(void (*fn)(void));
void host_thread_uncount(int by);
void host_threads_forked(void);
void host_threads_hold(void);
void host_threads_release(void);
void host_threads_alone(void);
void host_threads_bury(void);
void host_thread_interrupt(struct host_thread *t);

extern bool host_forked;
int host_fork_init(void);

int host_guest_fd(int pid, int fd);
void *host_guest_map(int fd, unsigned long size);
void host_guest_unmap(void *mem, unsigned long size);
int host_guest_life(int fd);
unsigned long host_guest_copy(int pid, void *here, unsigned long there,
			      unsigned long n, int put);
void host_guest_wake(unsigned int *word);
void host_guest_tell(int fd);

extern bool host_is_guest;
extern int host_keeper;
int host_guest_reserve(unsigned long mask);
void host_guest_begin(void);
unsigned long host_guest_cancel(void);
void host_guest_before_fork(void);
void host_guest_in_parent(void);
void host_guest_in_child(void);
long host_guest_call(struct host_thread *self, long no, const long *params);
void host_guest_interrupt(struct host_thread *self);
void host_guest_detach(struct host_thread *self);
void host_guest_stir(void);

extern int host_signalfds;
bool host_is_signalfd(int fd);
void host_signalfds_ask(struct host_thread *self);
int host_signalfds_sleep(struct host_thread *self, int line,
			 const struct timespec *look);
void host_signalfds_forked(void);

void host_lent_forked(void);

void host_pin_self(void);
unsigned int host_cpus(void);

#endif /* HOSTLIB_HOST_H */
