// SPDX-License-Identifier: GPL-2.0
/*
 * fds.c - Host descriptors of our own, out of the program's way
 *
 * Programs expect the lowest free numbers for themselves and close whatever
 * they do not know. So what we keep open lives just below the limit of open
 * files, and a bitmap tells the hijack library which numbers to spare.
 *
 * Where the limit is higher than usual ours are below the usual one: Linux makes
 * its table, which each fork copies, as big as the highest number asks for (8
 * MiB for a million), and select() looks at as much of its sets.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <lkl.h>
#include <lkl_posix.h>
#include "fds.h"
#include "raw.h"

/* Numbers from here on cannot be told from the program's. */
#define FD_MAX	(1 << 20)

/* How far below the limit, or the usual limit, our numbers start. */
#define FD_ROOM		64
#define FD_USUAL	1024

static unsigned long private_fds[FD_MAX / 64];

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

/**
 * host_fd_keep() - Move a descriptor out of the way and note that it is ours
 * @fd:	descriptor, closed; a negative value is handed through
 *
 * Return: its new number, close-on-exec, or a negative errno
 */
int host_fd_keep(int fd)
{
	struct rlimit lim = { 1024, 1024 };
	int min, high;

	if (fd < 0)
		return fd;
	RAW(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, &lim);
	if (lim.rlim_cur > FD_USUAL)
		lim.rlim_cur = FD_USUAL;
	min = lim.rlim_cur > 2 * FD_ROOM ? lim.rlim_cur - FD_ROOM : 3;
	high = RAW(SYS_fcntl, fd, F_DUPFD_CLOEXEC, min);
	if (high == -EMFILE)
		high = RAW(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 3);
	RAW(SYS_close, fd);
	host_fd_register(high);
	return high;
}

/**
 * host_fd_drop() - Close a descriptor of ours
 * @fd:	its number; negative: nothing to do
 */
void host_fd_drop(int fd)
{
	if (fd < 0)
		return;
	host_fd_unregister(fd);
	RAW(SYS_close, fd);
}

/**
 * host_fds_forked() - In the child of a fork: close all that is ours
 *
 * A child that holds on to a tap would keep it busy when its parent has ended.
 */
void host_fds_forked(void)
{
	host_fd_unregister(host_fd_heirloom);
	for (int i = 0; i < FD_MAX / 64; i++) {
		for (; private_fds[i]; private_fds[i] &= private_fds[i] - 1)
			RAW(SYS_close, i * 64 + __builtin_ctzl(private_fds[i]));
	}
	host_fd_register(host_fd_heirloom);
}

int lkl_host_fd_is_private(int fd)
{
	return fd >= 0 && fd < FD_MAX &&
	       __atomic_load_n(&private_fds[fd / 64], __ATOMIC_RELAXED) >>
	       fd % 64 & 1;
}
