// SPDX-License-Identifier: GPL-2.0
/*
 * owners.c - SIGIO and SIGURG go to the owner of a socket
 */
#include <fcntl.h>
#include <linux/sockios.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "net.h"

static volatile sig_atomic_t got[NSIG], from;

static void count(int sig, siginfo_t *info, void *context)
{
	(void)context;
	got[sig]++;
	from = info->si_fd;
}

/* Has a signal come, within two seconds? */
static bool came(int sig)
{
	for (int i = 0; i < 2000 && !got[sig]; i++)
		usleep(1000);
	return got[sig] > 0;
}

static void datagrams(int fds[2])
{
	struct sockaddr_in sa = { .sin_family = AF_INET };
	socklen_t len = sizeof(sa);

	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	fds[0] = socket(AF_INET, SOCK_DGRAM, 0);
	fds[1] = socket(AF_INET, SOCK_DGRAM, 0);
	must(!bind(fds[0], (struct sockaddr *)&sa, sizeof(sa)));
	must(!getsockname(fds[0], (struct sockaddr *)&sa, &len));
	must(!connect(fds[1], (struct sockaddr *)&sa, len));
}

static void owner(int fd)
{
	struct f_owner_ex ex = { F_OWNER_TID, syscall(SYS_gettid) };
	int pid = getpid(), group = -getpgrp(), who = 0;

	ok(fcntl(fd, F_GETOWN) == 0 && fcntl(fd, F_GETSIG) == 0, "nobody");
	ok(!fcntl(fd, F_SETOWN, pid) && fcntl(fd, F_GETOWN) == pid,
	   "a process");
	ok(!ioctl(fd, SIOCSPGRP, &group) && fcntl(fd, F_GETOWN) == group &&
	   !ioctl(fd, SIOCGPGRP, &who) && who == group, "a group");
	ok(!fcntl(fd, F_SETOWN_EX, &ex), "a thread");
	memset(&ex, 0, sizeof(ex));
	ok(!fcntl(fd, F_GETOWN_EX, &ex) && ex.type == F_OWNER_TID &&
	   ex.pid == syscall(SYS_gettid), "is named");
	ok(fcntl(fd, F_SETOWN, 999999999) == -1 && errno == ESRCH,
	   "no such process");
	ok(fcntl(fd, F_SETSIG, 65) == -1 && errno == EINVAL,
	   "no such signal");
	ok(!fcntl(fd, F_SETOWN, 0) && fcntl(fd, F_GETOWN) == 0, "nobody again");
}

static void signals(int fds[2])
{
	int on = 1, rt = SIGRTMIN + 1;

	must(write(fds[1], "before", 6) == 6);
	must(!fcntl(fds[0], F_SETOWN, getpid()));
	ok(!fcntl(fds[0], F_SETFL, O_ASYNC) &&
	   fcntl(fds[0], F_GETFL) & O_ASYNC, "O_ASYNC");
	usleep(50000);
	ok(!got[SIGIO], "what was there is not told");
	must(write(fds[1], "x", 1) == 1);
	ok(came(SIGIO), "what comes is");
	got[SIGIO] = 0;
	must(write(fds[1], "x", 1) == 1);
	ok(came(SIGIO), "and once more");

	ok(!fcntl(fds[0], F_SETSIG, rt) && fcntl(fds[0], F_GETSIG) == rt,
	   "a signal of choice");
	must(write(fds[1], "x", 1) == 1);
	ok(came(rt) && from == fds[0], "tells the descriptor");

	got[SIGIO] = got[rt] = 0;
	must(!fcntl(fds[0], F_SETFL, 0));
	must(write(fds[1], "x", 1) == 1);
	usleep(50000);
	ok(!got[rt] && !got[SIGIO], "no longer, without O_ASYNC");
	must(!ioctl(fds[0], FIOASYNC, &on));
	must(write(fds[1], "x", 1) == 1);
	ok(came(rt), "FIOASYNC");
}

static void urgent(void)
{
	int fds[2];
	char c;

	net_pair(fds);
	must(!fcntl(fds[0], F_SETOWN, getpid()));
	must(send(fds[1], "a", 1, 0) == 1);
	usleep(50000);
	ok(!got[SIGURG], "data is not urgent");
	must(send(fds[1], "u", 1, MSG_OOB) == 1);
	ok(came(SIGURG), "SIGURG");
	ok(recv(fds[0], &c, 1, MSG_OOB) == 1 && c == 'u', "and what it is of");
	close(fds[0]);
	fds[0] = socket(AF_INET, SOCK_DGRAM, 0);
	ok(fcntl(fds[0], F_GETOWN) == 0, "the next socket has no owner");
	close(fds[0]);
	close(fds[1]);
}

int main(void)
{
	struct sigaction act = {
		.sa_sigaction = count, .sa_flags = SA_SIGINFO | SA_RESTART,
	};
	int fds[2];

	sigaction(SIGIO, &act, NULL);
	sigaction(SIGURG, &act, NULL);
	sigaction(SIGRTMIN + 1, &act, NULL);
	datagrams(fds);
	owner(fds[0]);
	signals(fds);
	urgent();
	return tap_done();
}
