// SPDX-License-Identifier: GPL-2.0
/*
 * signalfd.c - Signal descriptors of a guest, in waits of its keeper's kernel
 *
 * Theory of operation
 * -------------------
 * Whether a signalfd is ready depends on who asks: it tells about the signals
 * of that process, and of that thread. The keeper would hear of its own. So the
 * kernel watches a pipe in its place, which threads of the guest fill or empty
 * when they have asked the host. Each of them asks
 *
 *   - before it waits, because the signal may have been read meanwhile,
 *   - and when the host wakes it: with signalfds around, threads of a guest
 *     sleep in host_signalfds_sleep(), which an answer of the kernel ends, too.
 *
 * A signal that comes when another is still there has to be an edge again, but
 * being asked once more must be none. What is new an epoll instance tells, that
 * holds the signalfds as edge triggered; a byte more in the pipe is an edge.
 *
 * Races considered
 * - Who empties a pipe asks again: a signal may just have come, and another
 *   thread have filled it.
 * - A signal may be for one thread, and others find nothing and empty the
 *   pipe. So who has filled it sleeps until somebody does; it has room for
 *   one page, and is writable only if it is empty.
 * - A thread that sleeps does not know a signalfd that another one adds: it
 *   is woken (host_guest_stir()), or the epoll instance wakes it.
 *
 * Pipes are kept for the next signalfd: another thread may be about to write.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>

#include <lkl.h>
#include <lkl_posix.h>
#include "fds.h"
#include "host.h"
#include "raw.h"

#define SLOTS	16
#define PAGE	4096

/**
 * struct slot - A signalfd that the kernel has a stand-in for
 * @used:	not 0: in use, or about to be
 * @fd:		the signalfd, 0: none
 * @lkl_fd:	descriptor of the stand-in
 * @in:		end of the pipe that the kernel watches, 0: there is no pipe yet
 * @out:	the other end
 */
static struct slot {
	unsigned int used;
	int fd;
	int lkl_fd;
	int in;
	int out;
} slots[SLOTS];

/* How many are in use. */
int host_signalfds;

/* The epoll instance, 0: there is none yet. */
static int news;

/**
 * host_is_signalfd() - Is a descriptor a signalfd?
 * @fd:	descriptor, may be invalid
 *
 * Return: true if so
 */
bool host_is_signalfd(int fd)
{
	static const char kind[] = "anon_inode:[signalfd]";
	char path[32], link[sizeof(kind)];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return RAW(SYS_readlink, path, link, sizeof(link)) == sizeof(kind) - 1 &&
	       !memcmp(link, kind, sizeof(kind) - 1);
}

static void fill(const struct slot *s)
{
	RAW(SYS_write, s->out, "", 1);
}

static void empty(const struct slot *s)
{
	char page[PAGE];

	RAW(SYS_read, s->in, page, sizeof(page));
}

static int load_fd(const struct slot *s)
{
	return __atomic_load_n(&s->fd, __ATOMIC_ACQUIRE);
}

/* Is there a signal for this thread now? */
static bool is_ready(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	const struct timespec now = { };

	return RAW(SYS_ppoll, &p, 1, &now, NULL, KERNEL_SIGSET) == 1 &&
	       p.revents & POLLIN;
}

static void free_slot(struct slot *s)
{
	if (!__atomic_exchange_n(&s->fd, 0, __ATOMIC_SEQ_CST))
		return;		/* another thread was faster */
	__atomic_sub_fetch(&host_signalfds, 1, __ATOMIC_SEQ_CST);
	__atomic_store_n(&s->used, 0, __ATOMIC_SEQ_CST);
}

static int make_pipe(struct slot *s)
{
	int ends[2], in, out;
	int err = RAW(SYS_pipe2, ends, O_NONBLOCK | O_CLOEXEC);

	if (err)
		return err;
	RAW(SYS_fcntl, ends[1], F_SETPIPE_SZ, PAGE);
	in = host_fd_keep(ends[0]);
	out = host_fd_keep(ends[1]);
	if (in < 0 || out < 0) {
		host_fd_drop(in);
		host_fd_drop(out);
		return -EMFILE;
	}
	s->in = in;
	s->out = out;
	return 0;
}

static int make_news(void)
{
	int none = 0, fd;

	if (__atomic_load_n(&news, __ATOMIC_ACQUIRE))
		return 0;
	fd = host_fd_keep(RAW(SYS_epoll_create1, EPOLL_CLOEXEC));
	if (fd >= 0 && !__atomic_compare_exchange_n(&news, &none, fd, false,
						    __ATOMIC_SEQ_CST,
						    __ATOMIC_SEQ_CST))
		host_fd_drop(fd);
	return fd < 0 ? fd : 0;
}

/**
 * stand_in() - Make a stand-in for a signalfd
 * @fd:		the signalfd
 * @s:		a slot for it
 *
 * Return: descriptor of the kernel, or a negative errno
 */
