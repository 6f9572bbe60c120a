// SPDX-License-Identifier: GPL-2.0
/*
 * guest.c - A process whose kernel is its parent's
 *
 * Theory of operation
 * -------------------
 * Before a fork the parent tells its kernel that it will have one process more
 * (LKL_NR_guest), and gives it one end of what connects the two:
 *
 *   area   memory for the calls, one record for each thread (lkl_host.h)
 *   bell   an eventfd: there is something new in the area
 *   line   a socket pair; its breaking tells each side that the other has ended
 *
 * The child keeps the other end, and says who it is on the line. From then on
 * its calls are written into the area, and the thread sleeps until it has the
 * answer. Pointers are the child's own: the kernel's process fetches what they
 * point to (keeper.c).
 *
 * A parent that is a guest itself does the same: its calls go to the same kernel.
 *
 * What connects them is closed when the child executes another program, unless
 * it is passed on (lkl_guest_pass()): then that program is the guest.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <stdio.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>

#include <lkl.h>
#include <lkl_posix.h>
#include "fds.h"
#include "host.h"
#include "raw.h"

/* How often a thread that sleeps looks if its kernel still exists. */
#define LOOK_S		1

/* How long to look for an answer before going to sleep. */
#define SPIN_NS		20000

/* How many threads can be told on the line: it has room for as many bytes. */
#define TELL_MAX	64

/**
 * struct channel - What connects a guest with its kernel
 * @area:	memory of both, NULL: there is no channel
 * @file:	descriptor of the memory,
 * @bell:	of what to ring,
 * @line:	and of our end of the line
 */
struct channel {
	struct lkl_guest_area *area;
	int file;
	int bell;
	int line;
};

/* That of this process, and that of a child that is being made. */
static struct channel own, child;

static pthread_mutex_t child_lock = PTHREAD_MUTEX_INITIALIZER;

/* This thread forks: what the child will be is not what we are. */
static __thread bool forking __attribute__((tls_model("initial-exec")));

static bool sharing;
static bool keeper_changed_user;	/* it was root */
bool host_is_guest;

/* The process with the kernel, if it is no ancestor of ours: move.c; else 0. */
int host_keeper;

/* Of the program that executes, while the kernel has left it. */
static unsigned long mask_to_pass;

/* Records of the area that are in use. */
static unsigned long used[LKL_GUEST_THREADS / 64];

static void close_channel(struct channel *c)
{
	host_fd_drop(c->file);
	host_fd_drop(c->bell);
	host_fd_drop(c->line);
	if (c->area)
		RAW(SYS_munmap, c->area, sizeof(*c->area));
	c->area = NULL;
}

/**
 * open_channel() - Make a channel, and a process of the kernel at its end
 * @c:	receives it
 *
 * Return: 0 or a negative errno
 */
static long open_channel(struct channel *c)
{
	int line[2] = { -1, -1 }, on = 1;
	long err;

	c->file = host_fd_keep(RAW(SYS_memfd_create, "lkl-guest", MFD_CLOEXEC));
	c->bell = host_fd_keep(RAW(SYS_eventfd2, 0, EFD_NONBLOCK | EFD_CLOEXEC));
	c->area = NULL;
	err = RAW(SYS_socketpair, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line);
	c->line = host_fd_keep(line[1]);
	if (!err)
		err = RAW(SYS_setsockopt, line[0], SOL_SOCKET, SO_PASSCRED, &on,
			  sizeof(on));
	if (!err)
		err = RAW(SYS_ftruncate, c->file, sizeof(*c->area));
	if (!err)
		c->area = host_guest_map(c->file, sizeof(*c->area));
	if (!c->area || c->bell < 0 || c->line < 0)
		err = -ENOMEM;
	if (!err)
		err = RAW(SYS_madvise, c->area, sizeof(*c->area), MADV_DOFORK);
	if (!err)
		err = lkl_syscall(LKL_NR_guest,
				  (long[6]){ c->file, c->bell, line[0] });
	if (line[0] >= 0)
		RAW(SYS_close, line[0]);
	if (err)
		close_channel(c);
	return err;
}

static void register_channel(const struct channel *c)
{
	host_fd_register(c->file);
	host_fd_register(c->bell);
	host_fd_register(c->line);
}

void lkl_fork_share(void)
{
	sharing = true;
}

int lkl_fork_is_shared(void)
{
	return forking ? child.area != NULL : host_is_guest;
}

