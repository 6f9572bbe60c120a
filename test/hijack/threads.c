// SPDX-License-Identifier: GPL-2.0
/*
 * threads.c - Threads, signals and children beside LKL sockets
 *
 * Built in three ways: with glibc's shared library, with its static one, and
 * with musl. The last two have their own idea of how a thread is made.
 */
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/wait.h>
#include <time.h>

#include "net.h"

#define PAIRS	16
#define ROUNDS	200
#define BIRTHS	300

static struct sockaddr_in server;
static __thread int mine;
static volatile sig_atomic_t handled;

static void *echo(void *arg)
{
	int fd = (intptr_t)arg;
	char buf[64];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0)
		if (write(fd, buf, n) != n)
			break;
	close(fd);
	return NULL;
}

static void *ask(void *arg)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0), good = 0;
	char out[64], in[64];

	mine = (intptr_t)arg;
	must(!connect(fd, (struct sockaddr *)&server, sizeof(server)));
	for (int i = 0; i < ROUNDS; i++) {
		int len = sprintf(out, "%d of %d", i, mine) + 1;

		must(write(fd, out, len) == len);
		if (recv(fd, in, len, MSG_WAITALL) == len && !strcmp(in, out))
			good++;
	}
	close(fd);
	return (void *)(intptr_t)(mine == (intptr_t)arg ? good : -1);
}

static void pairs(int listener)
{
	pthread_t asks[PAIRS], echoes[PAIRS];
	intptr_t total = 0;
	void *ret;

	for (intptr_t i = 0; i < PAIRS; i++)
		must(!pthread_create(&asks[i], NULL, ask, (void *)i));
	for (int i = 0; i < PAIRS; i++) {
		intptr_t fd = accept(listener, NULL, NULL);

		must(fd >= 0);
		must(!pthread_create(&echoes[i], NULL, echo, (void *)fd));
	}
	for (int i = 0; i < PAIRS; i++) {
		pthread_join(asks[i], &ret);
		total += (intptr_t)ret;
		pthread_join(echoes[i], NULL);
	}
	ok(total == PAIRS * ROUNDS, "threads talk to each other");
}

static void *set_mine(void *arg)
{
	mine = 7;
	return arg;
}

static void births(void)
{
	pthread_t thread;
	int born = 0;

	mine = 1;
	for (int i = 0; i < BIRTHS; i++)
		born += !pthread_create(&thread, NULL, set_mine, NULL) &&
			!pthread_join(thread, NULL);
	ok(born == BIRTHS, "%d threads, one after the other", BIRTHS);
	ok(mine == 1, "have variables of their own");
}

static void handler(int sig)
{
	(void)sig;
	handled++;
}

static void *read_one(void *arg)
{
	char c;
	ssize_t n = read((intptr_t)arg, &c, 1);

	return (void *)(intptr_t)(n < 0 ? -errno : n);
}

/* Interrupt a thread that reads; then let it have a byte, if it still does. */
static int interrupted_read(int from, int to, int flags)
{
	struct sigaction act = { .sa_handler = handler, .sa_flags = flags };
	const struct timespec nap = { 0, 1000000 };
	pthread_t thread;
	void *ret;

	handled = 0;
	must(!sigaction(SIGUSR1, &act, NULL));
	must(!pthread_create(&thread, NULL, read_one, (void *)(intptr_t)from));
	/* Until it has come; it may still be on its way into the call. */
	nanosleep(&(struct timespec){ 0, 100000000 }, NULL);
	must(!pthread_kill(thread, SIGUSR1));
	while (!handled)
		nanosleep(&nap, NULL);
	if (flags & SA_RESTART)
		must(write(to, "x", 1) == 1);
	pthread_join(thread, &ret);
	return (intptr_t)ret;
}

static void interruptions(int lkl[2], int host[2])
{
	ok(interrupted_read(lkl[0], lkl[1], 0) == -EINTR,
	   "a signal ends a call of LKL");
	ok(interrupted_read(host[0], host[1], 0) == -EINTR,
	   "and of the host");
	ok(interrupted_read(lkl[0], lkl[1], SA_RESTART) == 1,
	   "with SA_RESTART a call of LKL goes on");
	ok(interrupted_read(host[0], host[1], SA_RESTART) == 1,
	   "and of the host");
}

static void masks(int lkl, int host)
{
	struct pollfd fds[] = { { lkl, POLLIN, 0 }, { host, POLLIN, 0 } };
	const struct timespec limit = { 5, 0 };
	sigset_t block, old, now;
	int ret;

	sigemptyset(&block);
	sigaddset(&block, SIGUSR1);
	sigprocmask(SIG_BLOCK, &block, &old);
	handled = 0;
	raise(SIGUSR1);
	ok(!handled, "a blocked signal waits");
	ret = ppoll(fds, 2, &limit, &old);
	ok(ret == -1 && errno == EINTR && handled == 1,
	   "and comes in a ppoll() of LKL that lets it in");
	raise(SIGUSR1);
	ret = ppoll(fds + 1, 1, &limit, &old);
	ok(ret == -1 && errno == EINTR && handled == 2, "and of the host");
	raise(SIGUSR1);
	ret = sigsuspend(&old);
	ok(ret == -1 && errno == EINTR && handled == 3, "and in sigsuspend()");
	sigprocmask(SIG_SETMASK, &old, &now);
	ok(sigismember(&now, SIGUSR1), "which leave the mask as it was");
}

/* Where a handler ran. */
static volatile uintptr_t where;

static void look(int sig)
{
	(void)sig;
	where = (uintptr_t)__builtin_frame_address(0);
}

static void alternate_stack(void)
{
	static char stack[65536];
	stack_t alt = { .ss_sp = stack, .ss_size = sizeof(stack) }, now;
	struct sigaction act = { .sa_handler = look, .sa_flags = SA_ONSTACK };

	must(!sigaltstack(&alt, NULL));
	must(!sigaction(SIGUSR2, &act, NULL));
	raise(SIGUSR2);
	ok(where - (uintptr_t)stack < sizeof(stack),
	   "a handler runs on the alternate stack");
	ok(!sigaltstack(NULL, &now) && now.ss_sp == stack &&
	   !(now.ss_flags & SS_ONSTACK), "which is left afterwards");
	alt.ss_flags = SS_DISABLE;
	must(!sigaltstack(&alt, NULL));
}

static void children(void)
{
	int status, pid = fork();

	must(pid >= 0);
	if (!pid)
		_exit(socket(AF_INET, SOCK_STREAM, 0) >= 0 ? 7 : 1);
	must(waitpid(pid, &status, 0) == pid);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 7,
	   "the child of a fork has sockets, too");
	pid = vfork();
	if (!pid) {
		execl("/bin/sh", "sh", "-c", "exit 5", (char *)NULL);
		_exit(1);
	}
	must(waitpid(pid, &status, 0) == pid);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 5,
	   "that of a vfork executes a program");
	ok(WEXITSTATUS(system("exit 3")) == 3, "so does system()");
}

static void *last(void *arg)
{
	pthread_join(*(pthread_t *)arg, NULL);
	ok(true, "the process goes on when its first thread has ended");
	exit(tap_done());
}

int main(void)
{
	static pthread_t first;
	int listener = net_listen(&server), lkl[2], host[2];
	pthread_t thread;

	pairs(listener);
	births();
	net_pair(lkl);
	must(!pipe(host));
	interruptions(lkl, host);
	masks(lkl[0], host[0]);
	alternate_stack();
	children();
	first = pthread_self();
	must(!pthread_create(&thread, NULL, last, &first));
	pthread_exit(NULL);
}
