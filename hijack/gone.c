// SPDX-License-Identifier: GPL-2.0
/*
 * gone.c - What becomes of waits when the process with the kernel has ended
 *
 * Theory of operation
 * -------------------
 * A guest (hostlib/posix/guest.c) whose keeper is killed goes on, without network:
 * every call on an LKL descriptor fails with ENODEV. That will not do for waits:
 * a program that waits for its sockets and a pipe has to learn which of them is
 * to blame, else it waits again, and fails again, for ever; and an epoll instance
 * may hold nothing but host descriptors, which have nothing to do with it.
 *
 * So waits become the host's then. The placeholder of every LKL descriptor is
 * replaced by a socket that is as one whose connection was reset: to poll() it
 * is readable, writable, hung up and in error. The table stays as it is, so that
 * what the program does about it gets ENODEV. An epoll instance is
 * replaced by one of the host that holds the same, and is that from then on.
 *
 * What an instance holds only the kernel knows. So a guest keeps a note of it, for
 * which there is time: its calls take microseconds. Notes go by number; a
 * duplicate of an instance has the same. Notes of both end with the number.
 *
 * Of instances that were made before there were notes, by a program that has
 * become a guest or is none, nothing is known: waits of theirs fail with ENODEV.
 * What EPOLLONESHOT has disarmed is armed anew, and edges are told once more.
 *
 * The lock is taken with signals blocked: a handler may call us.
 */
#include "fdtab.h"
#include "gone.h"

#include <time.h>

#define KERNEL_SIGSET	8
#define NS_PER_S	1000000000LL

/**
 * struct member - What an instance holds
 * @next:	next note of the same number, or free one: index, 0: none
 * @id:		which instance, 0: free
 * @fd:		number
 * @events:	what is waited for
 * @data:	what the program wants to be told
 */
struct member {
	int32_t next, id, fd;
	uint32_t events;
	uint64_t data;
};

/**
 * struct notes - All that is known
 * @id:		by number: which instance it is, 0: none
 * @first:	by number: first member with it, 0: none
 * @members:	members; the first is never used
 */
struct notes {
	int32_t id[FDTAB_SIZE];
	int32_t first[FDTAB_SIZE];
	struct member members[FDTAB_SIZE];
};

bool gone_notes;
static struct notes *notes;

/* Members from here on have never been used; those that are free again. */
static int32_t top = 1, free_member;

static int32_t last_id;

/* Waits have become the host's. */
static bool turned;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned long mask_before_fork;

static unsigned long take_lock(void)
{
	unsigned long all = ~0UL, old;

	RAW(SYS_rt_sigprocmask, SIG_SETMASK, &all, &old, KERNEL_SIGSET);
	pthread_mutex_lock(&lock);
	return old;
}

static void give_lock(unsigned long old)
{
	pthread_mutex_unlock(&lock);
	RAW(SYS_rt_sigprocmask, SIG_SETMASK, &old, NULL, KERNEL_SIGSET);
}

/** gone_hold() - Let nobody change the notes until a fork is over */
void gone_hold(void)
{
	mask_before_fork = take_lock();
}

/** gone_release() - Undo gone_hold(); in both processes */
void gone_release(void)
{
	give_lock(mask_before_fork);
}

