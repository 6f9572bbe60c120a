// SPDX-License-Identifier: GPL-2.0
/*
 * pointers.c - What calls say of memory that is not there
 *
 * Prints a line for each. They are to be the same as without us, where all of
 * this is the host's: EFAULT from a kernel, SIGSEGV where libc itself looks.
 */
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <linux/openat2.h>
#include <linux/sockios.h>

#include "net.h"

#define PAGE 4096

/* Three that are not there: too low, no address at all, of the kernel. */
static void *const wild[] = {
	(void *)16, (void *)0x1234567812345678, (void *)-4096,
};

/* The end of what is there, and of what can only be read. */
static char *edge, *fixed;

static const char *about;
static size_t turn;
static void *bad;
static sigjmp_buf fault;

static void on_fault(int sig)
{
	siglongjmp(fault, sig);
}

static void say(const char *call, long ret)
{
	printf("%s %s: %s\n", about, call,
	       ret < 0 ? strerrorname_np(errno) : "done");
	fflush(stdout);
}

/* SAY() - make a call, and print what it says, or what it ends with */
#define SAY(name, call)							\
	do {								\
		if (sigsetjmp(fault, 1))				\
			printf("%s %s: a signal\n", about, name);	\
		else							\
			say(name, (long)(call));			\
	} while (0)

