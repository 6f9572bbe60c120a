// SPDX-License-Identifier: GPL-2.0
/*
 * wait.c - The one place where host threads wait for devices and the timer
 *
 * All waiters wait on one epoll instance. Descriptors are edge triggered, so
 * every event wakes one waiter, and Linux takes the latest one: the thread
 * that went to sleep last gets the event (see lkl_host.h). Those of network
 * devices may be level triggered, which saves a lone packet the read that finds
 * no other.
 *
 * The timer is a timerfd. The kernel changes its mind about the next deadline
 * several times for every packet, nearly always to a later one. So the
 * timerfd is only ever moved forward; when it expires too early the kernel
 * asks again (lkl_timer_irq()), and a busy connection costs no system call.
 *
 * A kick is a write to an eventfd that nobody reads: every write is an edge.
 *
 * An edge also tells what a descriptor is ready for now, which is kept for the
 * wait that it ends (level.c).
 *
 * Whether a signalfd is ready depends on who asks: a signal may be for one thread
 * only, and an event that another thread is woken for, who finds nothing, is gone.
 * So a thread that is about to wait asks itself. Guests do all of that themselves
 * (signalfd.c).
 *
 * A thread may be preempted with an event that it has taken and not told yet,
 * and who just looks would find nothing, though there is something. Linux copies
 * events while it keeps others from the instance, so when a look is over, or the
 * bell of a guest has been taken, what is older can be seen in the baskets of the
 * others, and is waited for. Telling takes no lock, so that ends.
 */
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>

#include "fds.h"
#include "level.h"

#define EVENTS	32

/* Two threads sleep at most: the poller and the helper. The others just look. */
#define BASKETS	8

/* How often to see if another thread has told, after letting it run at once. */
#define TOLD_NAP_NS	20000

static int epfd = -1, timerfd = -1, kickfd = -1;

/**
 * struct watch - Whom to tell about a descriptor
 * @src:	source, NULL for nobody
 * @nr:		tells an event of this watch from a late one of an earlier
 *		descriptor that had the same number
 */
static struct watch {
	struct lkl_source *src;
	unsigned int nr;
} watches[LEVEL_FDS];

/* No descriptor from here on has ever been watched. */
static int watches_end;

/* Watched descriptors that are signalfds, 0: none; more are unheard of. */
#define SIGNALFDS	4
static int signalfds[SIGNALFDS];

/* What epoll gives back. */
union tag {
	unsigned long long data;
	struct {
		int fd;
		unsigned int nr;
	};
};

/**
 * struct basket - Events on their way from the host to the kernel
 * @used:	by a thread
 * @told:	how often it has been emptied
 * @evs:	the first one has no events if there is none
 */
static struct basket {
	unsigned int used, told;
	struct epoll_event evs[EVENTS];
} baskets[BASKETS];

/* The time the timerfd is set to, 0: not set, or it has expired. */
static unsigned long long armed;

static int add(int fd)
{
	const union tag tag = { .fd = fd };
	struct epoll_event ev = { .events = EPOLLIN | EPOLLET };

	ev.data.u64 = tag.data;
	return RAW(SYS_epoll_ctl, epfd, EPOLL_CTL_ADD, fd, &ev);
}

/**
 * host_wait_init() - Make the descriptors that waiting needs
 *
 * Return: 0 or a negative errno
 */
int host_wait_init(void)
{
	int err;

	epfd = host_fd_keep(RAW(SYS_epoll_create1, EPOLL_CLOEXEC));
	timerfd = host_fd_keep(RAW(SYS_timerfd_create, CLOCK_MONOTONIC,
				   TFD_NONBLOCK | TFD_CLOEXEC));
	kickfd = host_fd_keep(RAW(SYS_eventfd2, 0, EFD_NONBLOCK | EFD_CLOEXEC));
	err = epfd < 0 ? epfd : timerfd < 0 ? timerfd : kickfd < 0 ? kickfd : 0;
	if (!err)
		err = add(timerfd);
	if (!err)
		err = add(kickfd);
	if (err) {
		host_fd_drop(epfd);
		host_fd_drop(timerfd);
		host_fd_drop(kickfd);
	}
	return err;
}

/**
 * host_wait_alone() - No other thread exists; what they were told nobody knows
 *
 * Asks about the timer and everything that is watched, the kernel being held.
 */
void host_wait_alone(void)
{
	const struct timespec now = { };
	struct lkl_source *src;
	struct pollfd p;

	memset(baskets, 0, sizeof(baskets));
	armed = 0;
	host_level_begin();
	for (int fd = 0; fd < watches_end; fd++)
		if (watches[fd].src)
			watches[fd].src->queued = 0;
	for (p.fd = 0; p.fd < watches_end; p.fd++) {
		src = watches[p.fd].src;
		if (!src)
			continue;
		p.events = LKL_EVENT_IN | LKL_EVENT_PRI | LKL_EVENT_OUT;
		if (RAW(SYS_ppoll, &p, 1, &now, NULL, KERNEL_SIGSET) == 1)
			lkl_image_post(src, p.revents);
	}
}

