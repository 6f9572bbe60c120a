// SPDX-License-Identifier: GPL-2.0
/*
 * socket.c - Requests that wait for a socket, without a thread for each
 *
 * Theory of operation
 * -------------------
 * A request is tried at once, without blocking. If it would block it is parked
 * with its socket, one for each direction, and the socket is armed in an epoll
 * set, for one event. The runner (see queue.c) waits for these events when it has
 * nothing else to do, and tries what is parked again. It waits inside the kernel,
 * so it is also the thread that polls the devices: a packet that comes in is
 * received, acknowledged and handed over by one thread. New requests end the
 * wait through an eventfd, whose stand-in is in the set too.
 *
 * - park_lock guards what is parked, and the arming, which depends on it. It is
 *   held during epoll_ctl(), so the event loop must not take it.
 * - users_lock guards users and closing. A socket has as many users as there are
 *   requests that were begun and are not done. CLOSE ends what is parked; the
 *   last user closes the descriptor. So no request ever finds that its number
 *   belongs to another socket.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>

#include "async/async.h"

#define MAX_SOCKETS	65536
#define EVENTS		64

/* What the set gives back for async_wake(); all else are descriptors. */
#define WAKE		MAX_SOCKETS

#define READ_EVENTS	(LKL_EPOLLIN | LKL_EPOLLRDHUP)
#define WRITE_EVENTS	LKL_EPOLLOUT

enum { READS, WRITES, DIRECTIONS };

/**
 * struct sock - A socket
 * @users:	requests that are not done
 * @closing:	the request to close it
 * @parked:	requests that wait, for each direction
 */
struct sock {
	unsigned int users;
	struct lkl_async_slot *closing;
	struct lkl_async_slot *parked[DIRECTIONS];
};

static struct sock *socks[MAX_SOCKETS];
static pthread_mutex_t users_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t park_lock = PTHREAD_MUTEX_INITIALIZER;
static int epfd = -1, wakefd = -1;
static unsigned int nparked;	/* requests that wait */

static struct sock *sock_of(struct lkl_async_slot *slot)
{
	unsigned long fd = slot->arg[0];

	return fd < MAX_SOCKETS ? socks[fd] : NULL;
}

static int direction(const struct lkl_async_slot *slot)
{
	return slot->op == LKL_ASYNC_SEND || slot->op == LKL_ASYNC_CONNECT ?
	       WRITES : READS;
}

/**
 * async_socket_begin() - A request for a socket is begun, in order
 * @slot:	request
 */
void async_socket_begin(struct lkl_async_slot *slot)
{
	unsigned long fd = slot->arg[0];

	if (fd >= MAX_SOCKETS)
		return;
	pthread_mutex_lock(&users_lock);
	if (!socks[fd])
		socks[fd] = calloc(1, sizeof(*socks[fd]));
	if (socks[fd])
		socks[fd]->users++;
	pthread_mutex_unlock(&users_lock);
}

/* One user less; the last one closes a socket that is to be closed. */
static void put(struct sock *s)
{
	struct lkl_async_slot *close = NULL;

	pthread_mutex_lock(&users_lock);
	if (!--s->users) {
		close = s->closing;
		s->closing = NULL;
	}
	pthread_mutex_unlock(&users_lock);
	if (close)
		async_done(close, lkl_sys_close(close->arg[0]));
}

static void finish(struct sock *s, struct lkl_async_slot *slot, long ret)
{
	async_done(slot, ret);
	put(s);
}

static bool is_closing(struct sock *s)
{
	return __atomic_load_n(&s->closing, __ATOMIC_ACQUIRE);
}

static long connect_(struct lkl_async_slot *slot)
{
	long ret = lkl_sys_connect(slot->arg[0], (void *)slot->arg[1],
				   slot->arg[2]);

	/* Called again it tells how it went. */
	return ret == -LKL_EINPROGRESS || ret == -LKL_EALREADY ? -LKL_EAGAIN :
	       ret;
}

