// SPDX-License-Identifier: GPL-2.0
/*
 * fresh.c - Children of fork that boot kernels of their own
 *
 * Runs under the preload library with ON_FORK=fresh.
 */
#include <ifaddrs.h>
#include <poll.h>
#include <sys/epoll.h>

#include "children.h"
#include "rounds.h"

#define PORT	8080
#define FORKS	20
#define BUSY	3
#define WORKERS	4
#define DEPTH	4

static int sock[2];
static bool stop;
static volatile sig_atomic_t signals;

static bool gone(int fd)
{
	char c;

	errno = 0;
	return read(fd, &c, 1) == -1 && errno == EBADF;
}

static bool talks(int pair[2])
{
	char c = 0;

	return write(pair[0], "t", 1) == 1 && read(pair[1], &c, 1) == 1 &&
	       c == 't';
}

static bool network_works(void)
{
	int pair[2];

	net_pair(pair);
	return talks(pair) && !close(pair[0]) && !close(pair[1]);
}

/** listen_at() - Listen at a port that must be free; return: socket or -1 */
static int listen_at(int port)
{
	struct sockaddr_in sa = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	sa.sin_port = htons(port);
	if (!bind(fd, (struct sockaddr *)&sa, sizeof(sa)) && !listen(fd, 4))
		return fd;
	close(fd);
	return -1;
}

/** dial() - Connect to a port; return: socket or -1 */
static int dial(int port)
{
	struct sockaddr_in sa = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	sa.sin_port = htons(port);
	if (!connect(fd, (struct sockaddr *)&sa, sizeof(sa)))
		return fd;
	close(fd);
	return -1;
}

/* Nobody listens in the child's kernel where its parent does, until it does. */
static bool is_alone(void)
{
	errno = 0;
	return dial(PORT) == -1 && errno == ECONNREFUSED &&
	       listen_at(PORT) >= 0 && dial(PORT) >= 0;
}

static bool interfaces_are_there(void)
{
	struct ifaddrs *all;
	bool lo;

	if (getifaddrs(&all))
		return false;
	lo = all && !strcmp(all->ifa_name, "lo");
	freeifaddrs(all);
	return lo;
}

/* Both kernels in one set, under numbers that the parent has used. */
static bool waits(void)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int pair[2], fds[2], ep = epoll_create1(0), n;
	char c;

	net_pair(pair);
	must(ep >= 0 && !pipe(fds));
	ev.data.fd = pair[1];
	must(!epoll_ctl(ep, EPOLL_CTL_ADD, pair[1], &ev));
	ev.data.fd = fds[0];
	must(!epoll_ctl(ep, EPOLL_CTL_ADD, fds[0], &ev));
	must(write(fds[1], "p", 1) == 1);
	n = epoll_wait(ep, &ev, 1, 5000);
	if (n != 1 || ev.data.fd != fds[0] || read(fds[0], &c, 1) != 1)
		return false;
	must(write(pair[0], "s", 1) == 1);
	return epoll_wait(ep, &ev, 1, 5000) == 1 && ev.data.fd == pair[1];
}

static void count(int sig)
{
	(void)sig;
	signals++;
}

/* The parent's handler, while the child is blocked in its own kernel. */
static bool handlers_work(void)
{
	int pair[2];
	char c;

	net_pair(pair);
	signals = 0;
	alarm(1);
	errno = 0;
	return read(pair[1], &c, 1) == -1 && errno == EINTR && signals == 1 &&
	       talks(pair);
}

static void *busy(void *arg)
{
	(void)arg;
	return (void *)rounds(1000000000, &stop);
}

static void *forks(void *arg)
{
	(void)arg;
	return (void *)(long)RUNS(network_works());
}

/** chain() - A child of a child of ..., each with a kernel; true if all work */
static bool chain(int depth)
{
	return network_works() && is_alone() &&
	       (!depth || RUNS(chain(depth - 1)));
}

/** settings_hold() - Return: true if the kernel has the sysctl of the test */
static bool settings_hold(void)
{
	char c = 0;
	FILE *file = fopen("/proc/sys/net/ipv4/tcp_sack", "r");

	return file && fread(&c, 1, 1, file) == 1 && c == '0';
}

static void one_child(void)
{
	ok(RUNS(gone(sock[0]) && gone(sock[1])),
	   "the parent's descriptors are closed");
	ok(RUNS(network_works()), "a child has a network");
	ok(RUNS(is_alone()), "which is not that of its parent");
	ok(RUNS(interfaces_are_there() && network_works()), "interfaces");
	ok(RUNS(settings_hold()), "the settings");
	ok(RUNS(waits()), "epoll with descriptors of both kernels");
	ok(RUNS(handlers_work()), "signal handlers of the parent");
	ok(RUNS(rounds(1000, &stop) == 1000), "threads");
	ok(RUNS(chain(DEPTH)), "a child of a child, %d deep", DEPTH);
	ok(RUNS(RUNS(chain(0))), "a child of one that had no use for a kernel");
	ok(RUNS((network_works(), pthread_exit(NULL), 1)), "its thread ends");
}

/* Fork while others are in the kernel */
static void many(void)
{
	pthread_t threads[BUSY], forker;
	int good = 0, undisturbed = 0;
	void *ret;

	for (int i = 0; i < BUSY; i++)
		must(!pthread_create(&threads[i], NULL, busy, NULL));
	for (int i = 0; i < FORKS; i++)
		good += RUNS(rounds(10, &stop) == 10);
	must(!pthread_create(&forker, NULL, forks, NULL));
	pthread_join(forker, &ret);
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	for (int i = 0; i < BUSY; i++) {
		void *n;

		pthread_join(threads[i], &n);
		undisturbed += n != NULL;
	}
	__atomic_store_n(&stop, false, __ATOMIC_RELAXED);
	ok(good == FORKS, "%d forks while threads are in the kernel", FORKS);
	ok(ret != NULL, "a thread that forks");
	ok(undisturbed == BUSY, "which does not disturb the others");
}

/* Workers that live at the same time, each a server at the same port. */
static int worker(int start)
{
	int listener = listen_at(PORT), fd, peer;
	char c;

	/* All have their kernels before any goes on. */
	if (listener < 0 || read(start, &c, 1) != 0)
		return 1;
	for (int i = 0; i < 100; i++) {
		fd = dial(PORT);
		peer = accept(listener, NULL, NULL);
		if (fd < 0 || peer < 0 || !talks((int[2]){ fd, peer }))
			return 1;
		close(fd);
		close(peer);
	}
	return 0;
}

static void workers(void)
{
	pid_t pids[WORKERS];
	int start[2], good = 0;

	must(!pipe(start));
	fflush(stdout);
	for (int i = 0; i < WORKERS; i++) {
		pids[i] = fork();
		must(pids[i] >= 0);
		if (!pids[i]) {
			close(start[1]);
			exit(worker(start[0]));
		}
	}
	close(start[0]);
	close(start[1]);
	for (int i = 0; i < WORKERS; i++)
		good += wait_for(pids[i]) == 0;
	ok(good == WORKERS, "%d servers forked at once", WORKERS);
}

int main(void)
{
	int listener;

	ok(RUNS(network_works() && RUNS(network_works())),
	   "a child of a program that has not used its kernel yet");
	net_pair(sock);
	listener = listen_at(PORT);
	must(listener >= 0);
	sigaction(SIGALRM, &(struct sigaction){ .sa_handler = count }, NULL);
	one_child();
	many();
	workers();
	ok(talks(sock) && dial(PORT) >= 0, "the parent's network is as before");
	return tap_done();
}
