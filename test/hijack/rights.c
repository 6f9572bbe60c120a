// SPDX-License-Identifier: GPL-2.0
/*
 * rights.c - Descriptors in messages (SCM_RIGHTS): of both kernels
 */
#include <fcntl.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "rights.h"

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

/* Linux makes one list of all that is in a message. */
static void lists(int local[2])
{
	char room[CMSG_SPACE(2 * sizeof(int)) + CMSG_SPACE(sizeof(int))] = "";
	int a[2], b[2], fifo[2], got[MAX_FDS];
	union control ctl;
	struct msghdr msg = message(&ctl, 0);
	struct cmsghdr *c = (struct cmsghdr *)room;

	net_pair(a);
	net_pair(b);
	must(!pipe(fifo));
	msg.msg_control = room;
	msg.msg_controllen = sizeof(room);
	*c = (struct cmsghdr){ CMSG_LEN(2 * sizeof(int)), SOL_SOCKET, SCM_RIGHTS };
	memcpy(CMSG_DATA(c), (int[]){ a[0], fifo[1] }, 2 * sizeof(int));
	c = CMSG_NXTHDR(&msg, c);
	*c = (struct cmsghdr){ CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS };
	memcpy(CMSG_DATA(c), &b[0], sizeof(int));
	ok(sendmsg(local[0], &msg, 0) == 1, "a message can have two lists");
	close(a[0]);
	close(b[0]);
	ok(receive_fds(local[1], got, 0) == 3 && works(got[0], "a", a[1]) &&
	   works(got[1], "f", fifo[0]) && works(got[2], "b", b[1]),
	   "whose descriptors, of both kernels, arrive in order");
	close(fifo[0]);
	close(fifo[1]);
	for (int i = 0; i < 3; i++)
		close(got[i]);
	ok(is_closed(a[1]) && is_closed(b[1]), "and are the last ones");
	close(a[1]);
	close(b[1]);
}

/* Lists that do not fit into what the message says that there is */
static void malformed(int local[2])
{
	static const size_t lens[] = {
		0, CMSG_LEN(0) - 1, CMSG_LEN(sizeof(int)) + 1000, 1 << 30,
		SIZE_MAX, SIZE_MAX - 7,
	};
	int sock[2], refused = 0;
	union control ctl;
	struct msghdr msg;

	net_pair(sock);
	for (size_t i = 0; i < sizeof(lens) / sizeof(*lens); i++) {
		msg = letter(&ctl, sock, 1);
		ctl.align.cmsg_len = lens[i];
		errno = 0;
		refused += sendmsg(local[0], &msg, 0) == -1 && errno == EINVAL;
	}
	ok(refused == 6, "malformed lists are refused (%d)", refused);
	close(sock[0]);
	ok(is_closed(sock[1]), "and send nothing");
	close(sock[1]);
}

/* sendmmsg() and recvmmsg(), of messages with something and with nothing */
static void many(int local[2])
{
	union control out[3], in[3];
	struct mmsghdr vec[3] = { };
	int sock[2], got[MAX_FDS];

	net_pair(sock);
	vec[0].msg_hdr = letter(&out[0], sock, 1);
	vec[1].msg_hdr = letter(&out[1], NULL, 0);
	vec[1].msg_hdr.msg_control = NULL;
	vec[1].msg_hdr.msg_controllen = 0;
	vec[2].msg_hdr = letter(&out[2], local, 2);
	ok(sendmmsg(local[0], vec, 3, 0) == 3 && vec[1].msg_len == 1,
	   "sendmmsg() sends them all");
	close(sock[0]);
	for (int i = 0; i < 3; i++)
		vec[i].msg_hdr = message(&in[i], MAX_FDS);
	ok(recvmmsg(local[1], vec, 3, 0, NULL) == 3 &&
	   received(&vec[0].msg_hdr, got) == 1 &&
	   !received(&vec[1].msg_hdr, got) &&
	   received(&vec[2].msg_hdr, got + 1) == 2,
	   "recvmmsg() receives them");
	received(&vec[0].msg_hdr, got);
	ok(works(got[0], "m", sock[1]), "and the socket works");
	for (int i = 0; i < 3; i++)
		close(got[i]);
	close(sock[1]);
}

/* There and back, within the program */
static int passed(int local[2], int fd)
{
	int got[MAX_FDS];

	must(fd >= 0 && send_fds(local[0], &fd, 1) == 1);
	close(fd);
	must(receive_fds(local[1], got, 0) == 1);
	return got[0];
}

