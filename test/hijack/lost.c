// SPDX-License-Identifier: GPL-2.0
/*
 * lost.c - LKL sockets in messages that nobody receives, or not all of
 *
 * Wherever a connection was lost its peer sees that it is closed, soon.
 */
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "open-fds.h"
#include "rights.h"

static void pair(int local[2])
{
	must(!socketpair(AF_UNIX, SOCK_STREAM, 0, local));
}

/* Send one end of a connection, and keep only the other. Return: that */
static int sent(int to)
{
	int sock[2];

	net_pair(sock);
	must(send_fds(to, sock, 1) == 1);
	must(!close(sock[0]));
	return sock[1];
}

static void unread(void)
{
	int local[2], peer;
	pid_t pid;

	pair(local);
	peer = sent(local[0]);
	close(local[0]);
	close(local[1]);
	ok(is_closed(peer), "a connection is closed with the queue it is in");
	close(peer);
	pair(local);
	pid = fork();
	must(pid >= 0);
	if (!pid) {
		close(local[0]);
		pause();
	}
	close(local[1]);
	peer = sent(local[0]);
	kill(pid, SIGKILL);
	must(waitpid(pid, NULL, 0) == pid);
	ok(is_closed(peer), "when its receiver is killed");
	close(peer);
	close(local[0]);
}

/* Read, but without room for descriptors */
static void unwanted(void)
{
	union control ctl;
	struct msghdr msg = message(&ctl, 0);
	struct iovec iov;
	int local[2], peer;
	char c;

	pair(local);
	iov = (struct iovec){ &c, 1 };
	peer = sent(local[0]);
	ok(read(local[1], &c, 1) == 1 && is_closed(peer), "by read()");
	close(peer);
	peer = sent(local[0]);
	ok(readv(local[1], &iov, 1) == 1 && is_closed(peer), "by readv()");
	close(peer);
	peer = sent(local[0]);
	ok(recv(local[1], &c, 1, 0) == 1 && is_closed(peer), "by recv()");
	close(peer);
	peer = sent(local[0]);
	msg.msg_control = NULL;
	ok(recvmsg(local[1], &msg, 0) == 1 && msg.msg_flags == MSG_CTRUNC &&
	   is_closed(peer), "by recvmsg(), which says MSG_CTRUNC");
	close(peer);
	close(local[0]);
	close(local[1]);
}

/* There is room for one of two. */
static void truncated(void)
{
	int local[2], a[2], b[2], both[2], fd;
	union control ctl;
	struct msghdr msg;

	pair(local);
	net_pair(a);
	net_pair(b);
	both[0] = a[0];
	both[1] = b[0];
	must(send_fds(local[0], both, 2) == 1);
	close(a[0]);
	close(b[0]);
	msg = message(&ctl, 0);
	msg.msg_controllen = CMSG_LEN(sizeof(int));
	ok(recvmsg(local[1], &msg, 0) == 1 && msg.msg_flags == MSG_CTRUNC &&
	   received(&msg, &fd) == 1 && works(fd, "t", a[1]),
	   "the one that there is room for is received");
	ok(is_closed(b[1]), "the other one is closed");
	close(fd);
	ok(is_closed(a[1]), "and so is the first, by its receiver");
	close(a[1]);
	close(b[1]);
	close(local[0]);
	close(local[1]);
}

/* Looked at three times, and not received */
static void peeked(void)
{
	int local[2], peer, fd, served = 0;

	pair(local);
	peer = sent(local[0]);
	for (int i = 0; i < 3; i++) {
		must(receive_fds(local[1], &fd, MSG_PEEK) == 1);
		served += works(fd, "k", peer);
		close(fd);
	}
	ok(served == 3, "MSG_PEEK gives it as often as it is asked");
	close(local[0]);
	close(local[1]);
	ok(is_closed(peer), "and it is closed with the queue");
	close(peer);
}

