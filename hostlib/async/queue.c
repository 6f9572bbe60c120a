// SPDX-License-Identifier: GPL-2.0
/*
 * queue.c - Requests of an event loop, and the threads that execute them
 *
 * Theory of operation
 * -------------------
 * The kernel has one virtual CPU, so more threads than one only wait for each
 * other, and every further one that is woken costs more than a call. One
 * thread is therefore the runner: it alone takes requests, in order. The others
 * sleep, but one, the watcher, which has a look every PERIOD_MS. If the runner
 * still has the same request as at the last look, it is blocked (in a fifo, a
 * lock, a long copy): the watcher deposes it and, if something is submitted, is
 * the runner from then on. Who was deposed finishes its request and joins those
 * that sleep. If nothing was done for a whole period the watcher sleeps too.
 *
 * A runner that has nothing to do waits for sockets (see socket.c) if there are
 * any that requests wait for, so that a packet, or the data that another request
 * has sent, needs no other thread. Else it sleeps like the others.
 *
 * The lists of the head are pushed to with compare-and-exchange and taken as a
 * whole, so there is no ABA problem. awake and submitted are a pair: the program
 * submits, then looks at awake; the runner clears awake, then looks at submitted,
 * both with full barriers. The same holds for notified and completed.
 *
 * All else here is guarded by lock, which is never held during a call of the
 * kernel: the event loop takes it in lkl_async_ring().
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "async/async.h"
#include "posix/host.h"

#define PERIOD_MS	2

/* As many requests can be blocked at once. */
#define MAX_THREADS	64

/* After so many requests in a row sockets have their turn. */
#define SOCKETS_EVERY	16

#define MAX_SEGMENTS	256
#define WAIT_S		30

/* struct worker - A thread: an address on its stack will do */
struct worker {
	char unused;
};

static struct lkl_async_head head;
static struct lkl_async_slot *segments[MAX_SEGMENTS];
static unsigned int nsegments;
static int notify_fd = -1;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more;
static struct worker *runner, *watcher;
static bool waiting;		/* the runner waits for sockets */
static unsigned int threads, idle;
static unsigned int started;	/* requests that were begun */
static unsigned int fifo, fifo_end;

static struct lkl_async_slot *slot_of(unsigned int id)
{
	return &segments[id / LKL_ASYNC_SLOTS][id % LKL_ASYNC_SLOTS];
}

/**
 * async_done() - A request is done
 * @slot:	request
 * @ret:	its result
 */
void async_done(struct lkl_async_slot *slot, long ret)
{
	unsigned int first = __atomic_load_n(&head.completed, __ATOMIC_RELAXED);

	slot->ret = ret;
	do {
		slot->next = first;
	} while (!__atomic_compare_exchange_n(&head.completed, &first,
					      slot->id + 1, true,
					      __ATOMIC_SEQ_CST,
					      __ATOMIC_RELAXED));
	if (__atomic_exchange_n(&head.notified, 1, __ATOMIC_SEQ_CST))
		return;
	/* A full pipe is readable as well. */
	if (write(notify_fd, "", 1) < 0)
		return;
}

static long call(const long *arg)
{
	long (*fn)(long a, long b, long c, long d, long e, long f, long g) =
		(void *)arg[0];

	return fn(arg[1], arg[2], arg[3], arg[4], arg[5], arg[6], arg[7]);
}

static long execute(struct lkl_async_slot *slot)
{
	switch (slot->op) {
	case LKL_ASYNC_SYSCALL:
		return lkl_syscall(slot->arg[0], slot->arg + 1);
	case LKL_ASYNC_CALL:
		return call(slot->arg);
	case LKL_ASYNC_READ_FILE:
		return async_read_file(slot);
	case LKL_ASYNC_READ_DIR:
		return async_read_dir(slot);
	case LKL_ASYNC_WRITE_FILE:
		return async_write_file(slot);
	case LKL_ASYNC_READ:
		return async_read(slot);
	case LKL_ASYNC_WRITE:
		return async_write(slot);
	default:
		return -LKL_ENOSYS;
	}
}

/* Take the list of what was submitted, turn it round, append it. */
static void refill(void)
{
	unsigned int id = __atomic_exchange_n(&head.submitted, 0,
					      __ATOMIC_SEQ_CST);
	unsigned int first = 0, next, last = id;

	for (; id; id = next) {
		next = slot_of(id - 1)->next;
		slot_of(id - 1)->next = first;
		first = id;
	}
	if (!first)
		return;
	if (fifo)
		slot_of(fifo_end - 1)->next = first;
	else
		fifo = first;
	fifo_end = last;
}

static bool is_more(void)
{
	return fifo || __atomic_load_n(&head.submitted, __ATOMIC_SEQ_CST);
}

/* The next request, lock held; NULL: there is none. */
static struct lkl_async_slot *take(void)
{
	struct lkl_async_slot *slot;

	refill();
	if (!fifo)
		return NULL;
	slot = slot_of(fifo - 1);
	fifo = slot->next;
	started++;
	/* Before a later CLOSE of another thread, which has to know. */
	if (async_is_socket(slot))
		async_socket_begin(slot);
	return slot;
}

