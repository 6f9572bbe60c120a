// SPDX-License-Identifier: GPL-2.0
/*
 * epolls.c - What epoll promises, with descriptors of both kernels in one set
 *
 * Every check holds on Linux without the library, too.
 */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>

#include "epolls.h"

/* Something that another thread does while this one waits. */
struct later {
	void (*what)(int ep, int fd);
	int ep, fd;
};

static void *do_later(void *arg)
{
	struct later *l = arg;

	usleep(30000);
	l->what(l->ep, l->fd);
	return NULL;
}

/** meanwhile() - Wait while another thread does something; return: as one() */
static int meanwhile(int ep, int ms, void (*what)(int, int), int about, int fd)
{
	struct later l = { what, about, fd };
	pthread_t t;
	int got;

	must(!pthread_create(&t, NULL, do_later, &l));
	got = one(ep, ms);
	pthread_join(t, NULL);
	return got;
}

static void do_put(int ep, int fd)
{
	(void)ep;
	put(fd);
}

static void do_add(int ep, int fd)
{
	must(!add(ep, fd, EPOLLIN));
}

static void do_mod(int ep, int fd)
{
	must(!mod(ep, fd, EPOLLIN));
}

static void do_del_and_put(int ep, int fd)
{
	must(!epoll_ctl(ep, EPOLL_CTL_DEL, fd, NULL));
	put(fd == sock[0] ? sock[1] : fifo[1]);
}

static void do_close(int ep, int fd)
{
	(void)ep;
	must(!close(fd));
}

/* One test for both kinds: @in is read from, @out written to. */
static void modes(const char *kind, int in, int out)
{
	int ep = make();

	must(!add(ep, in, EPOLLIN));
	put(out);
	ok(one(ep, LONG) == in && one(ep, LONG) == in, "%s: level", kind);
	put(out);
	must(one(ep, LONG) == in);
	get(in);
	ok(one(ep, LONG) == in, "%s: level, after a part was read", kind);
	get(in);
	ok(one(ep, SHORT) == -1, "%s: level, after all was read", kind);
	must(!mod(ep, in, EPOLLIN | EPOLLET));
	put(out);
	ok(one(ep, LONG) == in && one(ep, SHORT) == -1, "%s: edge", kind);
	put(out);
	ok(one(ep, LONG) == in, "%s: another edge", kind);
	get(in);
	ok(one(ep, SHORT) == -1, "%s: no edge when some is left", kind);
	must(!mod(ep, in, EPOLLIN | EPOLLET));
	ok(one(ep, LONG) == in, "%s: the change of an edge asks anew", kind);
	get(in);
	must(!mod(ep, in, EPOLLIN | EPOLLONESHOT));
	put(out);
	ok(one(ep, LONG) == in, "%s: one shot", kind);
	put(out);
	ok(one(ep, SHORT) == -1, "%s: and no other", kind);
	must(!mod(ep, in, EPOLLIN | EPOLLONESHOT));
	ok(one(ep, LONG) == in, "%s: until armed again", kind);
	get(in);
	get(in);
	ok(meanwhile(ep, 3 * SHORT, do_mod, ep, in) == -1,
	   "%s: armed while waited on, nothing there", kind);
	must(!mod(ep, in, 0));
	put(out);
	ok(meanwhile(ep, LONG, do_mod, ep, in) == in,
	   "%s: wanted while waited on, something there", kind);
	get(in);
	must(!epoll_ctl(ep, EPOLL_CTL_DEL, in, NULL));
	put(out);
	ok(meanwhile(ep, LONG, do_add, ep, in) == in,
	   "%s: added while waited on", kind);
	get(in);
	ok(meanwhile(ep, 4 * SHORT, do_del_and_put, ep, in) == -1,
	   "%s: removed while waited on", kind);
	get(in);
	must(!add(ep, in, EPOLLIN));
	ok(meanwhile(ep, LONG, do_put, ep, out) == in,
	   "%s: written to while waited on", kind);
	get(in);
	close(ep);
}

static void *wait_one(void *arg)
{
	return (void *)(intptr_t)one((int)(intptr_t)arg, 10 * SHORT);
}

/** awake() - Two threads wait on an instance each; return: how many woke */
static int awake(unsigned int flags, int in, int out)
{
	int eps[2] = { make(), make() }, n = 0;
	pthread_t t[2];
	void *got;

	for (int i = 0; i < 2; i++) {
		must(!add(eps[i], in, EPOLLIN | flags));
		must(!pthread_create(&t[i], NULL, wait_one,
				     (void *)(intptr_t)eps[i]));
	}
	usleep(50000);
	put(out);
	for (int i = 0; i < 2; i++) {
		must(!pthread_join(t[i], &got));
		n += (intptr_t)got == in;
		close(eps[i]);
	}
	get(in);
	return n;
}