/* Fill a socket, so that who sends to it waits. */
static void fill(int fd)
{
	char block[4096] = "";

	while (send(fd, block, sizeof(block), MSG_DONTWAIT) > 0)
		;
	while (send(fd, block, 1, MSG_DONTWAIT) > 0)
		;
}

struct job {
	int to, sock;
};

static void *send_job(void *arg)
{
	const struct job *j = arg;

	send_fds(j->to, &j->sock, 1);
	return NULL;
}

static void *begin(struct job *j, int to, int sock)
{
	pthread_t thread;

	*j = (struct job){ to, sock };
	must(!pthread_create(&thread, NULL, send_job, j));
	usleep(100000);		/* it waits by now */
	return (void *)thread;
}

/* A thread that waits until it can send is cancelled. */
static void cancelled(void)
{
	int local[2], sock[2];
	pthread_t thread;
	struct job j;
	void *ret;

	pair(local);
	fill(local[0]);
	net_pair(sock);
	thread = (pthread_t)begin(&j, local[0], sock[0]);
	close(sock[0]);
	must(!pthread_cancel(thread) && !pthread_join(thread, &ret));
	ok(ret == PTHREAD_CANCELED && is_closed(sock[1]),
	   "what a cancelled thread was sending is closed");
	close(sock[1]);
	close(local[0]);
	close(local[1]);
}

/* A child that is forked meanwhile has nothing that it does not know of. */
static void forked(void)
{
	int local[2], sock[2];
	pthread_t thread;
	struct job j;
	pid_t pid;

	pair(local);
	fill(local[0]);
	net_pair(sock);
	thread = (pthread_t)begin(&j, local[0], sock[0]);
	pid = fork();
	must(pid >= 0);
	if (!pid) {
		close(local[0]);
		close(local[1]);
		close(sock[0]);
		pause();
	}
	close(sock[0]);
	close(local[1]);
	must(!pthread_join(thread, NULL));
	ok(is_closed(sock[1]),
	   "what was being sent during a fork is not the child's");
	kill(pid, SIGKILL);
	must(waitpid(pid, NULL, 0) == pid);
	close(sock[1]);
	close(local[0]);
}

/* Take all numbers that are left. Return: how many */
static int take_all(void)
{
	struct rlimit limit;
	int n = 0;

	must(!getrlimit(RLIMIT_NOFILE, &limit));
	limit.rlim_cur = 200;
	must(!setrlimit(RLIMIT_NOFILE, &limit));
	while (dup(STDERR_FILENO) >= 0)
		n++;
	must(errno == EMFILE);
	return n;
}

/* No number is left at either side. */
static void full(void)
{
	union control ctl;
	struct msghdr msg = message(&ctl, 1);
	int local[2], sock[2], status;
	pid_t pid;

	pair(local);
	pid = fork();
	must(pid >= 0);
	if (!pid) {
		take_all();
		_exit(recvmsg(local[1], &msg, 0) != 1 ||
		      msg.msg_flags != MSG_CTRUNC || msg.msg_controllen);
	}
	close(local[1]);
	net_pair(sock);
	must(send_fds(local[0], sock, 1) == 1);
	close(sock[0]);
	must(waitpid(pid, &status, 0) == pid);
	ok(!status && is_closed(sock[1]),
	   "who has no number left receives MSG_CTRUNC");
	close(sock[1]);
	close(local[0]);
	pair(local);
	net_pair(sock);
	pid = fork();
	must(pid >= 0);
	if (!pid) {
		take_all();
		_exit(send_fds(local[0], sock, 1) != 1 ||
		      dup(STDERR_FILENO) >= 0);
	}
	must(waitpid(pid, &status, 0) == pid);
	close(sock[0]);
	ok(!status && receive_fds(local[1], sock, 0) == 1 &&
	   works(sock[0], "f", sock[1]), "who has none left can send");
	close(sock[0]);
	close(sock[1]);
	close(local[0]);
	close(local[1]);
}

#define MANY 2000
#define FLIGHT 40

