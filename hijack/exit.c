// SPDX-License-Identifier: GPL-2.0
/*
 * exit.c - What still has to leave the LKL kernel when the program ends
 *
 * Theory of operation
 * -------------------
 * On Linux the kernel outlives the program: what was written to a socket is
 * still sent after exit. Our kernel dies with the program, so at the end we
 * close all LKL descriptors, as exit would, and wait until no TCP connection
 * has something left to deliver: none in FIN_WAIT1, CLOSING or LAST_ACK, the
 * states in which data or our FIN is not acknowledged yet. The kernel lists
 * them itself (sock_diag), so connections that the program closed a moment ago
 * count as well. A datagram is on its way at once, unless the link address of
 * its neighbour has yet to be found, so we wait for those, too. What is then
 * still on this side is what libslirp could not give to the host yet.
 *
 * A peer that does not take it is given up after the time that the setting
 * LINGER says; 0 is no time at all.
 *
 * With bit 0x100 of DEBUG the end also waits for Enter, the kernel running.
 *
 * A program that executes another one in this process has left the kernel to a
 * copy of itself (hostlib/posix/move.c), whose end is here, too (exit_keep()).
 *
 * A child of fork that uses our kernel needs us: we wait until there is none,
 * without any descriptor of the program, so that whoever reads from it sees the
 * end. The child itself has nothing to wait for:
 * Linux ends all its threads before its connection with the kernel breaks, so
 * none of them sees a socket closed.
 *
 * A program without network sockets, and without children that could have some,
 * does not wait at all, nor does one that is killed by a signal: what it has not
 * sent by then is lost.
 *
 * exit() comes here last of all, because destructors of libraries may use
 * sockets, or wait for threads that do: what is registered before main() is
 * called runs even after the destructors. But before the stdio streams are
 * flushed, so that is done here (streams_flush()). quick_exit() has a
 * handler, too; _exit() and syscall(SYS_exit_group) are wrapped; a vfork()
 * child must not come here.
 *
 * Other threads still run. On Linux they never see the end, so from here on
 * they do not return from the LKL kernel (lkl_host_threads_stop()), and those
 * that were blocked there leave it: the files that they use are closed then. A
 * number that was LKL's stays so for them; there is nothing behind it any more.
 * Nor do they see that descriptors of the host are closed (close_host()): while
 * there are children they go on with what needs none, which Linux would end.
 */
#include "exit.h"
#include "fdtab.h"
#include "start.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <time.h>

/* How often to look whether the peers have all. */
#define LOOK_NS		1000000L
#define NS_PER_MS	1000000LL

/* Entry of a descriptor that is closed: the LKL kernel has none so high. */
#define CLOSED_AT_END	(FDTAB_SIZE + 1)

/* What there is to do at the end, EXIT_*. */
static unsigned int armed;

/**
 * exit_arm() - Note that there will be something to do at the end
 * @what:	EXIT_*
 */
void exit_arm(unsigned int what)
{
	if (!(__atomic_load_n(&armed, __ATOMIC_RELAXED) & what))
		__atomic_or_fetch(&armed, what, __ATOMIC_RELAXED);
}

/**
 * ask_for_enter() - Wait until the user presses Enter
 * @why:	what is held up
 *
 * Asks the terminal, not the program's standard input, if there is one.
 */
void ask_for_enter(const char *why)
{
	int fd = RAW(SYS_openat, AT_FDCWD, "/dev/tty", O_RDWR | O_CLOEXEC);
	int in = fd >= 0 ? fd : STDIN_FILENO;
	int out = fd >= 0 ? fd : STDERR_FILENO;
	char text[128], c;
	long n;

	n = snprintf(text, sizeof(text), "lkl-hijack: %s; press Enter\n", why);
	RAW(SYS_write, out, text, n);
	do
		n = RAW(SYS_read, in, &c, 1);
	while (n == -EINTR || (n == 1 && c != '\n'));
	if (fd >= 0)
		RAW(SYS_close, fd);
}

/**
 * dump_any() - Ask the kernel for a list; does it hold what we look for?
 * @fd:		LKL netlink socket
 * @ask:	message that asks
 * @counts:	is it this entry?
 *
 * No memory is asked for: _exit() may be called from a signal handler.
 *
 * Return: true if an entry counts
 */
