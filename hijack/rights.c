// SPDX-License-Identifier: GPL-2.0
/*
 * rights.c - LKL descriptors in messages of the host (SCM_RIGHTS)
 *
 * Theory of operation
 * -------------------
 * A message between two processes is the host's, and can carry only what is
 * the host's. So a *stand-in* is sent in place of an LKL descriptor: one end of a
 * socket pair. The LKL kernel has the other end, and keeps the file as long as
 * anybody has the stand-in, be it a message that is never received
 * (kernel/arch/lkl/kernel/right.c). So the host counts references to files of the
 * LKL kernel, and a connection that is lost on its way is closed, as on Linux.
 *
 * What there is to read from the stand-in is the number of the file. Who
 * receives it has a look (MSG_PEEK: others may have received it as well), takes
 * the file by its number, and puts that where the stand-in was.
 *
 * Somebody who has another kernel, or none, does not find it, and keeps a socket
 * that reads as this text and then ends.
 *
 * While a stand-in is being sent it is hidden from the program, and children
 * that are forked meanwhile do not have it: it would keep the file.
 */
#include "rights.h"
#include "fdtab.h"
#include "scratch.h"
#include "user.h"

#include <limits.h>
#include <sys/resource.h>

/* No message has more of them (SCM_MAX_FD). */
#define MOST_FDS	253

/* A stand-in, its line, and the kernel's duplicate of that. */
#define SPARE_FDS	3

#define STAND_IN	"lkl-right:"
#define TEXT_LEN	(sizeof(STAND_IN) - 1 + 16)

/**
 * struct letter - A message that is being sent
 * @msg:	the message, with stand-ins
 * @stand_ins:	those
 * @n:		how many
 */
struct letter {
	struct msghdr msg;
	int stand_ins[MOST_FDS];
	int n;
};

/**
 * label() - Let the LKL kernel keep a file, and a stand-in tell its number
 * @line:	the other end of the stand-in
 * @lkl_fd:	descriptor of the file
 *
 * Return: 0 or a negative errno
 */
static long label(int line, int lkl_fd)
{
	long ret = LKL(LKL_NR_right_leave, lkl_fd, line);
	char text[TEXT_LEN + 1];
	int on = 1;

	if (ret < 0)
		return ret;
	snprintf(text, sizeof(text), STAND_IN "%016lx", ret);
	ret = RAW(SYS_sendto, line, text, TEXT_LEN, MSG_NOSIGNAL, NULL, 0);
	if (ret >= 0)
		ret = RAW(SYS_shutdown, line, SHUT_WR);
	/* Not before: who sends then is given a name. */
	if (!ret)
		ret = RAW(SYS_setsockopt, line, SOL_SOCKET, SO_PASSCRED, &on,
			  sizeof(on));
	return ret;
}

/**
 * make_stand_in() - Make what can be sent instead of an LKL descriptor
 * @lkl_fd:	the descriptor
 *
 * Return: a hidden descriptor, or a negative errno
 */
static long make_stand_in(int lkl_fd)
{
	int pair[2];
	long ret = RAW(SYS_socketpair, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC,
		       0, pair);

	if (!ret) {
		lkl_host_fd_hide(pair[0]);
		fdtab_born(pair[0]);
		ret = label(fdtab_born(pair[1]), lkl_fd);
		RAW(SYS_close, pair[1]);
		if (ret < 0)
			lkl_host_fd_drop(pair[0]);
	}
	return ret < 0 ? ret : pair[0];
}

/**
 * stand_in_for() - make_stand_in() of a program that has no numbers left
 * @lkl_fd:	the descriptor
 *
 * Who sends needs none on Linux. So there are some more for a moment, if that is
 * allowed.
 *
 * Return: a hidden descriptor, or a negative errno (-ETOOMANYREFS: there are
 * too many files on their way)
 */
static long stand_in_for(int lkl_fd)
{
	long fd = make_stand_in(lkl_fd);
	struct rlimit own, more;

	if (likely(fd != -EMFILE) || lkl_host_nofile(NULL, &own))
		return fd;
	more = own;
	more.rlim_cur += SPARE_FDS;
	if (more.rlim_max < more.rlim_cur)
		more.rlim_max = more.rlim_cur;
	if (!lkl_host_nofile(&more, NULL)) {
		fd = make_stand_in(lkl_fd);
		lkl_host_nofile(&own, NULL);
	}
	return fd == -EMFILE ? -ETOOMANYREFS : fd;
}

/* The number that a stand-in tells, 0: it is none */
static long number_of(int fd)
{
	char text[TEXT_LEN + 2];
	int type = 0;
	socklen_t len = sizeof(type);

	if (RAW(SYS_getsockopt, fd, SOL_SOCKET, SO_TYPE, &type, &len) ||
	    type != SOCK_SEQPACKET ||
	    RAW(SYS_recvfrom, fd, text, sizeof(text) - 1,
		MSG_PEEK | MSG_DONTWAIT, NULL, NULL) != TEXT_LEN ||
	    memcmp(text, STAND_IN, sizeof(STAND_IN) - 1))
		return 0;
	text[TEXT_LEN] = '\0';
	return strtol(text + sizeof(STAND_IN) - 1, NULL, 16);
}

/**
 * struct walk - A walk through the descriptors that a message carries
 * @next:	where the next list of control data is
 * @end:	of all control data
 * @at:		where the next descriptor is
 * @stop:	where its list ends
 */
