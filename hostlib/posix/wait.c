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
 */
#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>

#include "fds.h"
#include "host.h"
#include "raw.h"

#define EVENTS	32

static int epfd = -1, timerfd = -1, kickfd = -1;

/* What epoll gives back for the timer; every other pointer is a source. */
static char timer_tag, kick_tag;

/* The time the timerfd is set to, 0: not set, or it has expired. */
static unsigned long long armed;

static int add(int fd, void *tag)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLET };

	ev.data.ptr = tag;
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
		err = add(timerfd, &timer_tag);
	if (!err)
		err = add(kickfd, &kick_tag);
	if (err) {
		host_fd_drop(epfd);
		host_fd_drop(timerfd);
		host_fd_drop(kickfd);
	}
	return err;
}

/**
 * host_wait() - lkl_host_ops.wait
 * @timeout:	nanoseconds, 0: just look, -1: for ever
 *
 * Return: number of events, 0 for none, -1 when a signal interrupted it
 */
int host_wait(long long timeout)
{
	struct epoll_event evs[EVENTS];
	struct timespec ts = { timeout / 1000000000, timeout % 1000000000 };
	int n;

	if (timeout <= 0)
		n = RAW(SYS_epoll_pwait, epfd, evs, EVENTS, timeout, NULL,
			KERNEL_SIGSET);
	else
		n = RAW(SYS_epoll_pwait2, epfd, evs, EVENTS, &ts, NULL,
			KERNEL_SIGSET);
	for (int i = 0; i < n; i++) {
		if (evs[i].data.ptr == &timer_tag) {
			__atomic_store_n(&armed, 0, __ATOMIC_SEQ_CST);
			lkl_image_timer();
		} else if (evs[i].data.ptr != &kick_tag) {
			lkl_image_post(evs[i].data.ptr, evs[i].events);
		}
	}
	return n < 0 ? -1 : n;
}

/** host_kick() - lkl_host_ops.kick: make one call of host_wait() return */
void host_kick(void)
{
	const unsigned long long one = 1;

	RAW(SYS_write, kickfd, &one, sizeof(one));
}

static int watch(int fd, unsigned int events, struct lkl_source *src)
{
	struct epoll_event ev = { .events = events };
	int err;

	ev.data.ptr = src;
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

	(void)src;
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
	struct pollfd p = { .fd = fd, .events = events };
	const struct timespec now = { };

	if (RAW(SYS_ppoll, &p, 1, &now, NULL, KERNEL_SIGSET) <= 0)
		return 0;
	return (unsigned short)p.revents;
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