/**
 * report() - Hand an event of a watched descriptor to the kernel
 * @tag:	what epoll gave back
 * @events:	what the descriptor is ready for
 * @round:	host_level_round() from before the host said so
 */
static void report(union tag tag, unsigned int events,
		   unsigned long long round)
{
	struct watch *w = &watches[tag.fd];
	struct lkl_source *src = __atomic_load_n(&w->src, __ATOMIC_ACQUIRE);

	if (!src || w->nr != tag.nr)
		return;
	host_level_report(tag.fd, round, events);
	lkl_image_post(src, events);
}

static struct basket *basket_get(void)
{
	for (unsigned int i = 0;; i = (i + 1) % BASKETS) {
		if (!__atomic_exchange_n(&baskets[i].used, 1, __ATOMIC_SEQ_CST))
			return baskets + i;
		if (i == BASKETS - 1)
			RAW(SYS_sched_yield, 0);
	}
}

static void basket_put(struct basket *b)
{
	__atomic_store_n(&b->evs[0].events, 0, __ATOMIC_RELEASE);
	__atomic_add_fetch(&b->told, 1, __ATOMIC_SEQ_CST);
	__atomic_store_n(&b->used, 0, __ATOMIC_SEQ_CST);
}

/* Wait until what others have taken so far has been told. */
static void let_tell(void)
{
	struct timespec nap = { };

	for (struct basket *b = baskets; b < baskets + BASKETS; b++) {
		unsigned int told = __atomic_load_n(&b->told, __ATOMIC_SEQ_CST);

		while (__atomic_load_n(&b->evs[0].events, __ATOMIC_SEQ_CST) &&
		       __atomic_load_n(&b->told, __ATOMIC_SEQ_CST) == told) {
			if (nap.tv_nsec)
				RAW(SYS_nanosleep, &nap, NULL);
			else
				RAW(SYS_sched_yield, 0);
			nap.tv_nsec = TOLD_NAP_NS;
		}
	}
}

void lkl_host_wait_begins(void)
{
	unsigned long long round = host_level_begin();
	const struct timespec now = { };
	struct lkl_source *src;
	struct pollfd p;

	if (unlikely(host_signalfds) && lkl_host_thread_self())
		host_signalfds_ask(host_self);
	for (int i = 0; i < SIGNALFDS && !host_forked; i++) {
		p.fd = __atomic_load_n(&signalfds[i], __ATOMIC_RELAXED);
		if (likely(!p.fd))
			continue;
		p.events = POLLIN;
		src = __atomic_load_n(&watches[p.fd].src, __ATOMIC_ACQUIRE);
		if (src && RAW(SYS_ppoll, &p, 1, &now, NULL,
			       KERNEL_SIGSET) == 1) {
			host_level_report(p.fd, round, p.revents);
			lkl_image_post(src, p.revents);
		}
	}
}

void lkl_host_wait_again(void)
{
	host_level_begin();
}

/**
 * host_wait_begins() - lkl_host_ops.wait_begins: a guest has called
 *
 * What it did before, its bell was taken after. But maybe by another thread.
 */
void host_wait_begins(void)
{
	host_level_begin();
	let_tell();
}

/**
 * collect() - Wait for events and hand them to the kernel
 * @timeout:	nanoseconds, 0: just look, -1: for ever
 * @kicked:	set to true if there was a kick
 *
 * Return: number of events, or a negative errno
 */
static int collect(long long timeout, bool *kicked)
{
	struct basket *b = basket_get();
	struct timespec ts = { timeout / 1000000000, timeout % 1000000000 };
	unsigned long long round = host_level_round();
	union tag tag;
	int n;

	if (timeout <= 0)
		n = RAW(SYS_epoll_pwait, epfd, b->evs, EVENTS, timeout, NULL,
			KERNEL_SIGSET);
	else
		n = RAW(SYS_epoll_pwait2, epfd, b->evs, EVENTS, &ts, NULL,
			KERNEL_SIGSET);
	for (int i = 0; i < n; i++) {
		tag.data = b->evs[i].data.u64;
		if (tag.fd == timerfd) {
			__atomic_store_n(&armed, 0, __ATOMIC_SEQ_CST);
			lkl_image_timer();
		} else if (tag.fd == kickfd) {
			*kicked = true;
		} else {
			report(tag, b->evs[i].events, round);
		}
	}
	basket_put(b);
	if (!timeout)
		let_tell();
	return n;
}

