// SPDX-License-Identifier: GPL-2.0
/*
 * socket.c - Making sockets, and messages that may carry descriptors
 */
#include "exit.h"
#include "fdtab.h"
#include "rights.h"
#include "user.h"

/**
 * family_stays() - Does a socket of this family belong to the host?
 * @family:	AF_*
 *
 * What talks to other programs or to the machine, not to a network, stays.
 *
 * Return: true if so
 */
static bool family_stays(int family)
{
	switch (family) {
	case AF_UNIX:
	case AF_VSOCK:
	case AF_ALG:
	case AF_BLUETOOTH:
	case AF_NFC:
	case AF_KCM:
	case AF_QIPCRTR:
	case AF_IUCV:
		return true;
	default:
		return false;
	}
}

/**
 * out_of_the_way() - Move a socket of libslirp to where those of liblkl are
 * @fd:	the socket, or -1 with errno
 *
 * The program is to have the numbers that it has on the host.
 *
 * Return: its new number, or -1 with errno
 */
static __attribute__((noinline)) int out_of_the_way(int fd)
{
	if (fd < 0)
		return fd;
	fd = lkl_host_fd_keep(fd);
	lkl_host_fd_hide(fd);
	return libc_result(fd);
}

/**
 * socket() - Make a socket, on the kernel that has its family
 * @family:	AF_*
 * @type:	SOCK_*
 * @protocol:	protocol number
 *
 * Return: descriptor, or -1 with errno (ENETDOWN: the LKL kernel is not there
 * any more, as in the child of a fork)
 */
EXPORT int socket(int family, int type, int protocol)
{
	long fd, lkl_fd, err;

	if (!family_stays(family) && CALLED_BY_SLIRP())
		return out_of_the_way(HOST(socket)(family, type, protocol));
	if (family_stays(family) || CALLED_BY_HOSTLIB())
		return fdtab_born(HOST(socket)(family, type, protocol));
	err = kernel_need();
	if (err)
		return libc_result(err);
	fd = fdtab_reserve(0);
	if (fd < 0)
		return libc_result(fd);
	lkl_fd = LKL(SYS_socket, family, type, protocol);
	if (lkl_fd < 0) {
		fdtab_unreserve(fd);
		return libc_result(lkl_fd);
	}
	if (family != AF_NETLINK)
		exit_arm((type & 0xf) == SOCK_STREAM ? EXIT_STREAMS :
			 EXIT_DATAGRAMS);
	fdtab_install(fd, lkl_fd);
	return fd;
}

/**
 * accept_lkl() - Accept a connection of the LKL kernel
 * @lkl_fd:	listening LKL descriptor
 * @sa:		receives the peer's address
 * @len:	its size, in and out
 * @flags:	SOCK_NONBLOCK, SOCK_CLOEXEC
 *
 * Return: descriptor, or -1 with errno
 */
static int accept_lkl(int lkl_fd, struct sockaddr *sa, socklen_t *len,
		      int flags)
{
	long fd, peer;

	cancellation_point();
	fd = fdtab_reserve(0);
	if (fd < 0)
		return libc_result(fd);
	peer = LKL(SYS_accept4, lkl_fd, sa, len, flags);
	if (peer < 0) {
		fdtab_unreserve(fd);
		return libc_result(peer);
	}
	fdtab_install(fd, peer);
	return fd;
}

/**
 * accept4() - Accept a connection
 * @fd:		listening descriptor
 * @sa:		receives the peer's address
 * @len:	its size, in and out
 * @flags:	SOCK_NONBLOCK, SOCK_CLOEXEC
 *
 * Return: descriptor, or -1 with errno
 */
EXPORT int accept4(int fd, struct sockaddr *restrict sa,
		   socklen_t *restrict len, int flags)
{
	int entry = fdtab_get(fd);

	if (entry > 0)
		return accept_lkl(entry - 1, sa, len, flags);
	if (unlikely(fdtab_private(fd)) && CALLED_BY_SLIRP())
		return out_of_the_way(HOST(accept4)(fd, sa, len, flags));
	return fdtab_born(HOST(accept4)(fd, sa, len, flags));
}

/**
 * accept() - Accept a connection
 * @fd:		listening descriptor
 * @sa:		receives the peer's address
 * @len:	its size, in and out
 *
 * Return: descriptor, or -1 with errno
 */
EXPORT int accept(int fd, struct sockaddr *restrict sa,
		  socklen_t *restrict len)
{
	int entry = fdtab_get(fd);

	if (entry > 0)
		return accept_lkl(entry - 1, sa, len, 0);
	if (unlikely(fdtab_private(fd)) && CALLED_BY_SLIRP())
		return out_of_the_way(HOST(accept)(fd, sa, len));
	return fdtab_born(HOST(accept)(fd, sa, len));
}

/**
 * sockatmark() - Is the next byte the urgent one?
 * @fd:	socket
 *
 * Return: 1, 0, or -1 with errno
 */
EXPORT int sockatmark(int fd)
{
	int entry = fdtab_get(fd);
	int mark = 0;
	long ret;

	if (entry <= 0)
		return HOST(sockatmark)(fd);
	ret = libc_result(LKL(SYS_ioctl, entry - 1, SIOCATMARK, &mark));
	return ret < 0 ? -1 : mark;
}

/**
 * send_result() - Result of an LKL call that sends, with SIGPIPE if due
 * @lkl_fd:	descriptor it sent on
 * @ret:	result or negative errno
 * @flags:	MSG_* of the call
 *
 * The signal is the host's, to the thread that called, as Linux does it for
 * connections (a datagram socket only gets the error).
 *
 * Return: the result, or -1 with errno set
 */