static bool dump_any(int fd, const struct nlmsghdr *ask,
		     bool (*counts)(const struct nlmsghdr *nl))
{
	char buf[16384] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nl;
	bool any = false;
	long len;

	if (LKL(SYS_sendto, fd, ask, ask->nlmsg_len) < 0)
		return false;
	for (;;) {
		len = LKL(SYS_recvfrom, fd, buf, sizeof(buf));
		if (len <= 0)
			return any;
		for (nl = (void *)buf; NLMSG_OK(nl, (unsigned long)len);
		     nl = NLMSG_NEXT(nl, len)) {
			if (nl->nlmsg_type == NLMSG_DONE ||
			    nl->nlmsg_type == NLMSG_ERROR)
				return any;
			any |= counts(nl);
		}
	}
}

static bool is_connection(const struct nlmsghdr *nl)
{
	return nl->nlmsg_type == SOCK_DIAG_BY_FAMILY;
}

/**
 * undelivered() - Is there a connection with something left to deliver?
 * @fd:		LKL sock_diag socket
 * @family:	AF_INET or AF_INET6
 *
 * Return: true if so
 */
static bool undelivered(int fd, int family)
{
	const struct {
		struct nlmsghdr nl;
		struct inet_diag_req_v2 req;
	} ask = {
		.nl = {
			.nlmsg_len = sizeof(ask),
			.nlmsg_type = SOCK_DIAG_BY_FAMILY,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		},
		.req = {
			.sdiag_family = family,
			.sdiag_protocol = IPPROTO_TCP,
			.idiag_states = 1 << TCP_FIN_WAIT1 | 1 << TCP_CLOSING |
					1 << TCP_LAST_ACK,
		},
	};

	return dump_any(fd, &ask.nl, is_connection);
}

static bool is_incomplete(const struct nlmsghdr *nl)
{
	const struct ndmsg *nd = NLMSG_DATA(nl);

	return nl->nlmsg_type == RTM_NEWNEIGH &&
	       nd->ndm_state & NUD_INCOMPLETE;
}

/**
 * unresolved() - Is there a packet that waits for the address of its neighbour?
 * @fd:	LKL rtnetlink socket
 *
 * Return: true if so
 */
static bool unresolved(int fd)
{
	const struct {
		struct nlmsghdr nl;
		struct ndmsg nd;
	} ask = {
		.nl = {
			.nlmsg_len = sizeof(ask),
			.nlmsg_type = RTM_GETNEIGH,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		},
	};

	return dump_any(fd, &ask.nl, is_incomplete);
}

