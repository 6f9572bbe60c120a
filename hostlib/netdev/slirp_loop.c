// SPDX-License-Identifier: GPL-2.0
/*
 * slirp_loop.c - The thread that runs libslirp
 *
 * Nothing here calls the LKL kernel. The loop ends when the other end of the
 * socket to the device is shut down and, if that is asked for, the host has
 * taken what the guest has sent.
 */
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "posix/fds.h"
#include "posix/host.h"
#include "slirp_loop.h"

/* Frames of the guest between two looks at the sockets. */
#define FRAMES_AT_ONCE	64

/* Milliseconds that the guest has for its first frame. */
#define FIRST_FRAME	2000

/* struct poll_timer.due of a timer that does not run */
#define NEVER		INT64_MAX

/**
 * struct poll_timer - A timer of libslirp
 * @next:	next of the list
 * @id:		what libslirp calls it
 * @opaque:	libslirp's
 * @due:	when, in ms of the clock, or NEVER
 */
struct poll_timer {
	struct poll_timer *next;
	SlirpTimerId id;
	void *opaque;
	int64_t due;
};

/* What libslirp calls; @opaque is the loop. */

/**
 * send_packet() - Give the guest a frame; waits for room
 *
 * Return: @len always; fails only while the backend is freed, and libslirp
 * would print that
 */
static ssize_t send_packet(const void *buf, size_t len, void *opaque)
{
	struct slirp_loop *loop = opaque;

	send(loop->fd, buf, len, MSG_NOSIGNAL);
	return len;
}

/** guest_error() - The guest sent nonsense; that is its own business */
static void guest_error(const char *msg, void *opaque)
{
	(void)msg;
	(void)opaque;
}