static void exclusive(void)
{
	int ep = make();

	ok(awake(0, sock[0], sock[1]) == 2, "a socket wakes all instances");
	ok(awake(EPOLLEXCLUSIVE, sock[0], sock[1]) == 1,
	   "a socket wakes only one, exclusive");
	ok(awake(0, fifo[0], fifo[1]) == 2, "a pipe wakes all instances");
	ok(awake(EPOLLEXCLUSIVE, fifo[0], fifo[1]) == 1,
	   "a pipe wakes only one, exclusive");
	must(!add(ep, fifo[0], EPOLLIN | EPOLLEXCLUSIVE));
	errno = 0;
	ok(mod(ep, fifo[0], EPOLLIN) == -1 && errno == EINVAL,
	   "exclusive ones cannot be changed: EINVAL");
	close(ep);
}

/** ready_in() - Is an instance ready, as poll and select see it? */
static bool ready_in(int ep, int ms)
{
	struct timeval tv = { ms / 1000, ms % 1000 * 1000 };
	struct pollfd p = { ep, POLLIN, 0 };
	bool polled = poll(&p, 1, ms) == 1 && p.revents == POLLIN;
	fd_set set;

	FD_ZERO(&set);
	FD_SET(ep, &set);
	must(polled == (select(ep + 1, &set, NULL, NULL, &tv) == 1));
	return polled;
}

static void *poll_one(void *arg)
{
	struct pollfd p = { (int)(intptr_t)arg, POLLIN, 0 };

	return (void *)(intptr_t)poll(&p, 1, LONG);
}

static void nested(const char *kind, int in, int out)
{
	int inner = make(), middle = make(), outer = make();
	pthread_t t;
	void *got;

	must(!add(inner, in, EPOLLIN) && !add(middle, inner, EPOLLIN) &&
	     !add(outer, middle, EPOLLIN));
	ok(!ready_in(inner, 0) && !ready_in(outer, 0) && one(outer, 0) == -1,
	   "%s: nested, nothing there", kind);
	ok(meanwhile(outer, LONG, do_put, outer, out) == middle,
	   "%s: wakes the outermost", kind);
	ok(ready_in(inner, 0) && ready_in(middle, LONG) && ready_in(outer, 0),
	   "%s: all are ready to poll and select", kind);
	get(in);
	ok(!ready_in(outer, SHORT) && one(outer, 0) == -1,
	   "%s: and none when it is read", kind);
	must(!pthread_create(&t, NULL, poll_one, (void *)(intptr_t)outer));
	usleep(30000);
	put(out);
	must(!pthread_join(t, &got));
	ok((intptr_t)got == 1, "%s: wakes a poll of the outermost", kind);
	get(in);
	errno = 0;
	ok(add(inner, outer, EPOLLIN) == -1 && errno == ELOOP,
	   "%s: a circle is ELOOP", kind);
	close(inner);
	close(middle);
	close(outer);
}

/* All kinds of host descriptors, in one set with a socket. */
static void kinds(void)
{
	int event = eventfd(0, EFD_NONBLOCK), master = posix_openpt(O_RDWR);
	int timer = timerfd_create(CLOCK_MONOTONIC, 0), sig, files, tty;
	struct itimerspec soon = { .it_value = { 0, 10000000 } };
	char dir[] = "/tmp/lkl-test-XXXXXX", name[64], buf[256];
	int ep = make(), local[2];
	sigset_t set;

	must(!grantpt(master) && !unlockpt(master));
	tty = open(ptsname(master), O_RDWR | O_NOCTTY);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	must(!sigprocmask(SIG_BLOCK, &set, NULL));
	sig = signalfd(-1, &set, 0);
	files = inotify_init1(0);
	must(mkdtemp(dir) && inotify_add_watch(files, dir, IN_CREATE) > 0);
	must(!socketpair(AF_UNIX, SOCK_STREAM, 0, local));
	must(!add(ep, sock[0], EPOLLIN) && !add(ep, fifo[0], EPOLLIN) &&
	     !add(ep, event, EPOLLIN) && !add(ep, timer, EPOLLIN) &&
	     !add(ep, sig, EPOLLIN) && !add(ep, files, EPOLLIN) &&
	     !add(ep, tty, EPOLLIN) && !add(ep, local[0], EPOLLIN));
	ok(one(ep, SHORT) == -1, "eight kinds in a set, none is ready");

	must(eventfd_write(event, 1) == 0);
	ok(one(ep, LONG) == event, "an eventfd");
	must(read(event, buf, 8) == 8);
	must(!timerfd_settime(timer, 0, &soon, NULL));
	ok(one(ep, LONG) == timer, "a timerfd");
	must(read(timer, buf, 8) == 8);
	kill(getpid(), SIGUSR1);
	ok(one(ep, LONG) == sig, "a signalfd");
	must(read(sig, buf, sizeof(buf)) == sizeof(struct signalfd_siginfo));
	snprintf(name, sizeof(name), "%s/file", dir);
	close(creat(name, 0600));
	ok(one(ep, LONG) == files, "an inotify instance");
	must(read(files, buf, sizeof(buf)) > 0);
	must(write(master, "\n", 1) == 1);
	ok(one(ep, LONG) == tty, "a terminal");
	must(read(tty, buf, sizeof(buf)) == 1);
	put(local[1]);
	ok(one(ep, LONG) == local[0], "a local socket");
	get(local[0]);
	put(sock[1]);
	ok(one(ep, LONG) == sock[0], "and the socket");
	get(sock[0]);
	ok(one(ep, SHORT) == -1, "then none again");
	ok(meanwhile(ep, LONG, do_close, ep, local[1]) == local[0],
	   "the end of a local socket wakes it");
	unlink(name);
	rmdir(dir);
	for (int fd = event; fd <= local[0]; fd++)
		close(fd);
}

