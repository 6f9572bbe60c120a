// SPDX-License-Identifier: GPL-2.0
/*
 * fork.c - Children of a program whose network is in the LKL kernel
 *
 * Runs under the preload library.
 */
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <time.h>

#include "children.h"
#include "rounds.h"

#define FORKS	200
#define BUSY	4

extern char **environ;

static int sock[2];
static bool stop;

static bool gone(int fd)
{
	char c;

	errno = 0;
	return read(fd, &c, 1) == -1 && errno == EBADF &&
	       write(fd, "x", 1) == -1 && errno == EBADF &&
	       close(fd) == -1 && errno == EBADF;
}

static bool no_network(void)
{
	errno = 0;
	return socket(AF_INET, SOCK_STREAM, 0) == -1 && errno == ENETDOWN;
}

static bool pipe_works(int fds[2])
{
	char c = 0;

	return write(fds[1], "p", 1) == 1 && read(fds[0], &c, 1) == 1 &&
	       c == 'p';
}

/* What needs no network has to work as ever. */
static bool host_works(void)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int fds[2], ep = epoll_create1(0);
	struct pollfd p;
	char c;

	if (ep < 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, fds))
		return false;
	p = (struct pollfd){ fds[0], POLLIN, 0 };
	return !epoll_ctl(ep, EPOLL_CTL_ADD, fds[0], &ev) &&
	       write(fds[1], "x", 1) == 1 && epoll_wait(ep, &ev, 1, 1000) == 1 &&
	       poll(&p, 1, 1000) == 1 && read(fds[0], &c, 1) == 1;
}

static void *nothing(void *arg)
{
	return arg;
}

static bool threads_work(void)
{
	pthread_t t;

	return !pthread_create(&t, NULL, nothing, NULL) &&
	       !pthread_join(t, NULL);
}

/* No descriptor but the program's own: none of the kernel's devices. */
static bool nothing_left(int limit)
{
	int count = 0;

	for (int fd = 0; fd < 65536; fd++)
		count += fcntl(fd, F_GETFD) != -1;
	return count <= limit;
}

static void child(void)
{
	int fds[2], before = 0;

	must(!pipe(fds));
	for (int fd = 0; fd < 1000; fd++)
		before += fcntl(fd, F_GETFD) != -1;
	ok(RUNS(gone(sock[0]) && gone(sock[1])),
	   "in a child LKL descriptors are closed: EBADF");
	ok(RUNS(pipe_works(fds)), "host descriptors are kept");
	ok(RUNS(no_network()), "a new socket: ENETDOWN");
	ok(RUNS(host_works()), "poll, epoll and unix sockets work");
	ok(RUNS(threads_work()), "threads too");
	ok(RUNS(nothing_left(before - 2)), "no descriptor of ours is left");
	ok(RUNS(RUNS(no_network() && pipe_works(fds))), "a grandchild");
	ok(RUNS((pthread_exit(NULL), 1)), "its thread ends");
	close(fds[0]);
	close(fds[1]);
}

/* Fork while others are in the kernel */

static void *busy(void *arg)
{
	(void)arg;
	return (void *)rounds(LONG_MAX, &stop);
}

static void *blocked(void *arg)
{
	char c = 0;

	must(read(sock[0], &c, 1) == 1 && c == 'b');
	return arg;
}

static void many(void)
{
	pthread_t threads[BUSY], reader;
	struct timespec start, end;
	int good = 0, rounds = 0;
	void *ret;

	must(!pthread_create(&reader, NULL, blocked, NULL));
	for (int i = 0; i < BUSY; i++)
		must(!pthread_create(&threads[i], NULL, busy, NULL));
	clock_gettime(CLOCK_MONOTONIC, &start);
	for (int i = 0; i < FORKS; i++)
		good += RUNS(no_network());
	clock_gettime(CLOCK_MONOTONIC, &end);
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	for (int i = 0; i < BUSY; i++) {
		pthread_join(threads[i], &ret);
		rounds += ret != NULL;
	}
	ok(good == FORKS, "%d forks while threads are in the kernel", FORKS);
	ok(rounds == BUSY, "which does not disturb them");
	printf("# %ld us each\n", ((end.tv_sec - start.tv_sec) * 1000000 +
	       (end.tv_nsec - start.tv_nsec) / 1000) / FORKS);
	must(write(sock[1], "b", 1) == 1);
	pthread_join(reader, NULL);
}

/* Programs */

static void programs(void)
{
	char *const args[] = { "sh", "-c", "exit 7", NULL };
	char self[256], text[64] = "";
	FILE *stream;
	pid_t pid;
	ssize_t n;

	n = readlink("/proc/self/exe", self, sizeof(self) - 12);
	must(n > 0);
	self[n] = '\0';
	ok(WEXITSTATUS(system("exit 5")) == 5, "system");
	stream = popen("echo popen", "r");
	ok(stream && fgets(text, sizeof(text), stream) &&
	   !strcmp(text, "popen\n") && pclose(stream) == 0, "popen, pclose");
	ok(!posix_spawn(&pid, "/bin/sh", NULL, NULL, args, environ) &&
	   wait_for(pid) == 7 << 8, "posix_spawn");
	pid = vfork();
	if (!pid) {
		execv("/bin/sh", args);
		_exit(99);
	}
	ok(pid > 0 && wait_for(pid) == 7 << 8, "vfork, exec");
	pid = vfork();
	if (!pid)
		_exit(6);
	ok(pid > 0 && wait_for(pid) == 6 << 8, "vfork, _exit");
	ok(RUNS(execv("/bin/sh", args)) == 0, "fork, exec");
	pid = fork();
	if (!pid) {
		execl(self, "fork", "network", NULL);
		_exit(99);
	}
	ok(wait_for(pid) == 0, "fork, exec: the program has a kernel again");
	strcat(self, " network");
	ok(system(self) == 0, "system: so has this one");
}

static bool connection_works(int pair[2])
{
	char c = 0;

	return write(pair[0], "c", 1) == 1 && read(pair[1], &c, 1) == 1 &&
	       c == 'c';
}

int main(int argc, char **argv)
{
	net_pair(sock);
	if (argc > 1 && !strcmp(argv[1], "network"))
		return !connection_works(sock);
	child();
	many();
	programs();
	ok(connection_works(sock), "the parent's connection is as before");
	return tap_done();
}