/* Is there anything that needs a runner? */
static bool is_needed(void)
{
	return is_more() || async_sockets_parked();
}

static void set_runner(struct worker *w)
{
	runner = w;
	__atomic_store_n(&head.awake, !!w, __ATOMIC_SEQ_CST);
}

static void worker_main(void);

/* Wake a thread, or start one; lock held. */
static void one_more(void)
{
	if (idle) {
		pthread_cond_signal(&more);
	} else if (threads < MAX_THREADS) {
		threads++;
		if (host_thread_start(worker_main))
			threads--;
	}
}

/* Sleep until there is something to do, or to watch; lock held. */
static void sleep_idle(void)
{
	idle++;
	pthread_cond_wait(&more, &lock);
	idle--;
}

/* Look after the runner for a period; lock held. */
static void watch(struct worker *w)
{
	unsigned int before = started;
	struct timespec end;
	int err;

	watcher = w;
	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_nsec += PERIOD_MS * 1000000;
	if (end.tv_nsec >= 1000000000) {
		end.tv_nsec -= 1000000000;
		end.tv_sec++;
	}
	idle++;
	err = pthread_cond_timedwait(&more, &lock, &end);
	idle--;
	if (err != ETIMEDOUT || started != before)
		return;
	watcher = NULL;
	if (runner && !waiting)
		set_runner(is_needed() ? w : NULL);
}

/* Become the runner if there is none. Return: true if @w is it; lock held */
static bool is_runner(struct worker *w)
{
	if (!runner && is_needed()) {
		set_runner(w);
		if (watcher == w)
			watcher = NULL;
	}
	return runner == w;
}

/* Have the runner, whose requests are done, wait for sockets; lock held. */
static void wait_for_sockets(void)
{
	waiting = true;
	__atomic_store_n(&head.awake, 0, __ATOMIC_SEQ_CST);
	/* What came before awake was cleared is not waited for. */
	if (is_more())
		async_wake();
	pthread_mutex_unlock(&lock);
	async_sockets_wait(-1);
	pthread_mutex_lock(&lock);
	waiting = false;
	__atomic_store_n(&head.awake, 1, __ATOMIC_SEQ_CST);
	started++;
}

/* Execute requests until there are no more, or another thread does; lock held */
static void run(struct worker *w)
{
	struct lkl_async_slot *slot;

	while (runner == w) {
		slot = take();
		if (!slot && async_sockets_parked()) {
			wait_for_sockets();
			continue;
		}
		if (!slot) {
			set_runner(NULL);
			/* What came before awake was cleared. */
			if (is_needed())
				set_runner(w);
			continue;
		}
		if (!watcher)
			one_more();
		pthread_mutex_unlock(&lock);
		if (async_is_socket(slot))
			async_socket(slot);
		else
			async_done(slot, execute(slot));
		if (!(started % SOCKETS_EVERY) && async_sockets_parked())
			async_sockets_wait(0);
		pthread_mutex_lock(&lock);
	}
}

/* Faults of the kernel's own are signals that have to arrive; see signal.c. */
static void let_faults_in(void)
{
	static const int faults[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP };
	sigset_t set;

	sigemptyset(&set);
	for (unsigned int i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		sigaddset(&set, faults[i]);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

static void worker_main(void)
{
	struct worker self = { 0 };

	let_faults_in();
	pthread_mutex_lock(&lock);
	for (;;) {
		if (is_runner(&self))
			run(&self);
		else if (watcher == &self || (runner && !watcher))
			watch(&self);
		else
			sleep_idle();
	}
}

struct lkl_async_head *lkl_async_start(int *fd)
{
	pthread_condattr_t attr;
	int fds[2];

	if (notify_fd >= 0 || pipe2(fds, O_CLOEXEC | O_NONBLOCK))
		return NULL;
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&more, &attr);
	pthread_condattr_destroy(&attr);
	*fd = fds[0];
	notify_fd = fds[1];
	return &head;
}

struct lkl_async_slot *lkl_async_grow(void)
{
	struct lkl_async_slot *slots;

	if (nsegments == MAX_SEGMENTS)
		return NULL;
	slots = mmap(NULL, LKL_ASYNC_SLOTS * sizeof(*slots),
		     PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (slots == MAP_FAILED)
		return NULL;
	for (unsigned int i = 0; i < LKL_ASYNC_SLOTS; i++)
		slots[i].id = nsegments * LKL_ASYNC_SLOTS + i;
	segments[nsegments++] = slots;
	return slots;
}

void lkl_async_ring(void)
{
	pthread_mutex_lock(&lock);
	if (!runner)
		one_more();
	else if (waiting)
		async_wake();
	pthread_mutex_unlock(&lock);
}

static void *wait_main(void *arg)
{
	struct lkl_async_slot *slot = arg;

	slot->ret = execute(slot);
	return NULL;
}

int lkl_async_wait(unsigned int id)
{
	struct timespec end;
	pthread_t thread;
	int err;

	err = pthread_create(&thread, NULL, wait_main, slot_of(id));
	if (err)
		return -err;
	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += WAIT_S;
	return -pthread_timedjoin_np(thread, NULL, &end);
}
