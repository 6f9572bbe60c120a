// SPDX-License-Identifier: GPL-2.0
/*
 * keeper.c - What a kernel needs of the processes that are its guests
 *
 * The other side is guest.c. Descriptors and memory of a guest are reached as a
 * debugger does, which Linux allows a process with its children, unless they
 * have changed their user or may not be dumped and we are not root.
 *
 * Which process the guest is the host says: the first message on the line comes
 * with credentials that only root can forge.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "fds.h"
#include "host.h"
#include "raw.h"

int host_guest_fd(int pid, int fd)
{
	long process, got;

	if (!pid)
		return host_fd_keep(RAW(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 3));
	process = RAW(SYS_pidfd_open, pid, 0);
	if (process < 0)
		return process;
	got = RAW(SYS_pidfd_getfd, process, fd, 0);
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
		done = RAW(put ? SYS_process_vm_writev : SYS_process_vm_readv,
			   pid, &near, 1, &far, 1, 0);
	return n - (done < 0 ? 0 : done);
}

void host_guest_wake(unsigned int *word)
{
	RAW(SYS_futex, word, FUTEX_WAKE, 1);
}