long send_result(int lkl_fd, long ret, int flags)
{
	socklen_t len = sizeof(int);
	int type = SOCK_DGRAM;

	if (likely(ret != -EPIPE) || (flags & MSG_NOSIGNAL))
		return libc_result(ret);
	LKL(SYS_getsockopt, lkl_fd, SOL_SOCKET, SO_TYPE, &type, &len);
	if (type == SOCK_STREAM || type == SOCK_SEQPACKET) {
		RAW(SYS_tgkill, RAW(SYS_getpid, 0), RAW(SYS_gettid, 0),
		    SIGPIPE);
		host_stirred = true;
	}
	return libc_result(ret);
}

/**
 * sendmsg() - Send a message
 * @fd:		socket
 * @msg:	message
 * @flags:	MSG_*
 *
 * Return: bytes sent, or -1 with errno
 */
EXPORT ssize_t sendmsg(int fd, const struct msghdr *msg, int flags)
{
	int entry = fdtab_get(fd);

	if (entry > 0) {
		cancellation_point();
		return send_result(entry - 1,
				   LKL(SYS_sendmsg, entry - 1, msg, flags),
				   flags);
	}
	if (unlikely(rights_are_lkl(msg)))
		return rights_send(fd, msg, flags);
	return HOST(sendmsg)(fd, msg, flags);
}

/* sendmmsg() of the host, of messages that carry LKL descriptors */
static int send_each(int fd, struct mmsghdr *vec, unsigned int n, int flags)
{
	int ret = 0;
	unsigned int i;

	for (i = 0; i < n; i++) {
		ret = sendmsg(fd, &vec[i].msg_hdr, flags);
		if (ret < 0)
			break;
		USER_PUT(ret, &vec[i].msg_len, fault);
	}
	return i || ret >= 0 ? (int)i : -1;
fault:
	return i ? (int)i : libc_result(-EFAULT);
}

/**
 * sendmmsg() - Send messages
 * @fd:		socket
 * @vec:	messages
 * @n:		how many
 * @flags:	MSG_*
 *
 * Return: messages sent, or -1 with errno
 */
EXPORT int sendmmsg(int fd, struct mmsghdr *vec, unsigned int n, int flags)
{
	int entry = fdtab_get(fd);

	if (entry > 0) {
		cancellation_point();
		return send_result(entry - 1,
				   LKL(SYS_sendmmsg, entry - 1, vec, n, flags),
				   flags);
	}
	if (n > UIO_MAXIOV)	/* as Linux does */
		n = UIO_MAXIOV;
	for (unsigned int i = 0; i < n; i++)
		if (unlikely(rights_are_lkl(&vec[i].msg_hdr)))
			return send_each(fd, vec, n, flags);
	return HOST(sendmmsg)(fd, vec, n, flags);
}

/**
 * recvmsg() - Receive a message
 * @fd:		socket
 * @msg:	message
 * @flags:	MSG_*
 *
 * Return: bytes received, or -1 with errno
 */
EXPORT ssize_t recvmsg(int fd, struct msghdr *msg, int flags)
{
	int entry = fdtab_get(fd);
	ssize_t ret;

	if (entry > 0) {
		cancellation_point();
		return libc_result(LKL(SYS_recvmsg, entry - 1, msg, flags));
	}
	ret = HOST(recvmsg)(fd, msg, flags);
	if (ret >= 0)
		rights_received(msg, flags);
	return ret;
}

/**
 * recvmmsg() - Receive messages
 * @fd:		socket
 * @vec:	messages
 * @n:		how many at most
 * @flags:	MSG_*
 * @ts:		how long at most; updated, as the kernel does
 *
 * Return: messages received, or -1 with errno
 */
EXPORT int recvmmsg(int fd, struct mmsghdr *vec, unsigned int n, int flags,
		    struct timespec *ts)
{
	int entry = fdtab_get(fd);
	int ret;

	if (entry > 0) {
		cancellation_point();
		return libc_result(LKL(SYS_recvmmsg, entry - 1, vec, n, flags,
				       ts));
	}
	ret = HOST(recvmmsg)(fd, vec, n, flags, ts);
	for (int i = 0; i < ret; i++)
		rights_received(&vec[i].msg_hdr, flags);
	return ret;
}

/**
 * pipe2() - Make a pipe on the host
 * @fds:	receives its ends
 * @flags:	O_*
 *
 * Return: 0, or -1 with errno
 */
EXPORT int pipe2(int fds[2], int flags)
{
	int ret = HOST(pipe2)(fds, flags);

	if (!ret) {
		fdtab_born(fds[0]);
		fdtab_born(fds[1]);
	}
	return ret;
}

/**
 * pipe() - Make a pipe on the host
 * @fds:	receives its ends
 *
 * Return: 0, or -1 with errno
 */
EXPORT int pipe(int fds[2])
{
	return pipe2(fds, 0);
}

/**
 * socketpair() - Make connected sockets; only the host's families have them
 * @family:	AF_*
 * @type:	SOCK_*
 * @protocol:	protocol number
 * @fds:	receives both
 *
 * Return: 0, or -1 with errno
 */
EXPORT int socketpair(int family, int type, int protocol, int fds[2])
{
	int ret = HOST(socketpair)(family, type, protocol, fds);

	if (!ret) {
		fdtab_born(fds[0]);
		fdtab_born(fds[1]);
	}
	return ret;
}