/** clock_get_ns() - Return: monotonic time in ns */
static int64_t clock_get_ns(void *opaque)
{
	struct timespec now;

	(void)opaque;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/** timer_new() - Return: a timer that does not run yet, NULL: no memory */
static void *timer_new(SlirpTimerId id, void *timer_opaque, void *opaque)
{
	struct slirp_loop *loop = opaque;
	struct poll_timer *t = malloc(sizeof(*t));

	if (t) {
		*t = (struct poll_timer){
			.next = loop->timers, .id = id,
			.opaque = timer_opaque, .due = NEVER,
		};
		loop->timers = t;
	}
	return t;
}

/** timer_free() - Remove a timer */
static void timer_free(void *timer, void *opaque)
{
	struct slirp_loop *loop = opaque;
	struct poll_timer **at = &loop->timers;

	while (*at && *at != timer)
		at = &(*at)->next;
	if (*at)
		*at = (*at)->next;
	free(timer);
}

/** timer_mod() - Start a timer; @due in ms of clock_get_ns() */
static void timer_mod(void *timer, int64_t due, void *opaque)
{
	struct poll_timer *t = timer;

	(void)opaque;
	t->due = due;
}

/** claim_fd() - A new socket: the program and its children keep off it */
static void claim_fd(int fd, void *opaque)
{
	(void)opaque;
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	host_fd_register(fd);
}

/**
 * disclaim_fd() - A socket is about to be closed
 *
 * One that the hijack library has moved stays ours: so it knows whom it closes.
 */
static void disclaim_fd(int fd, void *opaque)
{
	(void)opaque;
	if (!host_fd_is_above(fd))
		host_fd_unregister(fd);
}

/** notify() - There is room for data of a guest forward: we have none */
static void notify(void *opaque)
{
	(void)opaque;
}

const SlirpCb slirp_loop_callbacks = {
	.send_packet = send_packet,
	.guest_error = guest_error,
	.clock_get_ns = clock_get_ns,
	.timer_new_opaque = timer_new,
	.timer_free = timer_free,
	.timer_mod = timer_mod,
	.register_poll_fd = claim_fd,
	.unregister_poll_fd = disclaim_fd,
	.notify = notify,
};

/* The SLIRP_POLL_* bits are not those of poll(2). */
static const struct {
	int slirp;
	short poll;
} poll_bits[] = {
	{ SLIRP_POLL_IN, POLLIN },
	{ SLIRP_POLL_OUT, POLLOUT },
	{ SLIRP_POLL_PRI, POLLPRI },
	{ SLIRP_POLL_ERR, POLLERR },
	{ SLIRP_POLL_HUP, POLLHUP },
};

#define POLL_BITS (sizeof(poll_bits) / sizeof(*poll_bits))

/**
 * add_poll() - Add a descriptor to those to be polled
 * @fd:		descriptor
 * @events:	SLIRP_POLL_*
 * @opaque:	the loop
 *
 * Return: its index; -1: no memory, it is polled another time
 */
static int add_poll(int fd, int events, void *opaque)
{
	struct slirp_loop *loop = opaque;
	struct pollfd pfd = { .fd = fd };

	for (size_t i = 0; i < POLL_BITS; i++)
		if (events & poll_bits[i].slirp)
			pfd.events |= poll_bits[i].poll;
	if (loop->count == loop->room) {
		int room = 2 * loop->room;
		void *fds = realloc(loop->fds, room * sizeof(*loop->fds));

		if (!fds)
			return -1;
		loop->fds = fds;
		loop->room = room;
	}
	loop->fds[loop->count] = pfd;
	return loop->count++;
}

/**
 * get_revents() - What a descriptor is ready for
 * @idx:	index that add_poll() gave
 * @opaque:	the loop
 *
 * Return: SLIRP_POLL_*
 */
static int get_revents(int idx, void *opaque)
{
	struct slirp_loop *loop = opaque;
	int events = 0;

	if (idx < 0)
		return 0;
	for (size_t i = 0; i < POLL_BITS; i++)
		if (loop->fds[idx].revents & poll_bits[i].poll)
			events |= poll_bits[i].slirp;
	return events;
}

/**
 * run_timers() - Call the timers that are due
 * @loop:	the loop
 */
static void run_timers(struct slirp_loop *loop)
{
	int64_t now = clock_get_ns(loop) / 1000000;

	for (struct poll_timer *t = loop->timers, *next; t; t = next) {
		next = t->next;
		if (t->due <= now) {
			t->due = NEVER;
			slirp_lib.handle_timer(loop->slirp, t->id, t->opaque);
		}
	}
}

/**
 * poll_timeout() - How long may poll() take?
 * @loop:	the loop
 * @timeout:	what libslirp allows, in ms
 *
 * Return: ms, -1 for ever
 */
static int poll_timeout(const struct slirp_loop *loop, uint32_t timeout)
{
	int64_t now = clock_get_ns(NULL) / 1000000;
	int64_t left = timeout;

	for (const struct poll_timer *t = loop->timers; t; t = t->next)
		if (t->due != NEVER && t->due - now < left)
			left = t->due > now ? t->due - now : 0;
	return left > INT_MAX ? -1 : left;
}

/**
 * take_frames() - Give libslirp what the guest has sent
 * @loop:	the loop
 *
 * Return: false: the backend is being freed
 */
static bool take_frames(struct slirp_loop *loop)
{
	for (int i = 0; i < FRAMES_AT_ONCE; i++) {
		ssize_t len = recv(loop->fd, loop->frame, sizeof(loop->frame),
				   MSG_DONTWAIT);

		if (len < 0)
			return true;
		if (len == 0)
			return false;
		slirp_lib.input(loop->slirp, loop->frame, len);
	}
	return true;
}

/**
 * await_guest() - Wait for a frame of the guest: its interface is up then
 * @loop:	the loop
 *
 * A connection to a forwarded port stays in the host's queue so long. libslirp
 * would offer it to nobody, and for the second time after six seconds only.
 */
static void await_guest(const struct slirp_loop *loop)
{
	struct pollfd pfd = { .fd = loop->fd, .events = POLLIN };

	poll(&pfd, 1, FIRST_FRAME);
}

/**
 * undelivered() - Does libslirp hold something that the host has yet to take?
 * @loop:	the loop
 *
 * Only its list of connections for users tells: each line ends with the bytes
 * on the way to the host and to the guest.
 *
 * Return: true if so
 */
static bool undelivered(struct slirp_loop *loop)
{
	char *list = slirp_lib.connection_info(loop->slirp);
	bool any = false;
	char *rest = list, *line;
	int ends;

	while ((line = strsep(&rest, "\n"))) {
		ends = strlen(line);
		for (int column = 0; column < 2; column++) {
			while (ends && line[ends - 1] != ' ')
				ends--;
			while (column == 0 && ends && line[ends - 1] == ' ')
				ends--;
		}
		any |= atoi(line + ends) > 0;
	}
	free(list);
	return any;
}

/**
 * serve() - Do what there is to do for the sockets, wait for more
 * @loop:	the loop
 * @guest:	and for frames of the guest
 */
static void serve(struct slirp_loop *loop, bool guest)
{
	uint32_t timeout = UINT32_MAX;
	int ready, ms;

	loop->count = 0;
	if (guest)
		add_poll(loop->fd, SLIRP_POLL_IN, loop);
	slirp_lib.pollfds_fill(loop->slirp, &timeout, add_poll, loop);
	ms = poll_timeout(loop, timeout);
	pthread_mutex_unlock(&loop->lock);
	ready = poll(loop->fds, loop->count, ms);
	pthread_mutex_lock(&loop->lock);
	slirp_lib.pollfds_poll(loop->slirp, ready < 0, get_revents, loop);
	run_timers(loop);
}

/**
 * slirp_loop_run() - Body of the thread
 * @arg:	the loop
 *
 * Return: NULL, after the other end of the socket was shut down
 */
void *slirp_loop_run(void *arg)
{
	struct slirp_loop *loop = arg;

	host_thread_uncount(1);
	if (!loop->begun)
		await_guest(loop);
	pthread_mutex_lock(&loop->lock);
	loop->begun = true;
	do
		serve(loop, true);
	while (take_frames(loop));
	while (__atomic_load_n(&loop->finish, __ATOMIC_ACQUIRE) &&
	       undelivered(loop))
		serve(loop, false);
	pthread_mutex_unlock(&loop->lock);
	host_thread_uncount(-1);
	return NULL;
}

