// SPDX-License-Identifier: GPL-2.0
/*
 * vfork.c - A fork whose parent waits, as that of vfork() does
 *
 * The child of vfork() has our memory, so it cannot be a guest of its own
 * (guest.c); one that is to have our descriptors of the kernel has to be forked.
 * Its parent still waits until it executes a program or ends: until the other
 * end of a pipe is closed. That end is ours, and so closed in every other child
 * that is forked meanwhile.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <lkl.h>
#include <lkl_posix.h>
#include "fds.h"
#include "raw.h"

/* In the child: where its parent listens. */
static int parent = -1;

/**
 * listen_to_child() - Wait until the child executes a program, or ends
 * @fd:	our end of the pipe
 *
 * Return: what it has said, 0 for nothing
 */
static int listen_to_child(int fd)
{
	int said, err = 0;
	long n;

	do {
		n = RAW(SYS_read, fd, &said, sizeof(said));
		if (n == sizeof(said))
			err = said;
	} while (n > 0 || n == -EINTR);
	return err;
}

pid_t lkl_vfork(int *err)
{
	int ends[2], said = 0;
	long ret = RAW(SYS_pipe2, ends, O_CLOEXEC);
	pid_t pid;

	if (ret) {
		errno = -ret;
		return -1;
	}
	ends[0] = host_fd_keep(ends[0]);
	ends[1] = host_fd_keep(ends[1]);
	host_fd_heirloom = ends[1];
	pid = ends[0] < 0 || ends[1] < 0 ? -1 : fork();
	host_fd_heirloom = -1;
	if (!pid) {
		parent = ends[1];
		return 0;
	}
	host_fd_drop(ends[1]);
	if (pid > 0)
		said = listen_to_child(ends[0]);
	else if (ends[0] < 0 || ends[1] < 0)
		errno = EMFILE;
	host_fd_drop(ends[0]);
	if (err)
		*err = said;
	return pid;
}

void lkl_vfork_tell(int err)
{
	RAW(SYS_write, parent, &err, sizeof(err));
}
