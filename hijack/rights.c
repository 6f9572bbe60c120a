// SPDX-License-Identifier: GPL-2.0
/*
 * rights.c - LKL descriptors in messages of the host (SCM_RIGHTS)
 *
 * Theory of operation
 * -------------------
 * A message between two processes is the host's, and can carry only what is
 * the host's. So a *stand-in* is sent in place of an LKL descriptor: an empty
 * memfd whose name has a random number. The file itself is sent through the
 * LKL kernel meanwhile, as SCM_RIGHTS of a message with the same number, to
 * the *office*: a socket of AF_UNIX that is connected with itself. All
 * processes that share the kernel have it, as it is made when that boots.
 * Who receives a stand-in looks for its number in the office, and puts the
 * descriptor that it finds there where the stand-in was.
 *
 * Looking takes messages of others out, and sends them again. So it may be that
 * a number is not there for a moment, and is looked for again until PATIENCE_NS
 * have passed. Somebody who has another kernel, or none, does not find
 * it, and keeps the stand-in, which reads as the end of a file.
 *
 * Descriptors that are never received (the socket was closed before, the
 * control data was truncated) stay in the office until it is full, which it is
 * with some hundreds; then the oldest one goes. So nothing grows for ever.
 */
#include "rights.h"
#include "fdtab.h"
#include "scratch.h"

#include <stddef.h>
#include <sys/un.h>

/* How long to look for a descriptor that others may have in their hands. */
#define PATIENCE_NS	200000000LL
#define NAP_NS		100000

/* No message has more of them (SCM_MAX_FD). */
#define MOST_FDS	253

#define STAND_IN	"lkl-right:"
#define LINK		"/memfd:" STAND_IN

/* One more than the LKL descriptor of the office, 0: there is none. */
static int office;

/**
 * struct parcel - A message of the office
 * @number:	what its stand-in is called
 * @fd:		LKL descriptor that it carries, -1: none
 */
struct parcel {
	unsigned long long number;
	int fd;
};

union control {
	struct cmsghdr head;
	char room[CMSG_SPACE(sizeof(int))];
};

/**
 * rights_init() - Open the office: the kernel has booted
 *
 * If that fails LKL descriptors cannot be sent.
 */
void rights_init(void)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	socklen_t len = sizeof(sun);
	long fd = LKL(SYS_socket, AF_UNIX, SOCK_DGRAM, 0), err;

	office = 0;
	if (fd < 0)
		return;
	err = LKL(SYS_bind, fd, &sun, offsetof(struct sockaddr_un, sun_path));
	if (!err)
		err = LKL(SYS_getsockname, fd, &sun, &len);
	if (!err)
		err = LKL(SYS_connect, fd, &sun, len);
	if (err)
		LKL(SYS_close, fd);
	else
		office = fd + 1;
}

/**
 * rights_pass() - Let the program that is executed next have the office
 * @text:	receives its descriptor, terminated
 * @size:	room there; 0: only the length is found
 *
 * Return: length of the text
 */
size_t rights_pass(char *text, size_t size)
{
	return snprintf(text, size, ":%d", office);
}

/**
 * rights_resume() - Take what rights_pass() has passed
 * @text:	that
 *
 * Return: what comes after it
 */
const char *rights_resume(const char *text)
{
	int len = 0;

	return sscanf(text, ":%d%n", &office, &len) == 1 ? text + len : text;
}

/* Receive the oldest parcel of the office; Return: 0 or a negative errno */
static long take(struct parcel *p)
{
	union control ctl;
	struct iovec iov = { &p->number, sizeof(p->number) };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &ctl, .msg_controllen = sizeof(ctl),
	};
	long n = LKL(SYS_recvmsg, office - 1, &msg, MSG_DONTWAIT);

	p->fd = -1;
	if (n >= 0 && msg.msg_controllen >= CMSG_LEN(sizeof(int)))
		memcpy(&p->fd, CMSG_DATA(&ctl.head), sizeof(int));
	return n < 0 ? n : 0;
}

/* Send a parcel to the office, which loses its oldest one if it is full. */
static long put(const struct parcel *p)
{
	union control ctl = { .head = {
		.cmsg_len = CMSG_LEN(sizeof(int)),
		.cmsg_level = SOL_SOCKET,
		.cmsg_type = SCM_RIGHTS,
	} };
	struct iovec iov = { (void *)&p->number, sizeof(p->number) };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &ctl, .msg_controllen = sizeof(ctl),
	};
	struct parcel oldest;
	long n;

	memcpy(CMSG_DATA(&ctl.head), &p->fd, sizeof(int));
	while ((n = LKL(SYS_sendmsg, office - 1, &msg, MSG_DONTWAIT)) ==
	       -EAGAIN && !take(&oldest))
		LKL(SYS_close, oldest.fd);
	return n < 0 ? n : 0;
}

