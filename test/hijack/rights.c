// SPDX-License-Identifier: GPL-2.0
/*
 * rights.c - Descriptors in messages (SCM_RIGHTS): the host's pass, LKL's do not
 */
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "net.h"

#define MAX_FDS 4

union control {
	struct cmsghdr align;
	char buf[CMSG_SPACE(MAX_FDS * sizeof(int))];
};

/** message() - Make a message of one byte that has room for descriptors */
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

/** send_fds() - Send descriptors; return: as sendmsg() */
static ssize_t send_fds(int fd, const int *fds, int n)
{
	union control ctl;
	struct msghdr msg = message(&ctl, n);

	ctl.align.cmsg_level = SOL_SOCKET;
	ctl.align.cmsg_type = SCM_RIGHTS;
	ctl.align.cmsg_len = CMSG_LEN(n * sizeof(int));
	memcpy(CMSG_DATA(&ctl.align), fds, n * sizeof(int));
	return sendmsg(fd, &msg, 0);
}

/** receive_fds() - Receive descriptors; return: how many */
static int receive_fds(int fd, int *fds, int flags)
{
	union control ctl;
	struct msghdr msg = message(&ctl, MAX_FDS);
	int n;

	must(recvmsg(fd, &msg, flags) == 1);
	if (msg.msg_controllen < sizeof(struct cmsghdr))
		return 0;
	n = (ctl.align.cmsg_len - CMSG_LEN(0)) / sizeof(int);
	memcpy(fds, CMSG_DATA(&ctl.align), n * sizeof(int));
	return n;
}

static void hosts(int local[2])
{
	int fifo[2], got[MAX_FDS], n;
	struct stat a, b;
	char c;

	must(!pipe(fifo));
	ok(send_fds(local[0], fifo, 2) == 1, "two ends of a pipe can be sent");
	n = receive_fds(local[1], got, 0);
	ok(n == 2 && got[0] != fifo[0], "and arrive under new numbers");
	must(!fstat(fifo[0], &a) && !fstat(got[0], &b));
	ok(a.st_ino == b.st_ino, "as the same pipe");
	ok(write(fifo[1], "x", 1) == 1 && read(got[0], &c, 1) == 1 &&
	   c == 'x', "that can be read");
	close(got[0]);
	close(got[1]);
	must(send_fds(local[0], fifo, 1) == 1);
	n = receive_fds(local[1], got, MSG_CMSG_CLOEXEC);
	ok(n == 1 && fcntl(got[0], F_GETFD) == FD_CLOEXEC,
	   "MSG_CMSG_CLOEXEC is obeyed");
	close(got[0]);
	close(fifo[0]);
	close(fifo[1]);
}

/* The kernel stores into a number that stood for another file in a wait. */
static void reused(int local[2])
{
	int sock[2], old[2], fresh[2], got[MAX_FDS];
	struct pollfd p[2];

	net_pair(sock);
	must(!pipe(old) && !pipe(fresh));
	p[0] = (struct pollfd){ sock[0], POLLIN, 0 };
	p[1] = (struct pollfd){ old[0], POLLIN, 0 };
	must(poll(p, 2, 0) == 0);
	must(send_fds(local[0], fresh, 1) == 1);
	close(old[0]);
	must(receive_fds(local[1], got, 0) == 1);
	ok(got[0] == old[0], "a descriptor arrives under a number used before");
	must(write(fresh[1], "x", 1) == 1);
	p[1].revents = 0;
	ok(poll(p, 2, 5000) == 1 && p[1].revents == POLLIN,
	   "and is waited for as what it is now");
	close(got[0]);
	close(old[1]);
	close(fresh[0]);
	close(fresh[1]);
	close(sock[0]);
	close(sock[1]);
}

static void lkls(int local[2])
{
	int fds[2] = { local[0], socket(AF_INET, SOCK_DGRAM, 0) };
	union control ctl;
	struct msghdr msg = message(&ctl, MAX_FDS);

	must(fds[1] >= 0);
	errno = 0;
	ok(send_fds(local[0], fds, 2) == -1 && errno == EINVAL,
	   "an LKL socket cannot be sent: EINVAL");
	errno = 0;
	ok(recvmsg(local[1], &msg, MSG_DONTWAIT) == -1 && errno == EAGAIN,
	   "and nothing arrives");
	close(fds[1]);
}

int main(void)
{
	int local[2];

	must(!socketpair(AF_UNIX, SOCK_STREAM, 0, local));
	hosts(local);
	reused(local);
	lkls(local);
	return tap_done();
}
