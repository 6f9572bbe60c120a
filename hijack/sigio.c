// SPDX-License-Identifier: GPL-2.0
/*
 * sigio.c - SIGIO and SIGURG of LKL descriptors
 *
 * Theory of operation
 * -------------------
 * Who owns a descriptor (F_SETOWN) is a process or thread of the host, which the
 * LKL kernel does not know: it would say ESRCH. So owner, signal (F_SETSIG) and
 * O_ASYNC are kept here, and a thread, once there is an owner, waits for
 * what happens with an epoll set in the LKL kernel and sends the signals.
 *
 * The set is edge triggered: it tells of everything that arrives, as SIGIO does.
 * What there is already when a descriptor is added tells it, too; Linux sends
 * no signal for that, so it is skipped. That there is room to write is not told.
 *
 * On Linux all this belongs to the open file, here to the number that was used.
 * When the last descriptor is closed the set forgets it by itself; we do when
 * its number becomes another descriptor (sigio_forget()).
 */
#include "kernel.h"
#include "sigio.h"
#include "user.h"

#include <linux/sockios.h>

/**
 * struct watch - A descriptor that has an owner, or a signal of its own
 * @next:	in the list
 * @fd:		its number
 * @lkl_fd:	in the LKL kernel
 * @owner:	who is to be told; pid 0: nobody
 * @sig:	signal; 0: SIGIO, without saying more
 * @async:	O_ASYNC is set
 * @listed:	it is in the set
 * @skip:	the next event is of what there was before
 */
struct watch {
	struct watch *next;
	int fd, lkl_fd;
	struct f_owner_ex owner;
	int sig;
	bool async, listed, skip;
};

bool sigio_used;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct watch *watches;
static long set = -1;		/* LKL descriptor */
static pid_t set_of;		/* process that has the thread */

/**
 * find() - Find what is known of a descriptor
 * @fd:		its number
 * @lkl_fd:	in the LKL kernel; >= 0: make an entry if there is none
 *
 * Return: the entry, or NULL
 */
static struct watch *find(int fd, int lkl_fd)
{
	struct watch *w;

	for (w = watches; w; w = w->next)
		if (w->fd == fd)
			return w;
	w = lkl_fd >= 0 ? calloc(1, sizeof(*w)) : NULL;
	if (w) {
		w->fd = fd;
		w->lkl_fd = lkl_fd;
		w->owner.type = F_OWNER_PID;
		w->next = watches;
		watches = w;
		__atomic_store_n(&sigio_used, true, __ATOMIC_RELAXED);
	}
	return w;
}

/**
 * send_to() - Send a signal to an owner
 * @owner:	owner
 * @sig:	signal
 * @info:	what it says, NULL: nothing; another process hears nothing anyway
 */
static void send_to(const struct f_owner_ex *owner, int sig, siginfo_t *info)
{
	pid_t pid = getpid();

	if (info && owner->type == F_OWNER_TID)
		RAW(SYS_rt_tgsigqueueinfo, pid, owner->pid, sig, info);
	else if (owner->type == F_OWNER_TID)
		RAW(SYS_tgkill, pid, owner->pid, sig);
	else if (info && owner->type == F_OWNER_PID && owner->pid == pid)
		RAW(SYS_rt_sigqueueinfo, pid, sig, info);
	else
		RAW(SYS_kill, owner->type == F_OWNER_PGRP ? -owner->pid :
		    owner->pid, sig);
}

/**
 * tell() - Tell the owner of a descriptor what has happened
 * @w:		descriptor, locked
 * @events:	EPOLL*
 *
 * Only Linux itself may say POLL_IN and the like; the events say as much.
 */
static void tell(struct watch *w, uint32_t events)
{
	siginfo_t info = {
		.si_signo = w->sig, .si_code = SI_SIGIO,
	};

	info.si_band = events;
	info.si_fd = w->fd;
	if (!w->owner.pid)
		return;
	if (events & EPOLLPRI)
		send_to(&w->owner, SIGURG, NULL);
	if (w->async)
		send_to(&w->owner, w->sig ?: SIGIO, w->sig ? &info : NULL);
}

