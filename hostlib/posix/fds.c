// SPDX-License-Identifier: GPL-2.0
/*
 * fds.c - Host descriptors of our own, out of the program's way
 *
 * Programs expect the lowest free numbers for themselves, close whatever they do
 * not know, run into the limit of open files and may want any number below it. So
 * ours are above the limit that the program knows: each raises the real one by
 * one, as far as that is allowed. A bitmap tells the hijack library which
 * numbers to spare, and lkl_host_nofile() which limit to show. One that is given
 * up is filled, so that the program does not get it, and used again.
 *
 * Where the limit is higher than usual ours begin at the usual one: Linux makes
 * its table, which each fork copies, as big as the highest number asks for (8
 * MiB for a million). Nobody counts there, so the limit stays as it is.
 *
 * Where the limit cannot be raised ours are just below it.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <unistd.h>

#include <lkl.h>
#include <lkl_posix.h>
#include "fds.h"
#include "raw.h"

/* Numbers from here on cannot be told from the program's. */
#define FD_MAX	(1 << 20)

/* How many numbers above the limit are ours at most, or below it. */
#define FD_ROOM		64
#define FD_USUAL	1024

static unsigned long private_fds[FD_MAX / 64];

/*
 * Our numbers above the limit, from .start on; 0: not yet known. The soft limit is
 * .raised higher than what the program has, the hard one .hard_raised. The
 * numbers of .idle are those of .filler, which can do nothing.
 */
static struct {
	pthread_mutex_t lock;
	int start;
	int raised;
	rlim_t hard_raised;
	int filler;
	uint64_t idle;
} above = { .lock = PTHREAD_MUTEX_INITIALIZER, .filler = -1 };

/* What a child that this thread forks keeps of ours; -1: nothing. */
__thread int host_fd_heirloom = -1;

/**
 * host_fd_register() - Note that a descriptor is ours
 * @fd:	its number
 */
void host_fd_register(int fd)
{
	if (fd >= 0 && fd < FD_MAX)
		__atomic_or_fetch(&private_fds[fd / 64], 1UL << fd % 64,
				  __ATOMIC_RELAXED);
}

/**
 * host_fd_unregister() - The descriptor is ours no more
 * @fd:	its number
 */
void host_fd_unregister(int fd)
{
	if (fd >= 0 && fd < FD_MAX)
		__atomic_and_fetch(&private_fds[fd / 64], ~(1UL << fd % 64),
				   __ATOMIC_RELAXED);
}

/* The real limit. */
static struct rlimit real_limit(void)
{
	struct rlimit lim = { FD_USUAL, FD_USUAL };

	RAW(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, &lim);
	return lim;
}

/* By how much the soft limit is higher than the program's. */
static int soft_extra(const struct rlimit *lim)
{
	return lim->rlim_cur >= (rlim_t)above.start + above.raised ?
	       above.raised : 0;
}

/**
 * raise_limit() - Have one more number above the program's limit
 * @lim:	the real limit, updated
 *
 * Return: true, or false if it is not allowed, or not worth it
 */
static bool raise_limit(struct rlimit *lim)
{
	struct rlimit more = { lim->rlim_cur + 1, lim->rlim_max };

	/* Not if the program has lowered its own since. */
	if (above.raised >= FD_ROOM ||
	    lim->rlim_cur < (rlim_t)above.start + above.raised ||
	    (!above.raised && lim->rlim_cur > FD_USUAL + FD_ROOM))
		return false;
	if (more.rlim_max < more.rlim_cur)
		more.rlim_max = more.rlim_cur;
	if (RAW(SYS_prlimit64, 0, RLIMIT_NOFILE, &more, NULL))
		return false;
	above.raised++;
	above.hard_raised += more.rlim_max - lim->rlim_max;
	*lim = more;
	return true;
}

/**
 * dup_above() - Duplicate a descriptor to a number above the program's limit
 * @fd:	descriptor
 *
 * Return: its number, or a negative errno: there is none
 */
static int dup_above(int fd)
{
	struct rlimit lim = real_limit();
	int n, slot;

	if (above.idle) {
		slot = __builtin_ctzl(above.idle);
		above.idle &= above.idle - 1;
		return RAW(SYS_dup3, fd, above.start + slot, O_CLOEXEC);
	}
	if (!above.start)
		above.start = lim.rlim_cur < FD_USUAL ? lim.rlim_cur : FD_USUAL;
	do
		n = raise_limit(&lim) || lim.rlim_cur > FD_USUAL ?
		    RAW(SYS_fcntl, fd, F_DUPFD_CLOEXEC, above.start) : -EPERM;
	while (n == -EMFILE && above.raised && above.raised < FD_ROOM);
	return n;
}