int lkl_is_guest(void)
{
	return host_is_guest;
}

int lkl_guest_is_lost(void)
{
	return host_is_guest &&
	       __atomic_load_n(&own.area->gone, __ATOMIC_RELAXED);
}

/*
 * A process that has changed its user "is not dumpable", nor are its children:
 * only root may read their memory. The kernel's process cannot any more, if
 * it is what has changed its user, as servers do before they become daemons;
 * then their children allow it, and so every process of that user. And Yama, where
 * it is, lets nobody but ancestors.
 */
static void let_keeper_read(void)
{
	if (keeper_changed_user)
		RAW(SYS_prctl, PR_SET_DUMPABLE, 1, 0, 0, 0);
	if (host_keeper)
		RAW(SYS_prctl, PR_SET_PTRACER, host_keeper, 0, 0, 0);
}

/** host_guest_before_fork() - Prepare for a child that is a guest */
void host_guest_before_fork(void)
{
	pthread_mutex_lock(&child_lock);
	forking = true;
	if (!host_is_guest)
		keeper_changed_user = RAW(SYS_geteuid, 0) &&
				      !getauxval(AT_UID);
	if (sharing && lkl_is_running() && !host_moves)
		open_channel(&child);
}

/** host_guest_in_parent() - The channel is the child's */
void host_guest_in_parent(void)
{
	if (child.area)
		close_channel(&child);
	forking = false;
	pthread_mutex_unlock(&child_lock);
}

/** host_guest_in_child() - Close what was the parent's; be a guest, if prepared */
void host_guest_in_child(void)
{
	struct channel parents = own;

	host_is_guest = child.area;
	own = child;
	child.area = NULL;
	forking = false;
	pthread_mutex_init(&child_lock, NULL);
	for (unsigned int i = 0; i < LKL_GUEST_THREADS / 64; i++)
		used[i] = 0;
	if (parents.area)
		RAW(SYS_munmap, parents.area, sizeof(*parents.area));
	if (host_is_guest) {
		host_fd_unregister(own.file);
		host_fd_unregister(own.bell);
		host_fd_unregister(own.line);
	}
	host_fds_forked();
	host_signalfds_forked();
	host_lent_forked();
	if (!host_is_guest)
		return;
	register_channel(&own);
	let_keeper_read();
	RAW(SYS_sendto, own.line, "", 1, MSG_NOSIGNAL);
}

/* Has the process ended that the kernel is in? */
static bool kernel_is_gone(void)
{
	struct pollfd p = { .fd = own.line };
	struct timespec now = { };

	return __atomic_load_n(&own.area->gone, __ATOMIC_RELAXED) ||
	       (RAW(SYS_ppoll, &p, 1, &now, NULL, KERNEL_SIGSET) == 1 &&
		p.revents & (POLLHUP | POLLERR));
}

/* Tell the kernel that there is something new in a record. */
static void ring(struct lkl_guest_call *call)
{
	const unsigned long long one = 1;

	__atomic_store_n(&call->news, 1, __ATOMIC_SEQ_CST);
	if (!__atomic_load_n(&own.area->awake, __ATOMIC_SEQ_CST))
		RAW(SYS_write, own.bell, &one, sizeof(one));
}

/* The keeper is awake: it answers soon, unless the call waits for something. */
static void spin(struct lkl_guest_call *call)
{
	unsigned long long start = host_time();

	while (__atomic_load_n(&own.area->awake, __ATOMIC_RELAXED) &&
	       __atomic_load_n(&call->state, __ATOMIC_ACQUIRE) !=
	       LKL_THREAD_DONE && host_time() - start < SPIN_NS)
		__builtin_ia32_pause();
}

/* The record for the calls of a thread; NULL: all are in use */
static struct lkl_guest_call *find_call(struct host_thread *self)
{
	unsigned int top = __atomic_load_n(&own.area->top, __ATOMIC_SEQ_CST);
	unsigned long bit;
	unsigned int i;

	for (i = 0; !self->slot && i < LKL_GUEST_THREADS; i++) {
		bit = 1UL << i % 64;
		if (!(__atomic_fetch_or(&used[i / 64], bit, __ATOMIC_SEQ_CST) &
		      bit))
			self->slot = i + 1;
	}
	while (self->slot > top &&
	       !__atomic_compare_exchange_n(&own.area->top, &top, self->slot,
					    false, __ATOMIC_SEQ_CST,
					    __ATOMIC_SEQ_CST))
		;
	return self->slot ? &own.area->calls[self->slot - 1] : NULL;
}