/**
 * heed() - Take what the set tells, and tell the owners
 * @events:	what it tells; locked
 * @n:		how many
 */
static void heed(const struct epoll_event *events, long n)
{
	struct watch *w;

	for (long i = 0; i < n; i++) {
		w = find(events[i].data.fd, -1);
		if (w && !w->skip)
			tell(w, events[i].events);
		if (w)
			w->skip = false;
	}
}

/* The thread: wait, and tell. */
static void *attend(void *arg)
{
	struct epoll_event events[16];
	long n;

	for (;;) {
		n = LKL(SYS_epoll_wait, (long)arg, events, ARRAY_SIZE(events),
			-1);
		if (n < 0 && n != -EINTR)
			return NULL;
		pthread_mutex_lock(&lock);
		heed(events, n);
		pthread_mutex_unlock(&lock);
	}
}

/**
 * begin() - Have a set, and a thread that attends to it
 *
 * A child of fork has none: its parent's goes on for its parent.
 *
 * Return: true, or false if they cannot be made
 */
static bool begin(void)
{
	sigset_t all, old;
	pthread_t thread;
	int err;

	if (set_of == getpid())
		return true;
	for (struct watch *w = watches; w; w = w->next)
		w->listed = false;
	set = LKL(SYS_epoll_create1, EPOLL_CLOEXEC);
	if (set < 0)
		return false;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = pthread_create(&thread, NULL, attend, (void *)set);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (err) {
		LKL(SYS_close, set);
		return false;
	}
	pthread_detach(thread);
	set_of = getpid();
	return true;
}

/**
 * update() - Have the set tell of a descriptor if its owner is to hear of it
 * @w:	descriptor, locked
 *
 * Without O_ASYNC he hears of urgent data only.
 */
static void update(struct watch *w)
{
	struct epoll_event event = {
		.events = EPOLLET | EPOLLPRI |
			  (w->async ? EPOLLIN | EPOLLRDHUP : 0),
		.data.fd = w->fd,
	};
	struct pollfd now = { .fd = w->lkl_fd, .events = event.events };
	struct epoll_event events[16];
	long n;

	if (!w->owner.pid || !begin())
		return;
	LKL(SYS_poll, &now, 1, 0);
	w->skip = now.revents & (event.events | POLLHUP | POLLERR);
	LKL(SYS_epoll_ctl, set, w->listed ? EPOLL_CTL_MOD : EPOLL_CTL_ADD,
	    w->lkl_fd, &event);
	w->listed = true;
	/* If the thread has not taken what is to be skipped yet, we do. */
	while (w->skip) {
		n = LKL(SYS_epoll_wait, set, events, ARRAY_SIZE(events), 0);
		if (n <= 0)
			break;
		heed(events, n);
	}
}

/**
 * set_owner() - F_SETOWN_EX
 * @w:		descriptor, locked
 * @owner:	new owner
 *
 * Return: 0, -EINVAL, or -ESRCH (there is no such process)
 */
static long set_owner(struct watch *w, struct f_owner_ex owner)
{
	long ret = 0;

	if (owner.pid < 0 || (unsigned int)owner.type > F_OWNER_PGRP)
		return -EINVAL;
	if (owner.pid && owner.type == F_OWNER_TID)
		ret = RAW(SYS_tgkill, getpid(), owner.pid, 0);
	else if (owner.pid)
		ret = RAW(SYS_kill, owner.type == F_OWNER_PGRP ? -owner.pid :
			  owner.pid, 0);
	if (ret == -ESRCH)
		return ret;
	w->owner = owner;
	update(w);
	return 0;
}

/* One number for a process or, negative, a group. */
static long set_owner_number(struct watch *w, int who)
{
	if (who == INT32_MIN)
		return -EINVAL;
	return set_owner(w, who < 0 ?
			 (struct f_owner_ex){ F_OWNER_PGRP, -who } :
			 (struct f_owner_ex){ F_OWNER_PID, who });
}

