// SPDX-License-Identifier: GPL-2.0
/*
 * keeper.c - What a kernel needs of the processes that are its guests
 *
 * The other side is guest.c. Descriptors and memory of a guest are reached as a
 * debugger does, which Linux allows a process with its children, unless they
 * have changed their user or may not be dumped and we are not root. A server
 * that has only put its rights aside (seteuid()) takes them up for that.
 *
 * Which process the guest is the host says: the first message on the line comes
 * with credentials that only root can forge.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/futex.h>
#include <stdbool.h>
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

int host_guest_fd(int pid, int fd)
{
	long process, got;

	if (!pid)
		return host_fd_keep(RAW(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 3));
	process = RAW(SYS_pidfd_open, pid, 0);
	if (process < 0)
		return process;
	got = WITH_RIGHTS(RAW(SYS_pidfd_getfd, process, fd, 0));
	RAW(SYS_close, process);
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

unsigned long host_guest_copy(int pid, void *here, unsigned long there,
			      unsigned long n, int put)
{
	struct iovec near = { here, n }, far = { (void *)there, n };
	long done = n;

	if (n)
		done = WITH_RIGHTS(RAW(put ? SYS_process_vm_writev :
					     SYS_process_vm_readv,
				       pid, &near, 1, &far, 1, 0));
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