/**
 * host_wait() - lkl_host_ops.wait
 * @timeout:	nanoseconds, 0: just look, -1: for ever
 *
 * Return: number of events, 0 for none, -1 when a signal interrupted it
 */
int host_wait(long long timeout)
{
	bool kicked;
	int n = collect(timeout, &kicked);

	return n < 0 ? -1 : n;
}

/** host_look() - See what has happened; a kick is meant for somebody else */
void host_look(void)
{
	bool kicked = false;

	collect(0, &kicked);
	if (kicked)
		host_kick();
}

/** host_kick() - lkl_host_ops.kick: make one call of host_wait() return */
void host_kick(void)
{
	const unsigned long long one = 1;

	RAW(SYS_write, kickfd, &one, sizeof(one));
}

/* Put @to where @from is in the list of signalfds. */
static void signalfd_swap(int from, int to)
{
	int i = 0;

	while (i < SIGNALFDS && signalfds[i] != from)
		i++;
	if (i < SIGNALFDS)
		__atomic_store_n(&signalfds[i], to, __ATOMIC_RELAXED);
}

static int watch(int fd, unsigned int events, struct lkl_source *src)
{
	struct epoll_event ev = { .events = events };
	union tag tag = { .fd = fd };
	struct watch *w = watches + fd;
	int err;

	if (fd >= LEVEL_FDS)
		return -EBADF;
	if (fd >= watches_end)
		watches_end = fd + 1;
	if (w->src != src) {
		w->nr++;
		signalfd_swap(fd, 0);
		if (host_is_signalfd(fd))
			signalfd_swap(0, fd);
	}
	__atomic_store_n(&w->src, src, __ATOMIC_RELEASE);
	tag.nr = w->nr;
	ev.data.u64 = tag.data;
	err = RAW(SYS_epoll_ctl, epfd, EPOLL_CTL_MOD, fd, &ev);
	if (err == -ENOENT)
		err = RAW(SYS_epoll_ctl, epfd, EPOLL_CTL_ADD, fd, &ev);
	return err;
}

/**
 * host_watch() - lkl_host_ops.watch: be told of every change
 * @fd:		host descriptor
 * @events:	LKL_EVENT_*
 * @src:	whom to tell
 *
 * Return: 0 or a negative errno
 */
int host_watch(int fd, unsigned int events, struct lkl_source *src)
{
	return watch(fd, events | EPOLLET, src);
}

/**
 * host_watch_level() - Be told as long as it is so
 * @fd:		host descriptor
 * @events:	LKL_EVENT_*
 * @src:	whom to tell
 *
 * Return: 0 or a negative errno
 */
int host_watch_level(int fd, unsigned int events, struct lkl_source *src)
{
	return watch(fd, events, src);
}

/**
 * host_unwatch() - lkl_host_ops.unwatch
 * @fd:		host descriptor
 * @src:	who was told
 */
void host_unwatch(int fd, struct lkl_source *src)
{
	struct epoll_event ev = { };

	if (fd >= LEVEL_FDS || watches[fd].src != src)
		return;
	__atomic_store_n(&watches[fd].src, NULL, __ATOMIC_RELEASE);
	signalfd_swap(fd, 0);
	RAW(SYS_epoll_ctl, epfd, EPOLL_CTL_DEL, fd, &ev);
}

/**
 * host_fd_poll() - lkl_host_ops.fd_poll
 * @fd:		host descriptor
 * @events:	LKL_EVENT_* asked for
 *
 * Return: those that hold now
 */
unsigned int host_fd_poll(int fd, unsigned int events)
{
	struct pollfd p = { .fd = fd };
	unsigned int ready;

	if (!host_level_load(fd, events, &ready)) {
		lkl_host_ask(&p, 1);
		ready = (unsigned short)p.revents;
	}
	return ready & (events | LKL_EVENT_ERR | LKL_EVENT_HUP);
}

/**
 * host_timer_set() - lkl_host_ops.timer_set, vCPU held
 * @deadline:	absolute monotonic time in ns, 0: never
 */
void host_timer_set(unsigned long long deadline)
{
	unsigned long long now_armed = __atomic_load_n(&armed, __ATOMIC_SEQ_CST);
	struct itimerspec its = { };

	if (!deadline || (now_armed && now_armed <= deadline))
		return;
	__atomic_store_n(&armed, deadline, __ATOMIC_SEQ_CST);
	its.it_value.tv_sec = deadline / 1000000000;
	its.it_value.tv_nsec = deadline % 1000000000;
	RAW(SYS_timerfd_settime, timerfd, TFD_TIMER_ABSTIME, &its, NULL);
}