/* SAYS() - the same for all @bad pointers */
#define SAYS(call)							\
	for (turn = 0; turn < sizeof(wild) / sizeof(*wild); turn++) {	\
		bad = wild[turn];					\
		SAY(#call, call);					\
	}

static char *end_of_page(void)
{
	char *pages = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	must(pages != MAP_FAILED);
	must(!mprotect(pages + PAGE, PAGE, PROT_NONE));
	return pages + PAGE;
}

/** at_edge() - Return: a text that has no end in what is there */
static char *at_edge(const char *text)
{
	return memcpy(edge - strlen(text), text, strlen(text));
}

/** one() - Return: a message of one byte */
static struct msghdr one(void)
{
	static char byte = 'x';
	static struct iovec iov;

	iov = (struct iovec){ &byte, 1 };
	return (struct msghdr){ .msg_iov = &iov, .msg_iovlen = 1 };
}

/* A message with control data of @len, which begins with a list of @type. */
static struct msghdr controlled(char *at, size_t len, int type, size_t list)
{
	const struct cmsghdr c = { list, SOL_SOCKET, type };
	const size_t room = edge - at;
	struct msghdr msg = one();

	memcpy(at, &c, room < sizeof(c) ? room : sizeof(c));
	msg.msg_control = at;
	msg.msg_controllen = len;
	return msg;
}

static void give(int to)
{
	must(send(to, "y", 1, 0) == 1);
}

static void messages(int fd, int peer)
{
	struct msghdr msg = one(), *half = (struct msghdr *)(edge - 48);
	struct mmsghdr *two = (struct mmsghdr *)edge - 1;

	SAYS(sendmsg(fd, bad, 0));
	SAYS(recvmsg(fd, bad, MSG_DONTWAIT));
	SAYS(sendmmsg(fd, bad, 1, 0));
	SAYS(recvmmsg(fd, bad, 1, MSG_DONTWAIT, NULL));
	SAYS((msg = one(), msg.msg_iov = bad, sendmsg(fd, &msg, 0)));
	SAYS((msg = one(), msg.msg_iov->iov_base = bad, sendmsg(fd, &msg, 0)));
	SAYS((msg = one(), msg.msg_name = bad, msg.msg_namelen = 16,
	      sendmsg(fd, &msg, 0)));
	SAYS((msg = one(), msg.msg_control = bad, msg.msg_controllen = 64,
	      sendmsg(fd, &msg, 0)));
	SAYS((msg = one(), msg.msg_control = bad, msg.msg_controllen = -1,
	      sendmsg(fd, &msg, 0)));
	SAYS((msg = one(), msg.msg_iov = bad,
	      recvmsg(fd, &msg, MSG_DONTWAIT)));
	SAYS((give(peer), msg = one(), msg.msg_iov->iov_base = bad,
	      recvmsg(fd, &msg, MSG_DONTWAIT)));
	while (recv(fd, &msg, sizeof(msg), MSG_DONTWAIT) > 0)
		;
	SAYS((give(peer), msg = one(), msg.msg_control = bad,
	      msg.msg_controllen = 64, recvmsg(fd, &msg, MSG_DONTWAIT)));
	memset(half, 0, 48);
	SAY("sendmsg of half a header", sendmsg(fd, half, 0));
	SAY("recvmsg of half a header", recvmsg(fd, half, MSG_DONTWAIT));
	two->msg_hdr = one();
	SAY("sendmmsg of two", sendmmsg(fd, two, 2, 0));
	SAY("sendmmsg of many", sendmmsg(fd, two, -1, 0));
	while (recv(peer, &msg, sizeof(msg), MSG_DONTWAIT) > 0)
		;
}

/* Control data that is there in part. */
static void control(int fd, int carried)
{
	struct msghdr msg;
	int fds[2] = { carried, carried };

	msg = controlled(edge - 8, 64, SCM_RIGHTS, 20);
	SAY("sendmsg of half a list's head", sendmsg(fd, &msg, 0));
	msg = controlled(edge - 16, 20, SCM_RIGHTS, 20);
	SAY("sendmsg of a list's head", sendmsg(fd, &msg, 0));
	memcpy(edge - 4, fds, 4);
	msg = controlled(edge - 20, 24, SCM_RIGHTS, 24);
	SAY("sendmsg of half a list", sendmsg(fd, &msg, 0));
	memcpy(edge - 8, fds, 8);
	msg = controlled(edge - 24, 24, SCM_RIGHTS, 24);
	SAY("sendmsg of a list", sendmsg(fd, &msg, MSG_DONTWAIT));
	msg = controlled(edge - 24, 64, SCM_RIGHTS, 24);
	SAY("sendmsg with less than it says", sendmsg(fd, &msg, 0));
	msg = controlled(edge - 24, 24, SCM_RIGHTS, 64);
	SAY("sendmsg of a list that is too long", sendmsg(fd, &msg, 0));
	msg = controlled(edge - 24, 1UL << 32, SCM_RIGHTS, 24);
	SAY("sendmsg with far too much", sendmsg(fd, &msg, 0));
}

static void by_descriptor(int fd, int peer)
{
	struct stat st;
	char byte[64];
	socklen_t len = sizeof(byte);
	int ep = epoll_create1(0), file = open("/etc/passwd", O_RDONLY);
	struct epoll_event ev = { .events = EPOLLOUT };

	must(ep >= 0 && file >= 0 && !fstat(file, &st));
	SAYS(bind(fd, bad, 16));
	SAYS(connect(fd, bad, 16));
	SAYS(sendto(fd, "x", 1, 0, bad, 16));
	SAYS(send(fd, bad, 8, 0));
	SAYS(write(fd, bad, 8));
	SAYS(writev(fd, bad, 1));
	SAYS(readv(fd, bad, 1));
	SAYS(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, bad, sizeof(int)));
	SAYS(getsockopt(fd, SOL_SOCKET, SO_RCVBUF, bad, &len));
	SAYS(getsockopt(fd, SOL_SOCKET, SO_RCVBUF, byte, bad));
	SAYS(getsockname(fd, bad, &len));
	SAYS(getsockname(fd, (struct sockaddr *)byte, bad));
	SAYS(getpeername(fd, (struct sockaddr *)byte, bad));
	SAYS((give(peer), read(fd, bad, 1)));
	while (recv(fd, byte, sizeof(byte), MSG_DONTWAIT) > 0)
		;
	SAYS(ioctl(fd, FIONREAD, bad));
	SAYS(ioctl(fd, FIONBIO, bad));
	SAYS(ioctl(fd, FIOASYNC, bad));
	SAYS(ioctl(fd, FIOSETOWN, bad));
	SAYS(ioctl(fd, FIOGETOWN, bad));
	SAYS(ioctl(fd, SIOCSPGRP, bad));
	SAYS(ioctl(fd, SIOCGPGRP, bad));
	SAYS(ioctl(fd, SIOCGIFFLAGS, bad));
	SAYS(ioctl(fd, SIOCGIFCONF, bad));
	SAYS(fcntl(fd, F_SETOWN_EX, bad));
	SAYS(fcntl(fd, F_GETOWN_EX, bad));
	SAYS(fcntl(fd, F_GETLK, bad));
	SAYS(fcntl(fd, F_SETLK, bad));
	SAYS(fstat(fd, bad));
	SAYS(fstatfs(fd, bad));
	SAYS(sendfile(fd, file, bad, 8));
	SAY("sendfile at what is fixed",
	    sendfile(fd, file, (off_t *)fixed - 1, 8));
	while (recv(peer, byte, sizeof(byte), MSG_DONTWAIT) > 0)
		;
	SAYS(epoll_ctl(ep, EPOLL_CTL_ADD, fd, bad));
	SAYS(epoll_ctl(ep, EPOLL_CTL_MOD, fd, bad));
	SAYS(epoll_ctl(ep, EPOLL_CTL_DEL, fd, bad));
	SAYS(epoll_ctl(ep, EPOLL_CTL_ADD, file, bad));
	SAYS(epoll_ctl(ep, EPOLL_CTL_ADD, 999, bad));
	SAYS(epoll_ctl(fd, EPOLL_CTL_ADD, peer, bad));
	must(!epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev));
	SAYS(epoll_wait(ep, bad, 1, 0));
	SAYS(epoll_pwait(ep, &ev, 1, 0, bad));
	SAYS(epoll_pwait2(ep, &ev, 1, bad, NULL));
	close(ep);
	close(file);
}