/* Sleep on the word of a call. Return: is it time to look around? */
static bool sleep_parked(struct lkl_guest_call *call, unsigned int word)
{
	const struct timespec look = { LOOK_S, 0 };

	return RAW(SYS_futex, &call->state, FUTEX_WAIT, word, &look) ==
	       -ETIMEDOUT;
}

/* Sleep with signalfds around. Return: the same */
static bool sleep_polling(struct host_thread *self)
{
	const struct timespec look = { LOOK_S, 0 };
	int events = host_signalfds_sleep(self, own.line, &look);

	if (events == POLLIN)	/* for us, or another thread that will take it */
		RAW(SYS_sched_yield, 0);
	return !events || (events > 0 && events & (POLLHUP | POLLERR));
}

/**
 * sleep_once() - Sleep until there is an answer, or something else to look at
 * @self:	the calling thread
 * @call:	its call
 * @told:	set to true if a byte comes on the line with the answer
 *
 * Return: false if there is an answer
 */
static bool sleep_once(struct host_thread *self, struct lkl_guest_call *call,
		       bool *told)
{
	unsigned int word = __atomic_load_n(&call->state, __ATOMIC_SEQ_CST);
	bool polls = unlikely(host_signalfds) && self->slot <= TELL_MAX;
	unsigned int how = LKL_THREAD_POSTED |
			   (polls ? LKL_THREAD_POLLING : LKL_THREAD_PARKED);

	if (word == LKL_THREAD_DONE)
		return false;
	if (word != how &&
	    !__atomic_compare_exchange_n(&call->state, &word, how, false,
					 __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
		return true;
	*told = polls;
	if ((polls ? sleep_polling(self) : sleep_parked(call, how)) &&
	    kernel_is_gone()) {
		/* So that no other call waits, nor those of what we execute. */
		__atomic_store_n(&own.area->gone, 1, __ATOMIC_RELAXED);
		/* The program may wait for what a handler does. */
		call->ret = call->intr == call->seq ? -EINTR : -ENODEV;
		call->restart = 0;
		__atomic_store_n(&call->state, LKL_THREAD_DONE,
				 __ATOMIC_SEQ_CST);
		*told = false;
		return false;
	}
	return true;
}

/* Take the byte that comes with an answer: the next one is another thread's. */
static void take_byte(void)
{
	char byte;

	while (RAW(SYS_recvfrom, own.line, &byte, 1, 0, NULL, NULL) == -EINTR)
		;
}

/** host_guest_stir() - Threads that sleep shall look at the signalfds, too */
void host_guest_stir(void)
{
	unsigned int word;

	for (unsigned int i = 0; i < own.area->top; i++) {
		word = LKL_THREAD_POSTED | LKL_THREAD_PARKED;
		if (__atomic_compare_exchange_n(&own.area->calls[i].state, &word,
						LKL_THREAD_POSTED, false,
						__ATOMIC_SEQ_CST,
						__ATOMIC_SEQ_CST))
			RAW(SYS_futex, &own.area->calls[i].state, FUTEX_WAKE,
			    1);
	}
}

/**
 * host_guest_call() - lkl_image_syscall() in a guest
 * @self:	the calling thread
 * @no:		number of the call
 * @params:	six arguments
 *
 * Return: the result, or a negative errno; -ENODEV once the kernel is gone
 */
long host_guest_call(struct host_thread *self, long no, const long *params)
{
	struct lkl_guest_call *call = find_call(self);
	bool told = false;

	self->lkl.restart = 0;
	if (!call)
		return -ENOMEM;
	if (__atomic_load_n(&own.area->gone, __ATOMIC_RELAXED))
		return -ENODEV;
	call->no = no;
	for (int i = 0; i < 6; i++)
		call->params[i] = params[i];
	call->seq++;
	__atomic_store_n(&call->state, LKL_THREAD_POSTED, __ATOMIC_SEQ_CST);
	/* The wish to end it may have come before there was a call. */
	if (__atomic_exchange_n(&self->lkl.intr, 0, __ATOMIC_SEQ_CST) ||
	    self->deferred)
		call->intr = call->seq;
	ring(call);
	spin(call);
	while (sleep_once(self, call, &told))
		;
	if (unlikely(told))
		take_byte();
	__atomic_store_n(&self->lkl.intr, 0, __ATOMIC_RELAXED);
	self->lkl.restart = call->restart;
	return call->ret;
}

/**
 * host_guest_interrupt() - Let the call that a thread is in end with -EINTR
 * @self:	the thread
 *
 * Async-signal-safe.
 */
void host_guest_interrupt(struct host_thread *self)
{
	struct lkl_guest_call *call;

	__atomic_store_n(&self->lkl.intr, LKL_INTR_NEW, __ATOMIC_SEQ_CST);
	if (!self->slot)
		return;
	call = &own.area->calls[self->slot - 1];
	__atomic_store_n(&call->intr, call->seq, __ATOMIC_SEQ_CST);
	ring(call);
}

/**
 * host_guest_detach() - The calling thread ends
 * @self:	its record
 */
void host_guest_detach(struct host_thread *self)
{
	unsigned int i = self->slot - 1;

	if (!self->slot)
		return;
	host_guest_call(self, LKL_NR_detach, (const long[6]){ 0 });
	self->slot = 0;
	__atomic_and_fetch(&used[i / 64], ~(1UL << i % 64), __ATOMIC_SEQ_CST);
}

/**
 * host_guest_reserve() - Make the channel of the guest that this process will be
 * @mask:	the program's mask of signals
 *
 * Return: 0 or a negative errno
 */
int host_guest_reserve(unsigned long mask)
{
	mask_to_pass = mask;
	return open_channel(&own);
}

/** host_guest_begin() - The kernel is where we are its guest: say who we are */
void host_guest_begin(void)
{
	RAW(SYS_sendto, own.line, "", 1, MSG_NOSIGNAL);
}

/**
 * host_guest_cancel() - Undo host_guest_reserve(); also in the kernel's process
 *
 * Return: the mask of signals
 */
unsigned long host_guest_cancel(void)
{
	close_channel(&own);
	return mask_to_pass;
}

static void close_on_exec(const struct channel *c, int flag)
{
	RAW(SYS_fcntl, c->file, F_SETFD, flag);
	RAW(SYS_fcntl, c->bell, F_SETFD, flag);
	RAW(SYS_fcntl, c->line, F_SETFD, flag);
}

int lkl_guest_pass(char *text, size_t size)
{
	unsigned long mask = mask_to_pass;

	if (!own.area)
		return -EINVAL;
	close_on_exec(&own, 0);
	if (host_is_guest)
		RAW(SYS_rt_sigprocmask, SIG_SETMASK, NULL, &mask,
		    KERNEL_SIGSET);
	return snprintf(text, size, "%d:%d:%d:%d:%d:%lx",
			(int)RAW(SYS_getpid, 0), own.file, own.bell, own.line,
			host_keeper, mask);
}

void lkl_guest_keep(void)
{
	if (host_is_guest)
		close_on_exec(&own, FD_CLOEXEC);
}

int lkl_guest_resume(const char *text)
{
	struct channel c = { };
	char byte[TELL_MAX];
	unsigned long mask;
	int pid, err;

	if (sscanf(text, "%d:%d:%d:%d:%d:%lx", &pid, &c.file, &c.bell, &c.line,
		   &host_keeper, &mask) != 6 ||
	    pid != RAW(SYS_getpid, 0) || host_is_guest || lkl_image_running())
		return -EINVAL;
	c.area = host_guest_map(c.file, sizeof(*c.area));
	if (!c.area)
		return -ENOMEM;
	err = host_signals_init();
	if (!err)
		err = host_fork_init();
	if (err)
		return err;
	register_channel(&c);
	close_on_exec(&c, FD_CLOEXEC);
	own = c;
	host_forked = host_is_guest = true;
	let_keeper_read();
	host_unblock(mask);
	/* Calls of threads that are no more have no end that we would see. */
	for (unsigned int i = 0; i < LKL_GUEST_THREADS; i++)
		if (i < c.area->top &&
		    __atomic_and_fetch(&c.area->calls[i].state,
				       ~LKL_THREAD_POLLING, __ATOMIC_SEQ_CST))
			used[i / 64] |= 1UL << i % 64;
	/* If the kernel is gone meanwhile, every call says so. */
	lkl_syscall(LKL_NR_exec, (long[6]){ 0 });
	while (RAW(SYS_recvfrom, own.line, byte, sizeof(byte), MSG_DONTWAIT,
		   NULL, NULL) > 0)
		;
	return 0;
}