/* Thousands are sent, some tens at a time, and half of them are lost. */
static void many(void)
{
	int local[2], peers[FLIGHT], fd, before = 0, good = 0;
	char c;

	for (int i = 0; i < MANY / FLIGHT; i++) {
		pair(local);
		for (int j = 0; j < FLIGHT; j++)
			peers[j] = sent(local[0]);
		for (int j = 0; j < FLIGHT; j++) {
			if (j % 2)
				must(read(local[1], &c, 1) == 1);
			else
				must(receive_fds(local[1], &fd, 0) == 1 &&
				     works(fd, "m", peers[j]) && !close(fd));
		}
		for (int j = 0; j < FLIGHT; j++) {
			good += is_closed(peers[j]);
			close(peers[j]);
		}
		close(local[0]);
		close(local[1]);
		if (!i)
			before = open_fds();
	}
	ok(good == MANY, "%d connections are sent, and closed", MANY);
	ok(open_fds() == before, "and no descriptor is left of them");
}

#define RELAYS 4
#define BATCH 30

/* Take connections from one queue, and put them into another. */
static void relay(int from, int to)
{
	int fd;

	while (receive_fds(from, &fd, 0) == 1 && send_fds(to, &fd, 1) == 1)
		close(fd);
	_exit(0);
}

/* Send a batch to the relays, and end one now and then. */
static void send_batch(int to, int peers[BATCH], const pid_t relays[RELAYS])
{
	int sock[2];

	for (int i = 0; i < BATCH; i++) {
		net_pair(sock);
		peers[i] = sock[1];
		send_fds(to, sock, 1);
		close(sock[0]);
		if (random() % 8 == 0)
			kill(relays[random() % RELAYS], SIGKILL);
	}
}

/* Processes are killed while they pass connections on. */
static void killed(void)
{
	int in[2], out[2], peers[BATCH], good = 0;
	pid_t relays[RELAYS];

	for (int round = 0; round < 10; round++) {
		must(!socketpair(AF_UNIX, SOCK_SEQPACKET, 0, in));
		must(!socketpair(AF_UNIX, SOCK_SEQPACKET, 0, out));
		for (int i = 0; i < RELAYS; i++) {
			relays[i] = fork();
			must(relays[i] >= 0);
			if (relays[i])
				continue;
			close(in[0]);
			close(out[1]);
			relay(in[1], out[0]);
		}
		close(in[1]);
		close(out[0]);
		send_batch(in[0], peers, relays);
		for (int i = 0; i < RELAYS; i++)
			kill(relays[i], SIGKILL);
		while (wait(NULL) > 0)
			;
		close(in[0]);
		close(out[1]);
		for (int i = 0; i < BATCH; i++) {
			good += is_closed(peers[i]);
			close(peers[i]);
		}
	}
	ok(good == 10 * BATCH, "whoever is killed, all are closed (%d)", good);
}

/* As many as a process may have open are on their way; more are refused. */
static void crowd(void)
{
	int local[2], fd, n = 0, good = 0, sock[2];

	must(!socketpair(AF_UNIX, SOCK_STREAM, 0, local));
	setsockopt(local[0], SOL_SOCKET, SO_SNDBUF, &(int){ 4 << 20 },
		   sizeof(int));
	net_pair(sock);
	while (n < 1500 && send_fds(local[0], sock, 1) == 1)
		n++;
	ok(n > 200, "hundreds may be on their way (%d)", n);
	ok(n == 1500 || errno == ETOOMANYREFS,
	   "more than that are refused as on Linux");
	close(sock[0]);
	for (int i = 0; i < n; i++) {
		must(receive_fds(local[1], &fd, 0) == 1);
		good += works(fd, "c", sock[1]);
		close(fd);
	}
	ok(good == n && is_closed(sock[1]), "and all of them arrive");
	close(sock[1]);
	close(local[0]);
	close(local[1]);
}

int main(void)
{
	unread();
	unwanted();
	truncated();
	peeked();
	cancelled();
	forked();
	full();
	many();
	killed();
	crowd();
	return tap_done();
}