static void readiness(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	struct timespec ts = { 0 };
	fd_set set;

	SAYS(poll(bad, 1, 0));
	SAYS(syscall(SYS_ppoll, &p, 1, bad, NULL, 8));
	SAYS(syscall(SYS_ppoll, &p, 1, &ts, bad, 8));
	FD_ZERO(&set);
	FD_SET(fd, &set);
	SAYS(syscall(SYS_select, fd + 1, bad, &set, NULL, NULL));
	SAYS(syscall(SYS_select, fd + 1, NULL, &set, NULL, bad));
	SAYS(syscall(SYS_pselect6, fd + 1, NULL, &set, NULL, bad, NULL));
	SAYS(syscall(SYS_pselect6, fd + 1, NULL, &set, NULL, NULL, bad));
}

/* Names: none, and such as end where there is nothing any more. */
static void by_name(void)
{
	static const char *const begun[] = {
		"", "/", "/p", "/proc/ne", "/proc/net", "/proc/self/fd/",
		"/sys/class/net", "/sys/class/net/lo", "/dev/nul", "n", "ne",
		"net", "net/", "proc", ".", "..", "../", "1", "s", "x",
	};
	const struct open_how how = { .flags = O_RDONLY };
	char *const argv[] = { "true", NULL };
	static char name[64];
	static size_t i;
	struct stat st;
	char text[64];

	SAYS(open(bad, O_RDONLY));
	SAYS(openat(AT_FDCWD, bad, O_RDONLY));
	SAYS(creat(bad, 0600));
	SAYS(syscall(SYS_openat2, AT_FDCWD, bad, &how, sizeof(how)));
	SAYS(access(bad, R_OK));
	SAYS(stat(bad, &st));
	SAYS(stat("/proc/net/dev", bad));
	SAYS(lstat(bad, &st));
	SAYS(fstatat(AT_FDCWD, bad, &st, 0));
	SAYS(readlink(bad, text, sizeof(text)));
	SAYS(readlink("/proc/self/fd/0", bad, 64));
	SAYS(chdir(bad));
	SAYS(truncate(bad, 1));
	SAYS((fopen(bad, "r") ? 0 : -1));
	SAYS(execve(bad, argv, argv));
	SAYS(execve("/bin/true", bad, NULL));
	SAYS(execve("/bin/true", argv, bad));
	SAYS(execve("/bin/true", argv, (char *[]){ bad, NULL }));
	SAYS(execve("/bin/true", (char *[]){ bad, NULL }, argv));
	SAYS(syscall(SYS_execveat, AT_FDCWD, bad, argv, argv, 0));
	SAYS(syscall(SYS_execveat, 0, bad, argv, argv, 0));
	for (i = 0; i < sizeof(begun) / sizeof(*begun); i++) {
		snprintf(name, sizeof(name), "open of '%s'", begun[i]);
		SAY(name, open(at_edge(begun[i]), O_RDONLY));
		snprintf(name, sizeof(name), "stat of '%s'", begun[i]);
		SAY(name, stat(at_edge(begun[i]), &st));
		snprintf(name, sizeof(name), "chdir to '%s'", begun[i]);
		SAY(name, chdir(at_edge(begun[i])));
		snprintf(name, sizeof(name), "execve of '%s'", begun[i]);
		SAY(name, execve(at_edge(begun[i]), argv, argv));
	}
	SAYS((getcwd(bad, 64) ? 0 : -1));
}