/* All kinds of files that the LKL kernel has */
static void kinds(int local[2])
{
	struct sockaddr_ll sll = { };
	socklen_t len = sizeof(sll);
	struct epoll_event ev = { .events = EPOLLIN, .data.u64 = 8 };
	struct sockaddr_in sa;
	int sock[2], fd, peer;
	char text[64] = "";

	fd = passed(local, net_listen(&sa));
	peer = socket(AF_INET, SOCK_STREAM, 0);
	must(!connect(peer, (struct sockaddr *)&sa, sizeof(sa)));
	sock[0] = accept(fd, NULL, NULL);
	ok(works(sock[0], "l", peer), "a listening socket can be sent");
	close(fd);
	fd = passed(local, epoll_create1(0));
	must(!epoll_ctl(fd, EPOLL_CTL_ADD, peer, &ev));
	fd = passed(local, fd);
	must(write(sock[0], "x", 1) == 1);
	ev.data.u64 = 0;
	ok(epoll_wait(fd, &ev, 1, SOON_MS) == 1 && ev.data.u64 == 8,
	   "an epoll instance, with a socket in it");
	close(fd);
	close(sock[0]);
	close(peer);
	fd = passed(local, socket(AF_PACKET, SOCK_RAW, 0));
	sll.sll_family = AF_PACKET;
	sll.sll_ifindex = 1;
	ok(!bind(fd, (struct sockaddr *)&sll, sizeof(sll)) &&
	   !getsockname(fd, (struct sockaddr *)&sll, &len) &&
	   sll.sll_ifindex == 1, "a packet socket");
	close(fd);
	fd = passed(local, open("/proc/net/protocols", O_RDONLY));
	ok(read(fd, text, 8) == 8 && !memcmp(text, "protocol", 8),
	   "a file that shows the network");
	close(fd);
}

/* Who received a socket executes a program, which writes to it. */
static void executed(int local[2], const char *name)
{
	int sock[2], got[MAX_FDS], status;
	char text[8], number[12];
	pid_t pid;

	net_pair(sock);
	pid = fork();
	must(pid >= 0);
	if (!pid) {
		must(receive_fds(local[1], got, 0) == 1);
		snprintf(number, sizeof(number), "%d", got[0]);
		execl(name, name, number, NULL);
		_exit(1);
	}
	must(send_fds(local[0], sock, 1) == 1);
	close(sock[0]);
	must(waitpid(pid, &status, 0) == pid && !status);
	ok(read(sock[1], text, sizeof(text)) == 4 && !memcmp(text, "exec", 4),
	   "a program executed by the receiver has the socket");
	ok(is_closed(sock[1]), "and closes it at its end");
	close(sock[1]);
}

#define WORKERS 5
#define JOBS 200

/* Take any connection from the queue, and answer who has it, until there is none. */
static void work(int queue, char who)
{
	union control ctl;
	struct msghdr msg = message(&ctl, MAX_FDS);
	int fd;

	while (recvmsg(queue, &msg, 0) == 1) {
		if (received(&msg, &fd) != 1 || write(fd, &who, 1) != 1 ||
		    close(fd))
			_exit(1);
		msg = message(&ctl, MAX_FDS);
	}
	_exit(0);
}

/* Many processes receive from one socket, and each connection is had once. */
static void racing(void)
{
	int queue[2], sock[2], status, served = 0, failed = 0;
	char who[2];

	must(!socketpair(AF_UNIX, SOCK_SEQPACKET, 0, queue));
	for (int i = 0; i < WORKERS; i++) {
		if (!fork()) {
			close(queue[0]);
			work(queue[1], 'a' + i);
		}
	}
	close(queue[1]);
	for (int i = 0; i < JOBS; i++) {
		net_pair(sock);
		must(send_fds(queue[0], sock, 1) == 1);
		close(sock[0]);
		served += read(sock[1], who, 2) == 1 && *who >= 'a' &&
			  *who < 'a' + WORKERS && is_closed(sock[1]);
		close(sock[1]);
	}
	close(queue[0]);
	for (int i = 0; i < WORKERS; i++) {
		must(wait(&status) > 0);
		failed += status != 0;
	}
	ok(served == JOBS && !failed,
	   "of many processes one receives each (%d served)", served);
}

int main(int argc, char **argv)
{
	int local[2];

	if (argc > 1)
		return write(atoi(argv[1]), "exec", 4) != 4;
	must(!socketpair(AF_UNIX, SOCK_STREAM, 0, local));
	hosts(local);
	reused(local);
	lkls(local);
	lists(local);
	malformed(local);
	many(local);
	kinds(local);
	child();
	executed(local, argv[0]);
	racing();
	return tap_done();
}