static void ends(void)
{
	int ep = make(), pair[2], ends[2];

	net_pair(pair);
	must(!pipe(ends));
	must(!add(ep, ends[0], EPOLLIN) && !add(ep, pair[0], EPOLLIN |
						EPOLLRDHUP));
	close(ends[1]);
	ok(events_of(ep) == EPOLLHUP, "a pipe without writer: EPOLLHUP");
	close(ends[0]);
	shutdown(pair[1], SHUT_WR);
	ok(events_of(ep) == (EPOLLIN | EPOLLRDHUP),
	   "a socket whose peer has no more to say: EPOLLRDHUP");
	close(pair[1]);
	close(pair[0]);
	ok(one(ep, SHORT) == -1, "what is closed is not reported");
	close(ep);
}

static void errors(void)
{
	static const char *const never[] = {
		"/dev/null", "/dev/zero", "/etc/passwd", "/tmp",
	};
	int ep = make(), fd;
	struct epoll_event ev = { .events = EPOLLIN };
	struct epoll_event *volatile nowhere = NULL;

	errno = 0;
	ok(epoll_ctl(ep, EPOLL_CTL_ADD, ep, &ev) == -1 && errno == EINVAL,
	   "an instance in itself is EINVAL");
	errno = 0;
	ok(epoll_ctl(sock[0], EPOLL_CTL_ADD, fifo[0], &ev) == -1 &&
	   errno == EINVAL, "epoll_ctl on a socket is EINVAL");
	errno = 0;
	ok(epoll_ctl(fifo[0], EPOLL_CTL_ADD, sock[0], &ev) == -1 &&
	   errno == EINVAL, "epoll_ctl on a pipe is EINVAL");
	errno = 0;
	ok(epoll_wait(ep, &ev, 0, 0) == -1 && errno == EINVAL,
	   "room for no event is EINVAL");
	errno = 0;
	ok(epoll_wait(sock[0], &ev, 1, 0) == -1 && errno == EINVAL,
	   "epoll_wait on a socket is EINVAL");
	must(!add(ep, sock[1], EPOLLOUT));
	errno = 0;
	ok(epoll_wait(ep, nowhere, 1, 0) == -1 && errno == EFAULT,
	   "nowhere to put an event is EFAULT");
	errno = 0;
	ok(epoll_ctl(ep, EPOLL_CTL_MOD, fifo[0], &ev) == -1 && errno == ENOENT,
	   "changing what is not there is ENOENT");
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++) {
		fd = open(never[i], O_RDONLY);
		errno = 0;
		ok(fd >= 0 && add(ep, fd, EPOLLIN) == -1 && errno == EPERM,
		   "%s is EPERM", never[i]);
		close(fd);
	}
	fd = open("/proc/self/mounts", O_RDONLY);
	ok(!add(ep, fd, EPOLLPRI) && events_of(ep) == EPOLLOUT,
	   "a file of /proc that can be waited for is not");
	close(fd);
	fd = open("/dev/null", O_PATH);
	ok(add(ep, fd, EPOLLIN) == -1 && errno == EBADF, "O_PATH is EBADF");
	close(fd);
	close(ep);
}

int main(void)
{
	net_pair(sock);
	must(!pipe(fifo));
	modes("socket", sock[0], sock[1]);
	modes("pipe", fifo[0], fifo[1]);
	exclusive();
	nested("socket", sock[0], sock[1]);
	nested("pipe", fifo[0], fifo[1]);
	kinds();
	ends();
	errors();
	return tap_done();
}