static long accept_(struct lkl_async_slot *slot)
{
	struct lkl_async_peer *p = (void *)slot->arg[1];
	long n = 0;
	int len;

	for (; n < slot->arg[2]; n++, p++) {
		len = sizeof(p->peer);
		p->fd = lkl_sys_accept4(slot->arg[0], (void *)p->peer, &len,
					LKL_SOCK_NONBLOCK | LKL_SOCK_CLOEXEC);
		if (p->fd < 0)
			break;
		len = sizeof(p->local);
		lkl_sys_getsockname(p->fd, (void *)p->local, &len);
	}
	return n ? n : p->fd;
}

static long recv_(struct lkl_async_slot *slot)
{
	return lkl_sys_recvfrom(slot->arg[0], (void *)slot->arg[1],
				slot->arg[2], slot->arg[3] | LKL_MSG_DONTWAIT,
				(void *)slot->arg[4], (void *)slot->arg[5]);
}

static long send_(struct lkl_async_slot *slot)
{
	unsigned long len = slot->arg[2];
	long n;

	do {
		n = lkl_sys_sendto(slot->arg[0],
				   (char *)slot->arg[1] + slot->done,
				   len - slot->done, slot->arg[3] |
				   LKL_MSG_DONTWAIT | LKL_MSG_NOSIGNAL,
				   (void *)slot->arg[4], slot->arg[5]);
		if (n < 0)
			return n;
		slot->done += n;
	} while (slot->done < len);
	return slot->done;
}

static long attempt(struct lkl_async_slot *slot)
{
	switch (slot->op) {
	case LKL_ASYNC_CONNECT:
		return connect_(slot);
	case LKL_ASYNC_ACCEPT:
		return accept_(slot);
	case LKL_ASYNC_RECV:
		return recv_(slot);
	default:
		return send_(slot);
	}
}

/* Make the epoll set, with the descriptor that ends a wait; park_lock held. */
static long make_set(void)
{
	struct lkl_epoll_event ev = { .events = LKL_EPOLLIN, .data = WAKE };
	long fd, hostfd;

	if (epfd >= 0)
		return 0;
	if (wakefd < 0)
		wakefd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (wakefd < 0)
		return -errno;
	hostfd = lkl_syscall(LKL_NR_hostfd, (long[6]){ wakefd });
	if (hostfd < 0)
		return hostfd;
	fd = lkl_sys_epoll_create1(LKL_EPOLL_CLOEXEC);
	if (fd >= 0 && !lkl_sys_epoll_ctl(fd, LKL_EPOLL_CTL_ADD, hostfd, &ev)) {
		__atomic_store_n(&epfd, fd, __ATOMIC_RELEASE);
		return 0;
	}
	lkl_sys_close(fd);
	lkl_sys_close(hostfd);
	return fd < 0 ? fd : -LKL_ENOMEM;
}

/**
 * arm() - Have the set tell what is parked with a socket, park_lock held
 * @s:		socket
 * @fd:		its descriptor
 *
 * Return: 0 or a negative errno
 */
static long arm(struct sock *s, int fd)
{
	struct lkl_epoll_event ev = {
		.events = LKL_EPOLLONESHOT |
			  (s->parked[READS] ? READ_EVENTS : 0) |
			  (s->parked[WRITES] ? WRITE_EVENTS : 0),
		.data = fd,
	};
	long err = make_set();

	if (err)
		return err;
	err = lkl_sys_epoll_ctl(epfd, LKL_EPOLL_CTL_MOD, fd, &ev);
	if (err == -LKL_ENOENT)
		err = lkl_sys_epoll_ctl(epfd, LKL_EPOLL_CTL_ADD, fd, &ev);
	return err;
}

/* Have a request wait. */
static void park(struct sock *s, struct lkl_async_slot *slot)
{
	struct lkl_async_slot **place = &s->parked[direction(slot)];
	long err;

	pthread_mutex_lock(&park_lock);
	err = is_closing(s) ? -LKL_ECANCELED : *place ? -LKL_EBUSY : 0;
	if (!err) {
		*place = slot;
		err = arm(s, slot->arg[0]);
		if (err)
			*place = NULL;
		else
			__atomic_add_fetch(&nparked, 1, __ATOMIC_SEQ_CST);
	}
	pthread_mutex_unlock(&park_lock);
	if (err)
		finish(s, slot, err);
}

