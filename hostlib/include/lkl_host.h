/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lkl_host.h - The border between the kernel image and its host
 *
 * Everything that crosses between kernel/ and hostlib/ is declared here, and
 * nothing else crosses. The header is freestanding: it is read by kernel code
 * (no libc) and by host code (no kernel headers) alike.
 *
 * Theory of operation
 * -------------------
 * The image has one virtual CPU. A host thread that holds it is the carrier;
 * every kernel task is a coroutine that the carrier runs on the task's own
 * kernel stack. "vCPU held" below means: called by the carrier, so at most one
 * such call runs at any time and no further lock is needed.
 *
 * When nothing is runnable the carrier leaves the vCPU free and waits in
 * lkl_host_ops.wait() for device descriptors, the timer and kicks. A helper
 * thread does while no application thread waits there; of two that meet, the one
 * that came last must be served first.
 *
 * An event never touches a device directly: wait() reports it with
 * lkl_image_post(), and the next carrier calls the source's handler with the
 * vCPU held, in interrupt context of the kernel.
 */
#ifndef LKL_HOST_H
#define LKL_HOST_H

#ifdef __cplusplus
extern "C" {
#endif

/* States of struct lkl_thread.state, the word the thread sleeps on. */
#define LKL_THREAD_DONE		0	/* in the application, no call in progress */
#define LKL_THREAD_POSTED	1	/* a call waits, is executed, or is blocked */
#define LKL_THREAD_PARKED	2	/* flag: asleep in lkl_host_ops.park() */
#define LKL_THREAD_POLLING	4	/* flag: asleep in lkl_host_ops.wait() */

/* Values of struct lkl_thread.intr. */
#define LKL_INTR_NEW		1	/* asked for */
#define LKL_INTR_SEEN		2	/* the kernel has been told */

/* Values of struct lkl_thread.restart. */
#define LKL_RESTART_ALLOWED	1	/* if all handlers say SA_RESTART */
#define LKL_RESTART_ALWAYS	2	/* whatever they say, or without any */

/**
 * struct lkl_thread - One host thread that calls into the kernel
 *
 * Owned by the host library (one per thread, zeroed before the first call),
 * filled by the engine. It must stay allocated until lkl_image_detach().
 *
 * @state:	LKL_THREAD_*, the futex word
 * @queued:	engine private: the record is on the request list, or looked at
 * @inside:	the host library's: not 0 while the thread is, or is about to be,
 *		in lkl_image_syscall(); a signal handler that finds it set must
 *		not call into the kernel
 * @intr:	LKL_INTR_*, set by lkl_image_interrupt(); the host library clears
 *		it when the call is over
 * @restart:	LKL_RESTART_*, when the last call returned -EINTR
 * @parked:	engine private: the task sleeps until the next call
 * @attaching:	engine private: a task for the thread is being made
 * @no:		number of the call
 * @params:	its six arguments
 * @ret:	its result, negative errno for an error
 * @next:	engine private: the request list
 * @attach_next: engine private: the list of threads that wait for a task
 * @task:	engine private: the kernel task, NULL before the first call
 * @guest:	engine private: the process that the thread is in, NULL: this one
 */
struct lkl_thread {
	unsigned int state;
	unsigned int queued;
	unsigned int inside;
	unsigned int intr;
	unsigned int restart;
	unsigned int parked;
	unsigned int attaching;
	long no;
	const long *params;
	long ret;
	struct lkl_thread *next;
	struct lkl_thread *attach_next;
	void *task;
	void *guest;
};

/* How many threads of a guest may call at the same time. */
#define LKL_GUEST_THREADS	4096

/**
 * struct lkl_guest_call - A call from another process, in memory of both
 *
 * A guest is a process whose kernel runs in another one, its keeper: the child
 * of a fork. The guest writes a call, sets @news and rings its bell, an eventfd,
 * unless the keeper is @awake.
 * The keeper believes nothing it reads here.
 *
 * @state:	LKL_THREAD_DONE, _POSTED or with _PARKED; a futex of both processes.
 *		With _POLLING its thread waits for a byte on the line, among others
 * @news:	not 0: the guest has written something that it has rung for
 * @seq:	tells a call from the one before it
 * @intr:	the call with this number is to end with -EINTR, if it waits
 * @restart:	as in struct lkl_thread
 * @no:		number of the call
 * @params:	its arguments; pointers are the guest's
 * @ret:	its result
 */
struct lkl_guest_call {
	unsigned int state;
	unsigned int news;
	unsigned int seq;
	unsigned int intr;
	unsigned int restart;
	long no;
	long params[6];
	long ret;
} __attribute__((aligned(128)));

/**
 * struct lkl_guest_area - What a guest and its keeper share
 * @gone:	not 0: the kernel has halted
 * @awake:	not 0: the keeper looks at @news, there is no need to ring
 * @top:	no call from here on has ever been used
 * @calls:	one for each thread that calls
 */
struct lkl_guest_area {
	unsigned int gone;
	unsigned int awake;
	unsigned int top;
	struct lkl_guest_call calls[LKL_GUEST_THREADS];
};

/* Results of lkl_host_ops.spin_poll: something arrived, large frames did. */
#define LKL_POLL_SOME	1
#define LKL_POLL_STREAM	2

/* Readiness bits, the values of poll(2) and epoll(7). */
#define LKL_EVENT_IN	0x001u
#define LKL_EVENT_PRI	0x002u
#define LKL_EVENT_OUT	0x004u
#define LKL_EVENT_ERR	0x008u
#define LKL_EVENT_HUP	0x010u
#define LKL_EVENT_RDHUP	0x2000u

/**
 * struct lkl_source - Something on the host that can become ready
 *
 * @handler:	called with the vCPU held, interrupt context, with the events
 *		that were posted since the last call ORed together; edge
 *		triggered, so the handler must drain or remember
 * @next:	engine private
 * @queued:	engine private
 * @events:	engine private
 */
struct lkl_source {
	void (*handler)(struct lkl_source *src, unsigned int events);
	struct lkl_source *next;
	unsigned int queued;
	unsigned int events;
};

/**
 * struct lkl_host_ops - What the kernel asks of its host
 *
 * All times are nanoseconds. All functions may be called on a small kernel
 * stack (at most 8 KiB may be used) unless marked (host stack).
 *
 * @mem_reserve: reserve @size bytes of zeroed memory aligned to @align that
 *		costs nothing before it is touched; NULL if there is none
 * @mem_release: give it back
 * @mem_alias:	map @count pages of 4 KiB of that memory, in any order, side by
 *		side at a second address, vCPU held: what is written at one
 *		address is read at the other; NULL if that cannot be done. May be
 *		NULL itself: some file systems then fail with -ENOMEM
 * @mem_unalias: undo it; needed if @mem_alias is there
 * @mem_lend:	let @count pages of that memory be those of the shared memory @fd of
 *		process @pid, from its start on, contents and all, vCPU held; return:
 *		0, or a negative errno (-EINVAL: it can be made smaller, or is too
 *		small, -EBUSY: one of them is lent). May be NULL
 * @mem_return:	undo it, the contents stay; needed if @mem_lend is there
 * @time:	monotonic clock
 * @realtime:	wall clock since 1970
 * @timer_set:	arm the one timer for this absolute monotonic time (0: never);
 *		when it expires wait() calls lkl_image_timer()
 * @wait:	(host stack) wait until something happens, at most @timeout ns
 *		(0: just look, -1: for ever); posts what became ready; return:
 *		number of events, 0 for none, -1 when a signal interrupted it
 * @kick:	make one call of wait() return, now or the next one
 * @park:	(host stack) sleep while *@word == @val, at most @timeout ns (-1:
 *		for ever); spurious returns are allowed, a signal returns
 * @wake:	wake the thread parked on @word
 * @watch:	report LKL_EVENT_* @events of host descriptor @fd to @src, edge
 *		triggered; called again for the same pair it replaces @events;
 *		return: 0, negative errno (-EPERM: the file is always ready)
 * @unwatch:	end that
 * @fd_poll:	which of @events descriptor @fd is ready for now (ERR, HUP
 *		always included)
 * @wait_begins: a guest has called: what fd_poll() has said before counts no
 *		more, and what other threads have seen in wait() so far is posted
 * @guest_fd:	get descriptor @fd of process @pid (0: of our own), as one of our
 *		own out of the program's way; return: it, or a negative errno
 * @guest_drop:	close it
 * @guest_map:	map @size bytes of the shared memory @fd; NULL: impossible
 * @guest_unmap: undo it
 * @guest_life:	what is new on the line to a guest, @fd? Return: the process id of
 *		who has written, 0: nothing, -1: the line is broken, the process has
 *		ended or executes another program
 * @guest_copy:	copy @n bytes of our memory @here to (@put not 0) or from @there
 *		in process @pid; return: how many are left, from a fault on
 * @guest_wake:	wake the thread of any process that sleeps on @word
 * @guest_tell:	send a byte on the line to a guest, @fd
 * @mmio_read:	read @size bytes of a device register, vCPU held
 * @mmio_write:	write them, vCPU held
 * @spin_poll:	look at the devices without waiting, vCPU held; return 0: nothing
 *		arrived, or LKL_POLL_* (its interrupt has been raised)
 * @idle:	nothing is runnable, vCPU held: finish what devices have put off;
 *		return not 0 if that raised an interrupt
 * @cpus:	number of host CPUs the process may run on
 * @random:	fill @buf with @len bytes of the host's randomness
 * @print:	console output, not terminated
 * @panic:	the kernel is dead, log and call trace have been printed; does not
 *		return
 * @halted:	the kernel was halted in an orderly way
 */
struct lkl_host_ops {
	void *(*mem_reserve)(unsigned long size, unsigned long align);
	void (*mem_release)(void *mem, unsigned long size);
	void *(*mem_alias)(void *const *pages, unsigned int count);
	void (*mem_unalias)(void *alias, unsigned int count);
	int (*mem_lend)(int pid, int fd, void *const *pages,
			unsigned int count);
	void (*mem_return)(void *const *pages, unsigned int count);
	unsigned long long (*time)(void);
	unsigned long long (*realtime)(void);
	void (*timer_set)(unsigned long long deadline);
	int (*wait)(long long timeout);
	void (*kick)(void);
	void (*park)(unsigned int *word, unsigned int val, long long timeout);
	void (*wake)(unsigned int *word);
	int (*watch)(int fd, unsigned int events, struct lkl_source *src);
	void (*unwatch)(int fd, struct lkl_source *src);
	unsigned int (*fd_poll)(int fd, unsigned int events);
	void (*wait_begins)(void);
	int (*guest_fd)(int pid, int fd);
	void (*guest_drop)(int fd);
	void *(*guest_map)(int fd, unsigned long size);
	void (*guest_unmap)(void *mem, unsigned long size);
	int (*guest_life)(int fd);
	unsigned long (*guest_copy)(int pid, void *here, unsigned long there,
				    unsigned long n, int put);
	void (*guest_wake)(unsigned int *word);
	void (*guest_tell)(int fd);
	unsigned long long (*mmio_read)(unsigned long addr, unsigned int size);
	void (*mmio_write)(unsigned long addr, unsigned long long val,
			   unsigned int size);
	int (*spin_poll)(void);
	int (*idle)(void);
	unsigned int (*cpus)(void);
	void (*random)(void *buf, unsigned long len);
	void (*print)(const char *str, int len);
	void (*panic)(const char *msg);
	void (*halted)(void);
};

/* System calls of the lkl architecture itself, beyond the host's table. */
#define LKL_NR_BASE		0x4000
/* (base, size, irq): add a virtio-mmio device; returns its id or -errno */
#define LKL_NR_virtio_add	(LKL_NR_BASE + 0)
/* (id): remove it */
#define LKL_NR_virtio_remove	(LKL_NR_BASE + 1)
/* (host fd): a descriptor whose readiness is that of the host's descriptor */
#define LKL_NR_hostfd		(LKL_NR_BASE + 2)
/* (): orderly halt; calls of all other threads end with -ENODEV */
#define LKL_NR_halt		(LKL_NR_BASE + 3)
/* (id): index of the network interface that the device became */
#define LKL_NR_virtio_ifindex	(LKL_NR_BASE + 4)
/*
 * (area, bell, line): the caller is about to fork; its child will be a process
 * of this kernel, with copies of its descriptors. A memory file of the size of
 * struct lkl_guest_area, an eventfd, our end of a socket pair.
 */
#define LKL_NR_guest		(LKL_NR_BASE + 5)
/* (): the calling thread ends; for guests */
#define LKL_NR_detach		(LKL_NR_BASE + 6)
/* (): the guest executes a program: files that close on exec do, calls end */
#define LKL_NR_exec		(LKL_NR_BASE + 8)
/*
 * (pid): are there guests? If @pid is -1: come back when there is none; if it is
 * that of one that has ended: when its files are closed
 */
#define LKL_NR_guests		(LKL_NR_BASE + 7)
/*
 * (fd, line): keep a file as long as the other end of the line, a socket pair of
 * the host with SO_PASSCRED at ours, is open; returns the number to take it by
 */
#define LKL_NR_right_leave	(LKL_NR_BASE + 9)
/* (number, 0 or O_CLOEXEC): a descriptor of such a file */
#define LKL_NR_right_take	(LKL_NR_BASE + 10)
/* (): keep none of them any longer */
#define LKL_NR_rights_drop	(LKL_NR_BASE + 11)

/* Interrupt numbers 1 to LKL_NR_IRQS - 1 are the host's to give to devices. */
#define LKL_NR_IRQS		64

/* What the image offers. Any host thread may call these unless noted. */

/**
 * lkl_image_start() - Boot the kernel
 * @ops:	host operations, must stay valid
 * @self:	record of the calling thread
 * @cmdline:	kernel command line, at most 4095 bytes
 *
 * Returns when pid 1 serves calls. To be called once in the life of the image.
 *
 * Return: 0, or a negative errno (-ENOMEM: no memory, -EBUSY: called before)
 */
int lkl_image_start(const struct lkl_host_ops *ops, struct lkl_thread *self,
		    const char *cmdline);

/**
 * lkl_image_syscall() - Execute a Linux system call
 * @self:	record of the calling thread
 * @no:		number on the host's own table, or LKL_NR_*
 * @params:	six arguments, in the host's own ABI; must stay readable
 *
 * Return: the result, or a negative errno; -ENODEV once the kernel has halted,
 * -EINTR when lkl_image_interrupt() ended a blocking call
 */
long lkl_image_syscall(struct lkl_thread *self, long no, const long *params);

/**
 * lkl_image_detach() - End the kernel task of the calling thread
 * @self:	its record; may be freed afterwards
 */
void lkl_image_detach(struct lkl_thread *self);

/**
 * lkl_image_interrupt() - Make the call a thread is blocked in return -EINTR
 * @thread:	its record, which must not be detached meanwhile
 *
 * Async-signal-safe: a handler that finds @inside set calls it for its own
 * thread.
 */
void lkl_image_interrupt(struct lkl_thread *thread);

/**
 * lkl_image_post() - Report readiness of a source
 * @src:	the source
 * @events:	LKL_EVENT_* bits
 */
void lkl_image_post(struct lkl_source *src, unsigned int events);

/** lkl_image_timer() - The timer expired; called by lkl_host_ops.wait() */
void lkl_image_timer(void);

/**
 * lkl_image_irq() - Raise a device interrupt, vCPU held
 * @irq:	1 to LKL_NR_IRQS - 1
 */
void lkl_image_irq(int irq);

/** lkl_image_helper() - Body of the helper thread; returns after a halt */
void lkl_image_helper(void);

/**
 * lkl_image_hold() - Keep the kernel from running, outside of a call
 *
 * Waits until no other thread carries it. No signal handler of the thread may
 * make a call before lkl_image_release().
 */
void lkl_image_hold(void);

/**
 * lkl_image_release() - Let the kernel run again
 * @self:	record of the calling thread
 */
void lkl_image_release(struct lkl_thread *self);

/**
 * lkl_image_alone() - The calling thread is the only one that there is
 *
 * In the child of a fork, with the memory of the kernel, which its parent held
 * meanwhile; before lkl_image_release(). Records and sources that may have been
 * posted are to be posted once more, their @queued being 0.
 */
void lkl_image_alone(void);

/**
 * lkl_image_areas() - Memory that is shared with guests, the kernel being held
 * @fn:		is called for each
 */
void lkl_image_areas(void (*fn)(void *area, unsigned long size));

/**
 * lkl_image_fixup() - Is this the address of a user access of the kernel?
 * @ip:		faulting instruction
 *
 * Return: where to go on so that the access fails with -EFAULT, 0 if the
 * fault is not the kernel's own. Async-signal-safe.
 */
unsigned long lkl_image_fixup(unsigned long ip);

/**
 * lkl_image_fault() - A fault that is neither a user access nor the program's?
 * @ip:		faulting instruction
 * @addr:	what it accessed
 *
 * Returns if the instruction is not the kernel's; else the kernel panics.
 */
void lkl_image_fault(unsigned long ip, unsigned long addr);

/** lkl_image_running() - 1 between boot and halt, else 0 */
int lkl_image_running(void);

#ifdef __cplusplus
}
#endif

#endif /* LKL_HOST_H */