/* dup_below() - the same below it: where it cannot be raised. */
static int dup_below(int fd)
{
	rlim_t cur = real_limit().rlim_cur;
	int high = -EMFILE;

	if (cur > 2 * FD_ROOM)
		high = RAW(SYS_fcntl, fd, F_DUPFD_CLOEXEC,
			   (cur < FD_USUAL ? cur : FD_USUAL) - FD_ROOM);
	return high < 0 ? RAW(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 3) : high;
}

/* Open the descriptor that idle numbers are duplicates of. */
static void open_filler(void)
{
	int fd = RAW(SYS_openat, AT_FDCWD, "/", O_PATH | O_CLOEXEC);

	if (fd < 0)
		return;
	above.filler = dup_above(fd);
	RAW(SYS_close, fd);
	host_fd_register(above.filler);
}

/**
 * host_fd_keep() - Move a descriptor out of the way and note that it is ours
 * @fd:	descriptor, closed; a negative value is handed through
 *
 * Return: its new number, close-on-exec, or a negative errno
 */
int host_fd_keep(int fd)
{
	int high;

	if (fd < 0)
		return fd;
	pthread_mutex_lock(&above.lock);
	if (above.filler < 0)
		open_filler();
	high = dup_above(fd);
	if (high < 0)
		high = dup_below(fd);
	host_fd_register(high);
	pthread_mutex_unlock(&above.lock);
	RAW(SYS_close, fd);
	return high;
}

int lkl_host_fd_keep(int fd)
{
	fd = host_fd_keep(fd);
	host_fd_unregister(fd);
	return fd;
}

void lkl_host_fd_hide(int fd)
{
	host_fd_register(fd);
}

/**
 * host_fd_is_above() - Is a number one that the limit was raised for?
 * @fd:	number
 *
 * Return: true if so: it has to stay ours, and closed by host_fd_drop()
 */
bool host_fd_is_above(int fd)
{
	return above.start && fd >= above.start &&
	       fd < above.start + above.raised;
}

/* give_up() - close a number of ours; locked. */
static void give_up(int fd)
{
	if (host_fd_is_above(fd) && above.filler >= 0 &&
	    RAW(SYS_dup3, above.filler, fd, O_CLOEXEC) >= 0) {
		above.idle |= 1UL << (fd - above.start);
		return;
	}
	host_fd_unregister(fd);
	RAW(SYS_close, fd);
}

/**
 * host_fd_drop() - Close a descriptor of ours
 * @fd:	its number; negative: nothing to do
 */
void host_fd_drop(int fd)
{
	if (fd < 0)
		return;
	pthread_mutex_lock(&above.lock);
	give_up(fd);
	pthread_mutex_unlock(&above.lock);
}

void lkl_host_fd_drop(int fd)
{
	host_fd_drop(fd);
}

/**
 * host_fds_forked() - In the child of a fork: close all that is ours
 *
 * A child that holds on to a tap would keep it busy when its parent has ended.
 */
void host_fds_forked(void)
{
	unsigned long bits;

	pthread_mutex_init(&above.lock, NULL);
	host_fd_unregister(host_fd_heirloom);
	host_fd_unregister(above.filler);
	for (int i = 0; i < FD_MAX / 64; i++)
		for (bits = private_fds[i]; bits; bits &= bits - 1)
			give_up(i * 64 + __builtin_ctzl(bits));
	host_fd_register(above.filler);
	host_fd_register(host_fd_heirloom);
}

/** host_fds_hold() - Let nobody change what is ours until a fork is over */
void host_fds_hold(void)
{
	pthread_mutex_lock(&above.lock);
}

/** host_fds_release() - Undo host_fds_hold(); in both processes */
void host_fds_release(void)
{
	pthread_mutex_unlock(&above.lock);
}

int lkl_host_nofile(const struct rlimit *new, struct rlimit *old)
{
	struct rlimit real, want;
	long ret = 0;

	pthread_mutex_lock(&above.lock);
	real = real_limit();
	if (old) {
		old->rlim_cur = real.rlim_cur - soft_extra(&real);
		old->rlim_max = real.rlim_max - above.hard_raised;
	}
	if (new) {
		want = *new;
		if (want.rlim_cur > want.rlim_max) {
			ret = -EINVAL;
			goto end;
		}
		if (want.rlim_cur >= (rlim_t)above.start)
			want.rlim_cur += above.raised;
		want.rlim_max += above.hard_raised;
		if (want.rlim_max < want.rlim_cur)
			want.rlim_max = want.rlim_cur;
		ret = RAW(SYS_prlimit64, 0, RLIMIT_NOFILE, &want, NULL);
		if (!ret)
			above.hard_raised = want.rlim_max - new->rlim_max;
	}
end:
	pthread_mutex_unlock(&above.lock);
	return ret;
}

int lkl_host_fd_is_private(int fd)
{
	return fd >= 0 && fd < FD_MAX &&
	       __atomic_load_n(&private_fds[fd / 64], __ATOMIC_RELAXED) >>
	       fd % 64 & 1;
}
