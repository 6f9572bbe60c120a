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
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>

#include "net.h"

/* Long enough to be sure of, and what must pass without an event. */
#define LONG	5000
#define SHORT	20

static int sock[2], fifo[2];

/** add() - Add a descriptor whose number is its data; return: as epoll_ctl() */
static int add(int ep, int fd, unsigned int events)
{
	struct epoll_event ev = { .events = events, .data.fd = fd };

	return epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev);
}

static int mod(int ep, int fd, unsigned int events)
{
	struct epoll_event ev = { .events = events, .data.fd = fd };

	return epoll_ctl(ep, EPOLL_CTL_MOD, fd, &ev);
}

/** one() - Wait for an event; return: its descriptor, or -1 for none */
static int one(int ep, int ms)
{
	struct epoll_event ev;
	int n = epoll_wait(ep, &ev, 1, ms);

	must(n >= 0);
	return n ? ev.data.fd : -1;
}

/** events_of() - Return: what is reported for the only ready descriptor */
static unsigned int events_of(int ep)
{
	struct epoll_event evs[2];

	return epoll_wait(ep, evs, 2, LONG) == 1 ? evs[0].events : 0;
}

static int make(void)
{
	int ep = epoll_create1(EPOLL_CLOEXEC);

	must(ep >= 0);
	return ep;
}

static void put(int fd)
{
	must(write(fd, "x", 1) == 1);
}

static void get(int fd)
{
	char c;

	must(read(fd, &c, 1) == 1);
}

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

/* What is ready when a wait begins is reported, however short the wait. */
static void at_once(void)
{
	int ep = make(), outer = make(), event = eventfd(0, EFD_NONBLOCK);
	int alone = 0, both = 0, nested = 0, polled = 0;
	struct epoll_event evs[4];
	struct pollfd p[2] = {
		{ sock[0], POLLIN, 0 }, { event, POLLIN, 0 },
	};
	eventfd_t n;

	must(!add(ep, sock[0], EPOLLIN) && !add(ep, event, EPOLLIN) &&
	     !add(outer, ep, EPOLLIN));
	for (int i = 0; i < 100; i++) {
		must(!eventfd_write(event, 1));
		alone += epoll_wait(ep, evs, 4, 0) == 1;
		must(!eventfd_read(event, &n) && !eventfd_write(event, 1));
		nested += epoll_wait(outer, evs, 4, 0) == 1;
		must(!eventfd_read(event, &n) && !eventfd_write(event, 1));
		polled += poll(p, 2, 0) == 1;
		must(!eventfd_read(event, &n));
		must(epoll_wait(ep, evs, 4, 0) == 0);
	}
	put(sock[1]);
	for (int i = 0; i < 100; i++) {
		must(!eventfd_write(event, 1));
		both += epoll_wait(ep, evs, 4, LONG) == 2;
		must(!eventfd_read(event, &n));
	}
	get(sock[0]);
	ok(alone == 100, "at once: an eventfd (%d of 100)", alone);
	ok(nested == 100, "at once: in an inner instance (%d)", nested);
	ok(polled == 100, "at once: polled (%d)", polled);
	ok(both == 100, "at once: beside a socket that is ready (%d)", both);
	close(event);
	close(outer);
	close(ep);
}

/* The ways in which a thread makes descriptors of the host ready itself. */
static int ways[2], mine = -1;

static void by_write(void)
{
	put(ways[1]);
}

static void by_number(void)
{
	must(syscall(SYS_write, ways[1], "x", 1) == 1);
}

static void by_send(void)
{
	must(send(ways[1], "x", 1, 0) == 1);
}

static void by_close(void)
{
	close(ways[1]);
}

/* For this thread alone; another one that waits has seen it come, and gone. */
static void by_raise(void)
{
	must(!raise(SIGUSR2));
	usleep(500);
}

static void by_eventfd(void)
{
	must(!eventfd_write(mine, 1));
}