/* The same, beginning at a directory that shows the network. */
static void from_directory(void)
{
	int dir = open("/proc/net", O_RDONLY | O_DIRECTORY);
	struct stat st;

	must(dir >= 0);
	SAYS(openat(dir, bad, O_RDONLY));
	SAYS(fstatat(dir, bad, &st, 0));
	bad = NULL;
	SAY("fstatat of no name", fstatat(dir, bad, &st, 0));
	SAY("openat of '..'", openat(dir, at_edge(".."), O_RDONLY));
	SAY("openat of 'dev'", openat(dir, at_edge("dev"), O_RDONLY));
	close(dir);
}

static void others(void)
{
	struct rlimit lim;

	SAYS(pipe(bad));
	SAYS(pipe2(bad, 0));
	SAYS(socketpair(AF_UNIX, SOCK_STREAM, 0, bad));
	SAYS(getrlimit(RLIMIT_NOFILE, bad));
	SAYS(setrlimit(RLIMIT_NOFILE, bad));
	SAYS(prlimit(0, RLIMIT_NOFILE, bad, &lim));
	SAYS(prlimit(0, RLIMIT_NOFILE, NULL, bad));
	SAYS(sigaction(SIGUSR1, bad, NULL));
	SAYS(sigaction(SIGUSR1, NULL, bad));
}

static void local(const char *name, int type, int carried)
{
	int pair[2];

	about = name;
	must(!socketpair(AF_UNIX, type, 0, pair));
	messages(pair[0], pair[1]);
	control(pair[0], carried);
	by_descriptor(pair[0], pair[1]);
	readiness(pair[0]);
	close(pair[0]);
	close(pair[1]);
}

static void network(const char *name, const int pair[2])
{
	about = name;
	messages(pair[0], pair[1]);
	by_descriptor(pair[0], pair[1]);
	readiness(pair[0]);
}

static void udp_pair(int pair[2])
{
	struct sockaddr_in sa = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	}, other = sa;
	socklen_t len = sizeof(sa);

	for (int i = 0; i < 2; i++) {
		pair[i] = socket(AF_INET, SOCK_DGRAM, 0);
		must(pair[i] >= 0);
		must(!bind(pair[i], (void *)&other, len));
		must(!getsockname(pair[i], (void *)(i ? &other : &sa), &len));
		other.sin_port = i ? other.sin_port : 0;
	}
	must(!connect(pair[0], (void *)&other, len));
	must(!connect(pair[1], (void *)&sa, len));
}

int main(void)
{
	struct sigaction act = { .sa_handler = on_fault };
	int udp[2], tcp[2];

	must(!sigaction(SIGSEGV, &act, NULL));
	must(!sigaction(SIGBUS, &act, NULL));
	edge = end_of_page();
	fixed = end_of_page();
	must(!mprotect(fixed - PAGE, PAGE, PROT_READ));
	must(signal(SIGPIPE, SIG_IGN) != SIG_ERR);

	/* There is no kernel of ours yet. */
	about = "by name, at first";
	by_name();
	local("datagrams", SOCK_DGRAM, STDOUT_FILENO);
	local("stream", SOCK_STREAM, STDOUT_FILENO);
	udp_pair(udp);
	network("udp", udp);
	net_pair(tcp);
	network("tcp", tcp);
	local("datagrams with a socket", SOCK_DGRAM, udp[0]);
	local("stream with a socket", SOCK_STREAM, udp[0]);
	about = "by name";
	by_name();
	from_directory();
	must(!chdir("/proc/self/net"));
	about = "by name in /proc/net";
	by_name();
	about = "others";
	others();
	return 0;
}