static long long now(void)
{
	struct timespec ts;

	RAW(SYS_clock_gettime, CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

/**
 * find() - Take a descriptor out of the office
 * @number:	what its stand-in is called
 *
 * Return: LKL descriptor, or -ENOENT
 */
static long find(unsigned long long number)
{
	const struct timespec nap = { 0, NAP_NS };
	long long end = now() + PATIENCE_NS;
	unsigned long long first = 0;
	struct parcel p;

	while (!take(&p) || now() < end) {
		if (p.fd >= 0 && p.number == number)
			return p.fd;
		if (p.fd >= 0) {
			put(&p);
			LKL(SYS_close, p.fd);
		}
		/* Seen all of them: let others put theirs back. */
		if (p.fd < 0 || p.number == first) {
			if (now() >= end)
				break;
			RAW(SYS_nanosleep, &nap, NULL);
		} else if (!first) {
			first = p.number;
		}
	}
	return -ENOENT;
}

/* The number of a stand-in, 0: it is none */
static unsigned long long number_of(int fd)
{
	char path[32], link[sizeof(LINK) + 40];
	struct stat st;
	long n;

	if (RAW(SYS_fstat, fd, &st) || !S_ISREG(st.st_mode) || st.st_nlink)
		return 0;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	n = RAW(SYS_readlink, path, link, sizeof(link) - 1);
	link[n > 0 ? n : 0] = '\0';
	if (strncmp(link, LINK, sizeof(LINK) - 1))
		return 0;
	return strtoull(link + sizeof(LINK) - 1, NULL, 16);
}

/**
 * leave() - Leave an LKL descriptor at the office
 * @lkl_fd:	descriptor
 *
 * Return: its stand-in, or a negative errno
 */
static long leave(int lkl_fd)
{
	struct parcel p = { .fd = lkl_fd };
	char name[sizeof(STAND_IN) + 16];
	long fd, err;

	if (!office)
		return -EINVAL;
	do
		RAW(SYS_getrandom, &p.number, sizeof(p.number), 0);
	while (!p.number);
	snprintf(name, sizeof(name), STAND_IN "%016llx", p.number);
	fd = RAW(SYS_memfd_create, name, MFD_CLOEXEC);
	if (fd < 0)
		return fd;
	err = put(&p);
	if (err)
		RAW(SYS_close, fd);
	return err ?: fdtab_born(fd);
}

/* for_each_right() - every descriptor @fd of a message, which is at @at */
#define for_each_right(msg, c, at, fd)					\
	for (c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c))	\
		if (is_rights(c))					\
			for (at = CMSG_DATA(c);				\
			     at + sizeof(int) <=			\
			     (unsigned char *)c + c->cmsg_len &&	\
			     (memcpy(&fd, at, sizeof(int)), true);	\
			     at += sizeof(int))

static bool is_rights(const struct cmsghdr *c)
{
	return c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS;
}

/**
 * rights_are_lkl() - Does a message carry an LKL descriptor?
 * @msg:	message, may be NULL
 *
 * Return: true if so
 */
bool rights_are_lkl(const struct msghdr *msg)
{
	unsigned char *at;
	struct cmsghdr *c;
	int fd;

	if (likely(!msg || !msg->msg_control))
		return false;
	for_each_right((struct msghdr *)msg, c, at, fd)
		if (fdtab_get(fd) > 0)
			return true;
	return false;
}

/**
 * rights_send() - sendmsg() of the host, with LKL descriptors
 * @fd:		socket
 * @msg:	message
 * @flags:	MSG_*
 *
 * Return: bytes sent, or -1 with errno
 */
long rights_send(int fd, const struct msghdr *msg, int flags)
{
	struct msghdr copy = *msg;
	int stand_ins[MOST_FDS], n = 0, right;
	unsigned char *at;
	struct cmsghdr *c;
	long ret = 0;

	if (!process_is_owner())
		return libc_result(-EINVAL);
	copy.msg_control = scratch_take(msg->msg_controllen);
	if (!copy.msg_control)
		return libc_result(-ENOMEM);
	memcpy(copy.msg_control, msg->msg_control, msg->msg_controllen);
	for_each_right(&copy, c, at, right) {
		if (ret < 0 || fdtab_get(right) <= 0)
			continue;
		ret = n < MOST_FDS ? leave(fdtab_get(right) - 1) : -EINVAL;
		if (ret < 0)
			continue;
		stand_ins[n++] = ret;
		memcpy(at, &stand_ins[n - 1], sizeof(int));
	}
	ret = ret < 0 ? libc_result(ret) : HOST(sendmsg)(fd, &copy, flags);
	right = errno;
	for (int i = 0; i < n; i++) {
		/* What nobody will receive is taken back. */
		if (ret < 0)
			LKL(SYS_close, find(number_of(stand_ins[i])));
		RAW(SYS_close, stand_ins[i]);
	}
	scratch_give(copy.msg_control);
	errno = right;
	return ret;
}

/* A descriptor has been received: have it be what it stands for. */
static void redeem(int fd, int flags)
{
	unsigned long long number;
	struct parcel p;

	fdtab_born(fd);
	if (!office || !kernel_is_running() || !process_is_owner() ||
	    fd >= FDTAB_SIZE)
		return;
	number = number_of(fd);
	if (!number)
		return;
	p.fd = find(number);
	p.number = number;
	if (p.fd < 0)
		return;
	if (flags & MSG_PEEK)
		put(&p);
	if (flags & MSG_CMSG_CLOEXEC)
		LKL(SYS_fcntl, p.fd, F_SETFD, FD_CLOEXEC);
	fdtab_placeholder_at(fd);
	fdtab_install(fd, p.fd);
}

/**
 * rights_received() - Look at the descriptors that a message has brought
 * @msg:	message
 * @flags:	MSG_* that it was received with
 */
void rights_received(struct msghdr *msg, int flags)
{
	int saved = errno, fd;
	unsigned char *at;
	struct cmsghdr *c;

	if (likely(!msg->msg_control || !msg->msg_controllen))
		return;
	for_each_right(msg, c, at, fd)
		redeem(fd, flags);
	errno = saved;
}
