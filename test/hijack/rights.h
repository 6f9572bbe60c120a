/* SPDX-License-Identifier: GPL-2.0 */
/*
 * rights.h - Messages that carry descriptors (SCM_RIGHTS)
 */
#ifndef TEST_RIGHTS_H
#define TEST_RIGHTS_H

#include <poll.h>
#include <sys/socket.h>

#include "net.h"

#define MAX_FDS 4

/* How long to wait for what ought to happen at once. */
#define SOON_MS 10000

union control {
	struct cmsghdr align;
	char buf[CMSG_SPACE(MAX_FDS * sizeof(int))];
};

/** message() - Make a message of one byte that has room for descriptors */
__attribute__((unused))
static struct msghdr message(union control *ctl, int n)
{
	static char byte;
	static struct iovec iov = { &byte, 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = ctl,
		.msg_controllen = CMSG_SPACE(n * sizeof(int)),
	};

	memset(ctl, 0, sizeof(*ctl));
	return msg;
}

/** letter() - Make a message with descriptors */
__attribute__((unused))
static struct msghdr letter(union control *ctl, const int *fds, int n)
{
	struct msghdr msg = message(ctl, n);

	ctl->align.cmsg_level = SOL_SOCKET;
	ctl->align.cmsg_type = SCM_RIGHTS;
	ctl->align.cmsg_len = CMSG_LEN(n * sizeof(int));
	memcpy(CMSG_DATA(&ctl->align), fds, n * sizeof(int));
	return msg;
}

/** send_fds() - Send descriptors; return: as sendmsg() */
__attribute__((unused))
static ssize_t send_fds(int fd, const int *fds, int n)
{
	union control ctl;
	struct msghdr msg = letter(&ctl, fds, n);

	return sendmsg(fd, &msg, MSG_NOSIGNAL);
}

/** received() - Take descriptors from a message; return: how many */
__attribute__((unused))
static int received(struct msghdr *msg, int *fds)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(msg);
	int n;

	if (!c)
		return 0;
	n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	memcpy(fds, CMSG_DATA(c), n * sizeof(int));
	return n;
}

/** receive_fds() - Receive descriptors; return: how many */
__attribute__((unused))
static int receive_fds(int fd, int *fds, int flags)
{
	union control ctl;
	struct msghdr msg = message(&ctl, MAX_FDS);

	must(recvmsg(fd, &msg, flags) == 1);
	return received(&msg, fds);
}

/** works() - Is it a descriptor of this socket of LKL's? */
__attribute__((unused))
static bool works(int fd, const char *text, int peer)
{
	char buf[8];

	return write(fd, text, 1) == 1 && read(peer, buf, sizeof(buf)) == 1 &&
	       *buf == *text;
}

/** is_closed() - Has the peer of a connection closed it? */
__attribute__((unused))
static bool is_closed(int peer)
{
	struct pollfd p = { .fd = peer, .events = POLLIN };
	char c;

	return poll(&p, 1, SOON_MS) == 1 && read(peer, &c, 1) == 0;
}

#endif /* TEST_RIGHTS_H */