static int owner_number(const struct watch *w)
{
	return !w || w->owner.type == F_OWNER_TID ? 0 :
	       w->owner.type == F_OWNER_PGRP ? -w->owner.pid : w->owner.pid;
}

/**
 * sigio_fcntl() - The operations that are about signals
 * @fd:		number
 * @lkl_fd:	in the LKL kernel
 * @cmd:	F_*
 * @arg:	its argument
 * @ret:	receives the result: negative errno, or of F_GETOWN a group
 *
 * Return: false if it is another operation
 */
bool sigio_fcntl(int fd, int lkl_fd, int cmd, long arg, long *ret)
{
	bool sets = cmd == F_SETOWN || cmd == F_SETOWN_EX || cmd == F_SETSIG;
	struct f_owner_ex owner = { F_OWNER_PID, 0 };
	struct watch *w;

	if (!sets && cmd != F_GETOWN && cmd != F_GETOWN_EX && cmd != F_GETSIG)
		return false;
	if (cmd == F_SETOWN_EX &&
	    !user_copy(&owner, (void *)arg, sizeof(owner))) {
		*ret = -EFAULT;
		return true;
	}
	pthread_mutex_lock(&lock);
	w = find(fd, sets ? lkl_fd : -1);
	*ret = sets && !w ? -ENOMEM : 0;
	if (!*ret) {
		switch (cmd) {
		case F_SETOWN:
			*ret = set_owner_number(w, arg);
			break;
		case F_SETOWN_EX:
			*ret = set_owner(w, owner);
			break;
		case F_SETSIG:
			if (arg < 0 || arg > 64)
				*ret = -EINVAL;
			else
				w->sig = arg;
			break;
		case F_GETOWN:
			*ret = owner_number(w);
			break;
		case F_GETOWN_EX:
			if (w)
				owner = w->owner;
			break;
		case F_GETSIG:
			*ret = w ? w->sig : 0;
			break;
		}
	}
	pthread_mutex_unlock(&lock);
	if (cmd == F_GETOWN_EX &&
	    !user_copy((void *)arg, &owner, sizeof(owner)))
		*ret = -EFAULT;
	return true;
}

/**
 * sigio_ioctl() - The requests that are about signals
 * @fd:		number
 * @lkl_fd:	in the LKL kernel
 * @req:	request
 * @arg:	its argument
 * @ret:	receives the result, or a negative errno
 *
 * Return: false if it is another request
 */
bool sigio_ioctl(int fd, int lkl_fd, unsigned long req, void *arg, long *ret)
{
	struct watch *w;
	int who;

	switch (req) {
	case FIOSETOWN:
	case SIOCSPGRP:
		USER_GET(who, (int *)arg, fault);
		pthread_mutex_lock(&lock);
		w = find(fd, lkl_fd);
		*ret = w ? set_owner_number(w, who) : -ENOMEM;
		pthread_mutex_unlock(&lock);
		return true;
	case FIOGETOWN:
	case SIOCGPGRP:
		pthread_mutex_lock(&lock);
		who = owner_number(find(fd, -1));
		pthread_mutex_unlock(&lock);
		USER_PUT(who, (int *)arg, fault);
		*ret = 0;
		return true;
	}
	return false;
fault:
	*ret = -EFAULT;
	return true;
}

/**
 * sigio_async() - O_ASYNC of a descriptor was set
 * @fd:		number
 * @lkl_fd:	in the LKL kernel
 * @on:		to what
 */
void sigio_async(int fd, int lkl_fd, bool on)
{
	struct watch *w;

	pthread_mutex_lock(&lock);
	w = find(fd, on ? lkl_fd : -1);
	if (w && w->async != on) {
		w->async = on;
		update(w);
	}
	pthread_mutex_unlock(&lock);
}

/**
 * sigio_forget() - A number becomes another descriptor
 * @fd:	number
 */
void sigio_forget(int fd)
{
	struct watch **at, *w;

	pthread_mutex_lock(&lock);
	for (at = &watches; (w = *at); at = &w->next) {
		if (w->fd == fd) {
			*at = w->next;
			free(w);
			break;
		}
	}
	pthread_mutex_unlock(&lock);
}