/* Beside a socket that is ready, what this thread has just done is seen. */
static void own_deeds(void)
{
	static const struct {
		const char *name;
		void (*act)(void);
	} deeds[] = {
		{ "write()", by_write }, { "syscall()", by_number },
		{ "send()", by_send }, { "close()", by_close },
		{ "raise()", by_raise }, { "eventfd_write()", by_eventfd },
	};
	struct signalfd_siginfo info;
	struct epoll_event evs[4];
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	put(sock[1]);
	for (size_t i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++) {
		int seen = 0;

		for (int turn = 0; turn < 100; turn++) {
			int ep = make();

			must(!socketpair(AF_UNIX, SOCK_STREAM, 0, ways));
			mine = deeds[i].act == by_raise ?
			       signalfd(-1, &set, SFD_NONBLOCK) :
			       eventfd(0, EFD_NONBLOCK);
			must(!add(ep, sock[0], EPOLLIN) &&
			     !add(ep, ways[0], EPOLLIN) &&
			     !add(ep, mine, EPOLLIN));
			must(epoll_wait(ep, evs, 4, LONG) == 1);
			must(epoll_wait(ep, evs, 4, LONG) == 1);
			deeds[i].act();
			seen += epoll_wait(ep, evs, 4, LONG) == 2;
			if (deeds[i].act == by_raise)
				must(read(mine, &info, sizeof(info)) > 0);
			close(ways[0]);
			close(ways[1]);
			close(mine);
			close(ep);
		}
		ok(seen == 100, "beside a ready socket: %s (%d of 100)",
		   deeds[i].name, seen);
	}
	get(sock[0]);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

#if defined(__x86_64__)
/* Past any library that is preloaded. */
static void put_unseen(int fd)
{
	long ret = 1;

	__asm__ volatile("syscall" : "+a"(ret)
			 : "D"(fd), "S"("x"), "d"(1)
			 : "rcx", "r11", "memory");
	must(ret == 1);
}

/* A socket that is always ready does not keep the host's events away. */
static void unseen_deeds(void)
{
	long long worst = 0, waits, start;
	struct timespec ts;
	int ep = make();

	must(!add(ep, sock[0], EPOLLIN) && !add(ep, fifo[0], EPOLLIN));
	put(sock[1]);
	for (int i = 0; i < 100; i++) {
		must(one(ep, LONG) == sock[0]);
		must(one(ep, LONG) == sock[0]);
		put_unseen(fifo[1]);
		clock_gettime(CLOCK_MONOTONIC, &ts);
		start = ts.tv_sec;
		waits = 0;
		while (one(ep, LONG) != fifo[0]) {
			waits++;
			clock_gettime(CLOCK_MONOTONIC, &ts);
			must(ts.tv_sec - start < LONG / 1000);
		}
		worst = waits > worst ? waits : worst;
		get(fifo[0]);
	}
	ok(worst < 10000, "beside a ready socket: what nobody saw being done,"
	   " at the latest %lld waits later", worst);
	get(sock[0]);
	close(ep);
}
#else
static void unseen_deeds(void)
{
}
#endif

/* A full set: every event is reported before any is reported again. */
static void turns(void)
{
	int ep = make(), seen = 0, got, pair[2];

	net_pair(pair);
	must(!add(ep, sock[0], EPOLLIN) && !add(ep, fifo[0], EPOLLIN) &&
	     !add(ep, pair[0], EPOLLIN));
	put(sock[1]);
	put(fifo[1]);
	put(pair[1]);
	for (int i = 0; i < 3; i++) {
		got = one(ep, LONG);
		seen |= got == sock[0] ? 1 : got == fifo[0] ? 2 :
			got == pair[0] ? 4 : 8;
	}
	ok(seen == 7, "three that are ready, one at a time: each gets its turn");
	get(sock[0]);
	get(fifo[0]);
	close(pair[0]);
	close(pair[1]);
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
	at_once();
	own_deeds();
	unseen_deeds();
	turns();
	kinds();
	ends();
	errors();
	return tap_done();
}