struct walk {
	char *next;
	char *end;
	char *at;
	char *stop;
};

/**
 * begin() - Begin a walk
 * @w:		receives where it is
 * @msg:	message of the program
 *
 * Return: false if there is nothing to walk through that Linux would accept
 */
static inline bool begin(struct walk *w, const struct msghdr *msg)
{
	char *at;
	size_t len;

	USER_GET(at, (char *const *)&msg->msg_control, fault);
	if (likely(!at))
		return false;
	USER_GET(len, &msg->msg_controllen, fault);
	w->next = at;
	w->end = at + len;
	w->at = NULL;
	w->stop = NULL;
	return len <= INT_MAX;
fault:
	return false;
}

/**
 * find() - Go on to the next list
 * @w:	walk
 *
 * Return: false if there is none that Linux would accept, or it is not there
 */
static bool find(struct walk *w)
{
	const struct cmsghdr *c = (struct cmsghdr *)w->next;
	size_t left = w->end - w->next, len;
	int level, type;

	if (left < sizeof(*c))
		return false;
	USER_GET(len, &c->cmsg_len, fault);
	USER_GET(level, &c->cmsg_level, fault);
	USER_GET(type, &c->cmsg_type, fault);
	if (len < sizeof(*c) || len > left)
		return false;
	if (level == SOL_SOCKET && type == SCM_RIGHTS) {
		w->at = (char *)(c + 1);
		w->stop = w->next + len;
	}
	w->next += CMSG_ALIGN(len) < left ? CMSG_ALIGN(len) : left;
	return true;
fault:
	return false;
}

/**
 * step() - Go on to the next descriptor
 * @w:	walk
 * @fd:	receives the descriptor, which is behind us then
 *
 * Return: false if there is none, or it is not there
 */
static bool step(struct walk *w, int *fd)
{
	int got;

	while (w->stop - w->at < (long)sizeof(int))
		if (!find(w))
			return false;
	USER_GET(got, (int *)w->at, fault);
	*fd = got;
	w->at += sizeof(int);
	return true;
fault:
	return false;
}

/**
 * rights_are_lkl() - Does a message carry an LKL descriptor?
 * @msg:	message
 *
 * Return: true if so; false also if it is not there: let the host say so
 */
bool rights_are_lkl(const struct msghdr *msg)
{
	struct walk w;
	int fd;

	if (likely(!begin(&w, msg)))
		return false;
	while (step(&w, &fd))
		if (fdtab_get(fd) > 0)
			return true;
	return false;
}

/* A message has been sent, or never will be. */
static void post(void *arg)
{
	struct letter *l = arg;

	while (l->n)
		lkl_host_fd_drop(l->stand_ins[--l->n]);
	scratch_give(l->msg.msg_control);
}

/**
 * write_letter() - Put stand-ins where there are LKL descriptors
 * @l:	message whose control data is a copy
 *
 * Return: 0 or a negative errno
 */
static long write_letter(struct letter *l)
{
	struct walk w;
	long stand_in;
	int fd;

	if (!begin(&w, &l->msg))
		return 0;
	while (step(&w, &fd)) {
		if (fdtab_get(fd) <= 0)
			continue;
		if (l->n == MOST_FDS)
			return -EINVAL;
		stand_in = stand_in_for(fdtab_get(fd) - 1);
		if (stand_in < 0)
			return stand_in;
		l->stand_ins[l->n] = stand_in;
		memcpy(w.at - sizeof(int), &l->stand_ins[l->n++], sizeof(int));
	}
	return 0;
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
	struct letter l = { };
	void *copy;
	long ret;
	int err;

	if (!process_is_owner())
		return libc_result(-EINVAL);
	if (!user_copy(&l.msg, msg, sizeof(l.msg)))
		return HOST(sendmsg)(fd, msg, flags);
	copy = scratch_take(l.msg.msg_controllen);
	if (!copy)
		return libc_result(-ENOMEM);
	if (!user_copy(copy, l.msg.msg_control, l.msg.msg_controllen)) {
		scratch_give(copy);
		return HOST(sendmsg)(fd, msg, flags);
	}
	l.msg.msg_control = copy;
	pthread_cleanup_push(post, &l);
	ret = libc_result(write_letter(&l));
	if (!ret)
		ret = HOST(sendmsg)(fd, &l.msg, flags);
	err = errno;
	pthread_cleanup_pop(1);
	errno = err;
	return ret;
}

/* A descriptor has been received: have it be what it stands for. */
static void redeem(int fd, int flags)
{
	long number, lkl_fd;

	fdtab_born(fd);
	if (!kernel_is_running() || !process_is_owner() || fd >= FDTAB_SIZE)
		return;
	number = number_of(fd);
	if (!number)
		return;
	lkl_fd = LKL(LKL_NR_right_take, number,
		     flags & MSG_CMSG_CLOEXEC ? O_CLOEXEC : 0);
	if (lkl_fd < 0)
		return;
	fdtab_placeholder_at(fd);
	fdtab_install(fd, lkl_fd);
}

/**
 * rights_received() - Look at the descriptors that a message has brought
 * @msg:	message
 * @flags:	MSG_* that it was received with
 */
void rights_received(struct msghdr *msg, int flags)
{
	int saved = errno, fd;
	struct walk w;

	if (likely(!begin(&w, msg)))
		return;
	while (step(&w, &fd))
		redeem(fd, flags);
	errno = saved;
}
