// SPDX-License-Identifier: GPL-2.0
/*
 * keeper.c - What a kernel needs of the processes that are its guests
 *
 * The other side is guest.c. Descriptors and memory of a guest are reached as a
 * debugger does, which Linux allows a process with its children, unless they
 * have changed their user or may not be dumped and we are not root. A server
 * that has only put its rights aside (seteuid()) takes them up for that.
 *
 * A guest whose first thread has ended, as main() can with pthread_exit(), is
 * reached by another one.
 *
 * Which process the guest is the host says: the first message on the line comes
 * with credentials that only root can forge.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/futex.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "fds.h"
#include "host.h"
#include "raw.h"

#define CAP_WORDS _LINUX_CAPABILITY_U32S_3

/**
 * take_up() - Take up the right of a debugger, if this thread has put it aside
 * @old:	receives the rights to go back to
 *
 * Return: false if there is nothing to take up
 */
static bool take_up(struct __user_cap_data_struct old[CAP_WORDS])
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct new[CAP_WORDS];
	const unsigned int right = CAP_TO_MASK(CAP_SYS_PTRACE);

	if (RAW(SYS_capget, &head, old) || old->effective & right ||
	    !(old->permitted & right))
		return false;
	memcpy(new, old, sizeof(new));
	new->effective |= right;
	return !RAW(SYS_capset, &head, new);
}

static void put_aside(const struct __user_cap_data_struct old[CAP_WORDS])
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };

	RAW(SYS_capset, &head, old);
}

/* WITH_RIGHTS() - the result of a call that a debugger may make */
#define WITH_RIGHTS(call)						\
	({								\
		struct __user_cap_data_struct old_[CAP_WORDS];		\
		long ret_ = call;					\
									\
		if (ret_ == -EPERM && take_up(old_)) {			\
			ret_ = call;					\
			put_aside(old_);				\
		}							\
		ret_;							\
	})

/* What is wanted of a guest, and how: @pid is one of its threads. */
typedef long reach_fn(int pid, const void *what);

/**
 * by_others() - Reach a guest by a thread that is not the first
 * @pid:	its process id
 * @reach:	what to do; -ESRCH: not by this thread
 * @what:	for @reach
 *
 * Return: what @reach does, -ESRCH if there is no such thread
 */
static long by_others(int pid, reach_fn *reach, const void *what)
{
	char path[32], buf[1024] __attribute__((aligned(8)));
	long dir, n, ret = -ESRCH;
	struct dirent64 *d;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	dir = RAW(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
	while (dir >= 0 && ret == -ESRCH &&
	       (n = RAW(SYS_getdents64, dir, buf, sizeof(buf))) > 0)
		for (long at = 0; at < n && ret == -ESRCH; at += d->d_reclen) {
			d = (struct dirent64 *)(buf + at);
			if (atoi(d->d_name) && atoi(d->d_name) != pid)
				ret = reach(atoi(d->d_name), what);
		}
	if (dir >= 0)
		RAW(SYS_close, dir);
	return ret;
}

/* Linux has had this since 6.9; before, it says -EINVAL. */
#ifndef PIDFD_THREAD
#define PIDFD_THREAD O_EXCL
#endif

static long get_fd(int pid, int flags, int fd)
{
	long process = RAW(SYS_pidfd_open, pid, flags), got;

	if (process < 0)
		return process;
	got = WITH_RIGHTS(RAW(SYS_pidfd_getfd, process, fd, 0));
	RAW(SYS_close, process);
	return got;
}

static long get_fd_of_thread(int pid, const void *what)
{
	return get_fd(pid, PIDFD_THREAD, *(const int *)what);
}

int host_guest_fd(int pid, int fd)
{
	long got;

	if (!pid)
		return host_fd_keep(RAW(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 3));
	got = get_fd(pid, 0, fd);
	if (got == -ESRCH)
		got = by_others(pid, get_fd_of_thread, &fd);
	return host_fd_keep(got);
}

void *host_guest_map(int fd, unsigned long size)
{
	long mem = RAW(SYS_mmap, 0, size, PROT_READ | PROT_WRITE, MAP_SHARED,
		       fd, 0);

	if (mem < 0 && mem > -4096)
		return NULL;
	RAW(SYS_madvise, mem, size, MADV_DONTFORK);
	return (void *)mem;
}

void host_guest_unmap(void *mem, unsigned long size)
{
	RAW(SYS_munmap, mem, size);
}

/* The process id that comes with a message, 0: there is none */
static int sender(struct msghdr *msg)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(msg);

	if (!c || c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_CREDENTIALS)
		return 0;
	return ((struct ucred *)CMSG_DATA(c))->pid;
}

int host_guest_life(int fd)
{
	char byte, control[CMSG_SPACE(sizeof(struct ucred))];
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	long n = RAW(SYS_recvmsg, fd, &msg, MSG_DONTWAIT);

	if (n == -EAGAIN || n == -EINTR)
		return 0;
	return n <= 0 ? -1 : sender(&msg);
}

/**
 * struct copying - Memory to be copied
 * @near:	here
 * @far:	there
 * @nr:		SYS_process_vm_readv or _writev
 */
struct copying {
	struct iovec near, far;
	long nr;
};

static long copy(int pid, const void *what)
{
	const struct copying *c = what;

	return WITH_RIGHTS(RAW(c->nr, pid, &c->near, 1, &c->far, 1, 0));
}

unsigned long host_guest_copy(int pid, void *here, unsigned long there,
			      unsigned long n, int put)
{
	const struct copying c = {
		.near = { here, n }, .far = { (void *)there, n },
		.nr = put ? SYS_process_vm_writev : SYS_process_vm_readv,
	};
	long done = n;

	if (n)
		done = copy(pid, &c);
	if (unlikely(done == -ESRCH))
		done = by_others(pid, copy, &c);
	return n - (done < 0 ? 0 : done);
}

void host_guest_wake(unsigned int *word)
{
	RAW(SYS_futex, word, FUTEX_WAKE, 1);
}

void host_guest_tell(int fd)
{
	RAW(SYS_sendto, fd, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL, NULL, 0);
}