/* Are there notes, or can there be? They are memory that nobody has touched. */
static bool have_notes(void)
{
	long mem;

	if (notes || !lkl_is_guest())
		return notes;
	mem = RAW(SYS_mmap, NULL, sizeof(*notes), PROT_READ | PROT_WRITE,
		  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (mem < 0 && mem > -4096)
		return false;
	notes = (struct notes *)mem;
	__atomic_store_n(&gone_notes, true, __ATOMIC_RELAXED);
	return true;
}

/* The link to the note of a number in an instance, or to the end of its notes */
static int32_t *find(int32_t id, int fd)
{
	int32_t *at = &notes->first[fd];

	while (*at && notes->members[*at].id != id)
		at = &notes->members[*at].next;
	return at;
}

/* Take a member out of the list of its number. */
static void forget(int32_t *at)
{
	struct member *m = &notes->members[*at];
	int32_t i = *at;

	*at = m->next;
	m->id = 0;
	m->next = free_member;
	free_member = i;
}

static struct member *add(int32_t *at, int32_t id, int fd)
{
	int32_t i = free_member;

	if (i)
		free_member = notes->members[i].next;
	else if (top < FDTAB_SIZE)
		i = top++;
	else
		return NULL;
	*at = i;
	notes->members[i] = (struct member){ .id = id, .fd = fd };
	return &notes->members[i];
}

/**
 * gone_note_epoll() - A number is an epoll instance from now on
 * @fd:	number
 */
void gone_note_epoll(int fd)
{
	unsigned long old;

	if (!lkl_is_guest())
		return;
	old = take_lock();
	if (have_notes())
		notes->id[fd] = ++last_id;
	give_lock(old);
}

/**
 * gone_note_dup() - A number is a duplicate of another one from now on
 * @from:	the other one
 * @to:		number
 */
void gone_note_dup(int from, int to)
{
	unsigned long old;

	if (!gone_notes)
		return;
	old = take_lock();
	notes->id[to] = notes->id[from];
	give_lock(old);
}

/**
 * gone_note_ctl() - epoll_ctl() has succeeded
 * @ep:		instance
 * @op:		EPOLL_CTL_*
 * @fd:		descriptor
 * @ev:		events and data, not with EPOLL_CTL_DEL
 */
void gone_note_ctl(int ep, int op, int fd, const struct epoll_event *ev)
{
	struct member *m = NULL;
	unsigned long old;
	int32_t *at;

	if (!gone_notes)
		return;
	old = take_lock();
	if (notes->id[ep]) {
		at = find(notes->id[ep], fd);
		if (*at && op == EPOLL_CTL_DEL)
			forget(at);
		else if (*at)
			m = &notes->members[*at];
		else if (op == EPOLL_CTL_ADD)
			m = add(at, notes->id[ep], fd);
	}
	if (m) {
		m->events = ev->events;
		m->data = ev->data.u64;
	}
	give_lock(old);
}

/* Nothing has the number of an instance any more: nor is there what it holds. */
static void end_instance(int32_t id)
{
	for (int fd = 0; fd < fdtab_limit(); fd++)
		if (notes->id[fd] == id)
			return;
	for (int32_t i = 1; i < top; i++)
		if (notes->members[i].id == id)
			forget(find(id, notes->members[i].fd));
}

/**
 * gone_note_end_slow() - gone_note_end() if there are notes
 * @fd:	number
 */
void gone_note_end_slow(int fd)
{
	unsigned long old;
	int32_t id;

	if (!__atomic_load_n(&notes->id[fd], __ATOMIC_RELAXED) &&
	    !__atomic_load_n(&notes->first[fd], __ATOMIC_RELAXED))
		return;
	old = take_lock();
	id = notes->id[fd];
	notes->id[fd] = 0;
	if (id)
		end_instance(id);
	while (notes->first[fd])
		forget(&notes->first[fd]);
	give_lock(old);
}

/**
 * turn_socket() - Have a socket at a number that is as after a reset
 * @fd:	number
 *
 * Its peer had something to read when it was closed: so it has an error, which
 * nobody takes. Each number has one of its own: an instance of the host
 * forgets it when it is closed.
 */
static void turn_socket(int fd)
{
	int ends[2];

	if (RAW(SYS_socketpair, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return;
	RAW(SYS_write, ends[0], "", 1);
	RAW(SYS_close, ends[1]);
	RAW(SYS_dup3, ends[0], fd, O_CLOEXEC);
	RAW(SYS_close, ends[0]);
}

/* Have an instance of the host at a number, and at those of its duplicates. */
static void turn_instance(int first, int end)
{
	int32_t id = notes->id[first];
	int ep = RAW(SYS_epoll_create1, EPOLL_CLOEXEC);

	for (int fd = first; fd < end && ep >= 0; fd++) {
		if (notes->id[fd] != id || fdtab_get(fd) <= 0)
			continue;
		RAW(SYS_dup3, ep, fd, O_CLOEXEC);
		__atomic_store_n(&fdtab[fd], 0, __ATOMIC_RELEASE);
	}
	if (ep >= 0)
		RAW(SYS_close, ep);
}

/* An instance of the host has what was in that of the kernel. */
static void fill_instance(int ep)
{
	const struct member *m = notes->members + 1;
	struct epoll_event ev;

	for (; m < notes->members + top; m++) {
		if (m->id != notes->id[ep])
			continue;
		ev.events = m->events;
		ev.data.u64 = m->data;
		RAW(SYS_epoll_ctl, ep, EPOLL_CTL_ADD, m->fd, &ev);
	}
}

/* Let waits be the host's from now on. */
static void turn(void)
{
	int end = fdtab_limit();

	for (int fd = 0; fd < end; fd++) {
		if (fdtab_get(fd) <= 0)
			continue;
		if (notes && notes->id[fd])
			turn_instance(fd, end);
		else
			turn_socket(fd);
	}
	for (int fd = 0; notes && fd < end; fd++)
		if (notes->id[fd])
			fill_instance(fd);
}

/** gone_now_slow() - gone_now() for a call that has failed with ENODEV */
bool gone_now_slow(void)
{
	unsigned long old;

	if (!lkl_guest_is_lost() || !process_is_owner())
		return false;
	old = take_lock();
	if (!turned)
		turn();
	turned = true;
	give_lock(old);
	return true;
}

/** gone_clock_slow() - gone_clock() if there are notes */
long long gone_clock_slow(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

/**
 * gone_shorten() - A part of the time to wait has gone by
 * @left:	time to wait, updated; NULL: for ever
 * @since:	gone_clock() at its beginning
 */
void gone_shorten(struct timespec *left, long long since)
{
	long long ns;

	if (!left || !since)
		return;
	ns = gone_clock() - since;
	left->tv_sec -= ns / NS_PER_S;
	left->tv_nsec -= ns % NS_PER_S;
	if (left->tv_nsec < 0) {
		left->tv_nsec += NS_PER_S;
		left->tv_sec--;
	}
	if (left->tv_sec < 0)
		*left = (struct timespec){ 0, 0 };
}