static long stand_in(int fd, struct slot *s)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLET, .data.fd = fd };
	long ret = make_news();

	if (!ret && !s->in)
		ret = make_pipe(s);
	if (ret)
		return ret;
	empty(s);
	ret = lkl_syscall(LKL_NR_hostfd, (long[6]){ s->in });
	if (ret < 0)
		return ret;
	s->lkl_fd = ret;
	__atomic_store_n(&s->fd, fd, __ATOMIC_RELEASE);
	__atomic_add_fetch(&host_signalfds, 1, __ATOMIC_SEQ_CST);
	RAW(SYS_epoll_ctl, news, EPOLL_CTL_ADD, fd, &ev);
	host_guest_stir();
	return ret;
}

long lkl_hostfd(int fd)
{
	struct slot *s = slots;
	long ret;

	if (!host_is_guest || !host_is_signalfd(fd))
		return lkl_syscall(LKL_NR_hostfd, (long[6]){ fd });
	while (__atomic_exchange_n(&s->used, 1, __ATOMIC_SEQ_CST))
		if (++s == slots + SLOTS)
			return -ENOSPC;
	ret = stand_in(fd, s);
	if (ret < 0)
		__atomic_store_n(&s->used, 0, __ATOMIC_SEQ_CST);
	return ret;
}

long lkl_hostfd_close(int lkl_fd)
{
	struct epoll_event ev;
	int fd;

	for (struct slot *s = slots; host_signalfds && s < slots + SLOTS; s++) {
		fd = load_fd(s);
		if (!fd || s->lkl_fd != lkl_fd)
			continue;
		RAW(SYS_epoll_ctl, news, EPOLL_CTL_DEL, fd, &ev);
		free_slot(s);
		break;
	}
	return lkl_syscall(SYS_close, (long[6]){ lkl_fd });
}

/* Which of them have had a signal since somebody asked: bits of @fds */
static unsigned int take_news(const int fds[SLOTS])
{
	struct epoll_event evs[SLOTS];
	unsigned int bits = 0;
	int n = RAW(SYS_epoll_pwait, news, evs, SLOTS, 0, NULL, KERNEL_SIGSET);

	while (n-- > 0)
		for (int i = 0; i < SLOTS; i++)
			if (fds[i] == evs[n].data.fd)
				bits |= 1U << i;
	return bits;
}

/**
 * host_signalfds_ask() - Ask the host about signalfds, and let the kernel know
 * @self:	the calling thread, a guest's
 */
void host_signalfds_ask(struct host_thread *self)
{
	struct pollfd set[2 * SLOTS + 1], *p = set;
	const struct timespec now = { };
	unsigned int new, bit;
	int fds[SLOTS];

	*p++ = (struct pollfd){ news, POLLIN, 0 };
	for (int i = 0; i < SLOTS; i++) {
		fds[i] = load_fd(slots + i);
		if (!fds[i])
			continue;
		*p++ = (struct pollfd){ fds[i], POLLIN, 0 };
		*p++ = (struct pollfd){ slots[i].in, POLLIN, 0 };
	}
	self->signalfds = 0;
	if (RAW(SYS_ppoll, set, p - set, &now, NULL, KERNEL_SIGSET) <= 0)
		return;
	new = set->revents ? take_news(fds) : 0;
	p = set + 1;
	for (int i = 0; i < SLOTS; i++) {
		if (!fds[i])
			continue;
		bit = 1U << i;
		if (p[0].revents & POLLIN) {
			self->signalfds |= bit;
			if (new & bit || !p[1].revents)
				fill(slots + i);
		} else if (p[1].revents) {
			empty(slots + i);
			if (is_ready(fds[i])) {
				self->signalfds |= bit;
				fill(slots + i);
			}
		}
		p += 2;
	}
}

/**
 * host_signalfds_sleep() - Sleep until there is an answer, or a signal
 * @self:	the calling thread, a guest's
 * @line:	where a byte comes with an answer
 * @look:	how long at most
 *
 * Return: what has happened to @line (POLL*), 0: nothing, or a negative errno
 */
int host_signalfds_sleep(struct host_thread *self, int line,
			 const struct timespec *look)
{
	struct timespec left = *look;
	struct pollfd set[SLOTS + 2];
	bool asks = false;
	int of[SLOTS + 2], n = 2, fd;
	long ret;

	set[0] = (struct pollfd){ line, POLLIN, 0 };
	set[1] = (struct pollfd){ news, POLLIN, 0 };
	for (int i = 0; i < SLOTS; i++) {
		fd = load_fd(slots + i);
		if (!fd)
			continue;
		of[n] = i;
		if (self->signalfds >> i & 1)
			set[n++] = (struct pollfd){ slots[i].out, POLLOUT, 0 };
		else
			set[n++] = (struct pollfd){ fd, POLLIN, 0 };
	}
	ret = RAW(SYS_ppoll, set, n, &left, NULL, KERNEL_SIGSET);
	if (ret <= 0)
		return ret;
	for (int i = 1; i < n; i++) {
		asks |= set[i].revents;
		if (set[i].revents & POLLNVAL)	/* closed unseen by us */
			free_slot(slots + of[i]);
	}
	if (asks)
		host_signalfds_ask(self);
	return set[0].revents;
}

/** host_signalfds_forked() - In the child of a fork: those were the parent's */
void host_signalfds_forked(void)
{
	memset(slots, 0, sizeof(slots));
	host_signalfds = news = 0;
}