/* Take what is parked for a direction, park_lock held. */
static struct lkl_async_slot *take(struct sock *s, int way)
{
	struct lkl_async_slot *slot = s->parked[way];

	s->parked[way] = NULL;
	if (slot)
		__atomic_sub_fetch(&nparked, 1, __ATOMIC_SEQ_CST);
	return slot;
}

/* End all that waits for a socket. */
static void unpark(struct sock *s, long err)
{
	struct lkl_async_slot *parked[DIRECTIONS];

	pthread_mutex_lock(&park_lock);
	for (int i = 0; i < DIRECTIONS; i++)
		parked[i] = take(s, i);
	pthread_mutex_unlock(&park_lock);
	for (int i = 0; i < DIRECTIONS; i++)
		if (parked[i])
			finish(s, parked[i], err);
}

static void try(struct sock *s, struct lkl_async_slot *slot)
{
	long ret = attempt(slot);

	if (ret == -LKL_EAGAIN)
		park(s, slot);
	else
		finish(s, slot, ret);
}

/**
 * async_socket() - Execute a request for a socket that was begun
 * @slot:	request
 */
void async_socket(struct lkl_async_slot *slot)
{
	struct sock *s = sock_of(slot);

	slot->done = 0;
	if (!s) {
		async_done(slot, -LKL_EBADF);
		return;
	}
	if (slot->op != LKL_ASYNC_CLOSE) {
		try(s, slot);
		return;
	}
	pthread_mutex_lock(&users_lock);
	__atomic_store_n(&s->closing, slot, __ATOMIC_RELEASE);
	pthread_mutex_unlock(&users_lock);
	unpark(s, -LKL_ECANCELED);
	put(s);
}

/* What is parked with a socket and may go on now. */
static void serve(int fd, unsigned int events)
{
	static const unsigned int others[DIRECTIONS] = {
		[READS] = WRITE_EVENTS, [WRITES] = READ_EVENTS,
	};
	struct lkl_async_slot *ready[DIRECTIONS];
	struct sock *s = socks[fd];
	bool rest = false;

	pthread_mutex_lock(&park_lock);
	for (int i = 0; i < DIRECTIONS; i++) {
		ready[i] = events & ~others[i] ? take(s, i) : NULL;
		rest |= !!s->parked[i];
	}
	if (rest)
		arm(s, fd);
	pthread_mutex_unlock(&park_lock);
	for (int i = 0; i < DIRECTIONS; i++)
		if (ready[i])
			try(s, ready[i]);
}

/* The kernel has halted: nothing will ever be ready. */
static void end_all(void)
{
	for (int fd = 0; fd < MAX_SOCKETS; fd++)
		if (socks[fd])
			unpark(socks[fd], -LKL_ENODEV);
}

/** async_sockets_parked() - Return: true if async_sockets_wait() has a use */
bool async_sockets_parked(void)
{
	return __atomic_load_n(&nparked, __ATOMIC_SEQ_CST);
}

/** async_wake() - End async_sockets_wait(), the next call if there is none */
void async_wake(void)
{
	eventfd_write(wakefd, 1);
}

/**
 * async_sockets_wait() - Wait for sockets, or async_wake(); serve them
 * @timeout:	milliseconds; 0: just look, -1: for ever
 */
void async_sockets_wait(int timeout)
{
	struct lkl_epoll_event events[EVENTS];
	eventfd_t value;
	long n;

	n = lkl_sys_epoll_wait(epfd, events, EVENTS, timeout);
	if (n < 0 && n != -LKL_EINTR)
		end_all();
	for (long i = 0; i < n; i++) {
		if (events[i].data == WAKE)
			eventfd_read(wakefd, &value);
		else
			serve(events[i].data, events[i].events);
	}
}
