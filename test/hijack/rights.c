// SPDX-License-Identifier: GPL-2.0
/*
 * rights.c - Descriptors in messages (SCM_RIGHTS): of both kernels
 */
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

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

/** works() - Is it a descriptor of this socket of LKL's? */
static bool works(int fd, const char *text, int peer)
{
	char buf[8];

	return write(fd, text, 1) == 1 && read(peer, buf, sizeof(buf)) == 1 &&
	       *buf == *text;
}

/* The program sends to itself: what it has closed meanwhile, and by a look. */
static void lkls(int local[2])
{
	int sock[2], got[MAX_FDS], peeked[MAX_FDS], both[2];

	net_pair(sock);
	both[0] = local[0];
	both[1] = sock[0];
	ok(send_fds(local[0], both, 2) == 1,
	   "a descriptor of the host and an LKL socket can be sent");
	close(sock[0]);
	ok(receive_fds(local[1], peeked, MSG_PEEK) == 2 &&
	   works(peeked[1], "p", sock[1]), "MSG_PEEK gives a descriptor");
	close(peeked[0]);
	close(peeked[1]);
	ok(receive_fds(local[1], got, 0) == 2 && works(got[1], "r", sock[1]),
	   "and it is received, though the sender has closed it");
	ok(fcntl(got[1], F_GETFD) == 0, "it does not close on exec");
	must(send_fds(local[0], got + 1, 1) == 1);
	ok(receive_fds(local[1], peeked, MSG_CMSG_CLOEXEC) == 1 &&
	   fcntl(peeked[0], F_GETFD) == FD_CLOEXEC,
	   "unless MSG_CMSG_CLOEXEC is given");
	close(peeked[0]);
	close(got[0]);
	close(got[1]);
	ok(read(sock[1], got, 1) == 0, "when all are closed the connection ends");
	close(sock[1]);
}

/* A child gets what its parent has made after the fork, and the other way. */
static void child(void)
{
	int local[2], sock[2], back[2], got[MAX_FDS], status;
	pid_t pid;

	must(!socketpair(AF_UNIX, SOCK_SEQPACKET, 0, local));
	pid = fork();
	must(pid >= 0);
	if (!pid) {
		if (receive_fds(local[1], got, 0) != 1 ||
		    write(got[0], "c", 1) != 1)
			_exit(1);
		net_pair(back);
		_exit(send_fds(local[1], back, 1) != 1 ||
		      write(back[1], "b", 1) != 1);
	}
	close(local[1]);
	net_pair(sock);
	must(send_fds(local[0], sock, 1) == 1);
	ok(read(sock[1], got, 1) == 1 && *(char *)got == 'c',
	   "a child receives an LKL socket of its parent, and writes to it");
	must(waitpid(pid, &status, 0) == pid && !status);
	ok(receive_fds(local[0], back, 0) == 1 &&
	   read(back[0], got, 1) == 1 && *(char *)got == 'b',
	   "the parent receives that of a child, which has ended");
	close(back[0]);
	close(sock[0]);
	close(sock[1]);
	close(local[0]);
}

/* What is never received does not stay for ever. */
static void lost(void)
{
	int local[2], sock[2], status = 0;
	char c;

	net_pair(sock);
	for (int i = 0; i < 1000; i++) {
		must(!socketpair(AF_UNIX, SOCK_STREAM, 0, local));
		status += send_fds(local[0], i ? local : sock, 1) == 1;
		if (i)
			status += send_fds(local[0], sock + 1, 1) == 1;
		close(local[0]);
		close(local[1]);
	}
	ok(status == 1999, "messages that nobody receives can be sent");
	close(sock[0]);
	ok(read(sock[1], &c, 1) == 0, "and what they carried is closed");
	close(sock[1]);
}

int main(void)
{
	int local[2];

	must(!socketpair(AF_UNIX, SOCK_STREAM, 0, local));
	hosts(local);
	reused(local);
	lkls(local);
	child();
	lost();
	return tap_done();
}