/** monotonic() - Return: nanoseconds of the host's clock */
static long long monotonic(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

/**
 * close_all() - Close all LKL descriptors, as the end of the program does
 */
static void close_all(void)
{
	int end = fdtab_limit();
	int32_t entry;

	for (int fd = 0; fd < end; fd++) {
		entry = fdtab_get(fd);
		while (entry > 0 &&
		       !__atomic_compare_exchange_n(&fdtab[fd], &entry,
						    CLOSED_AT_END, false,
						    __ATOMIC_ACQ_REL,
						    __ATOMIC_ACQUIRE))
			;
		if (entry > 0)
			LKL(SYS_close, entry - 1);
	}
}

static int netlink_socket(int protocol)
{
	return LKL(SYS_socket, AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, protocol);
}

/**
 * close_host() - Close all descriptors of the program that are the host's
 * @but:	except this one
 *
 * Other threads must not see it: something else takes the place of each, where
 * there is never anything to read, or where what is written vanishes.
 */
static void close_host(int but)
{
	int end = fdtab_host_room(FDTAB_SIZE), quiet[2], mode;
	int sink = RAW(SYS_openat, AT_FDCWD, "/dev/null", O_WRONLY | O_CLOEXEC);

	if (RAW(SYS_socketpair, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, quiet))
		quiet[0] = quiet[1] = -1;
	for (int fd = 0; fd < end; fd++) {
		if (fd == but || fd == sink || fd == quiet[0] || fd == quiet[1] ||
		    fdtab_private(fd))
			continue;
		mode = RAW(SYS_fcntl, fd, F_GETFL);
		if (mode < 0)
			continue;
		if ((mode & O_ACCMODE) == O_WRONLY || fd == STDOUT_FILENO ||
		    fd == STDERR_FILENO)
			mode = RAW(SYS_dup3, sink, fd, O_CLOEXEC);
		else
			mode = RAW(SYS_dup3, quiet[0], fd, O_CLOEXEC);
		if (mode < 0)
			RAW(SYS_close, fd);
	}
}

/**
 * wait_for_guests() - Let children live that use our kernel
 * @but:	descriptor of the host that is kept open, -1: none
 */
static void wait_for_guests(int but)
{
	close_host(but);
	while (LKL(LKL_NR_guests, -1) == -EINTR)
		;
}

/**
 * flush() - Close everything and wait for the peers
 * @guests:	are there children that use our kernel?
 */
static void flush(bool guests)
{
	int diag = armed & EXIT_STREAMS ? netlink_socket(NETLINK_SOCK_DIAG) : -1;
	int rtnl = armed & EXIT_DATAGRAMS ? netlink_socket(NETLINK_ROUTE) : -1;
	const struct timespec look = { 0, LOOK_NS };
	long long left, end;

	close_all();
	if (guests)
		wait_for_guests(-1);
	/* Nor will anybody receive what is in messages. */
	LKL(LKL_NR_rights_drop, 0);
	end = monotonic() + setting_linger() * NS_PER_MS;
	while ((left = end - monotonic()) > 0 &&
	       (lkl_host_threads_inside() ||
		(diag >= 0 && (undelivered(diag, AF_INET) ||
			       undelivered(diag, AF_INET6))) ||
		(rtnl >= 0 && unresolved(rtnl))))
		LKL(SYS_nanosleep, &look, NULL);
	if (left > 0)
		finish_interfaces((left + NS_PER_MS - 1) / NS_PER_MS);
}

/**
 * any_work() - Is there something to do at the end?
 * @guests:	receives: are there children that use our kernel?
 *
 * Return: true if so
 */
static bool any_work(bool *guests)
{
	if (!kernel_is_running() || !process_is_owner() || lkl_fork_is_shared())
		return false;
	*guests = LKL(LKL_NR_guests, 0) > 0;
	return *guests || __atomic_load_n(&armed, __ATOMIC_RELAXED);
}

/**
 * exit_flush() - Let the LKL kernel deliver what the program has written
 *
 * Does its work once, in the thread that comes first; no other returns.
 */
void exit_flush(void)
{
	static bool done;
	bool guests;

	if (!any_work(&guests))
		return;
	lkl_host_threads_stop();
	if (done)
		return;
	done = true;
	if (armed & EXIT_HOLD)
		ask_for_enter("program ended, kernel held");
	if (armed & EXIT_DUMP)
		dump_files();
	if (guests || armed & (EXIT_STREAMS | EXIT_DATAGRAMS))
		flush(guests);
	if (armed & EXIT_PCAP)
		flush_capture();
}

/**
 * exit_keep() - Keep the kernel as long as there are others that use it
 *
 * Here is a copy of a process that has executed another program. What it had
 * open is that one's, which is our guest; what it wanted to be done at the end is
 * done when all have ended. Only for that we have its standard error output.
 */
void exit_keep(void)
{
	for (int fd = fdtab_limit() - 1; fd >= 0; fd--)
		fdtab_forget(fd);
	close_all();
	wait_for_guests(armed & (EXIT_HOLD | EXIT_DUMP) ? STDERR_FILENO : -1);
	exit_arm(EXIT_STREAMS | EXIT_DATAGRAMS);
	exit_flush();
}

/** at_exit() - The process ends with exit() */
static void at_exit(int status, void *arg)
{
	bool guests;

	if (!any_work(&guests))
		return;
	streams_flush();
	exit_flush();
}

/*
 * Not by atexit(): such handlers of a library run before the destructors of
 * others.
 */
static __attribute__((constructor)) void prepare(void)
{
	on_exit(at_exit, NULL);
}

/**
 * _exit() - End the process without more ado
 * @status:	exit status
 */
EXPORT void _exit(int status)
{
	exit_flush();
	HOST(_exit)(status);
	__builtin_unreachable();
}
