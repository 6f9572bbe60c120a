// SPDX-License-Identifier: GPL-2.0
/*
 * interposes.c - A program that has a sigaction() of its own, as Erlang's has
 *
 * Linked with -rdynamic: it is the one that all libraries call. It calls the
 * next one, which is the preload library's.
 */
#include <dlfcn.h>
#include <signal.h>

#include <sys/socket.h>
#include "tap.h"

static int calls, signals;

static void count(int sig __attribute__((unused)))
{
	signals++;
}

__attribute__((visibility("default")))
int sigaction(int sig, const struct sigaction *act, struct sigaction *old)
{
	static int (*next)(int, const struct sigaction *, struct sigaction *);

	calls++;
	if (!next)
		next = dlsym(RTLD_NEXT, "sigaction");
	return next(sig, act, old);
}

int main(void)
{
	struct sigaction act = { .sa_handler = count }, old;

	calls = 0;
	ok(!sigaction(SIGUSR1, &act, NULL) && calls == 1, "it is called once");
	raise(SIGUSR1);
	ok(signals == 1, "the handler is called");
	ok(!sigaction(SIGUSR1, NULL, &old) && old.sa_handler == count,
	   "the handler is the program's");
	ok(signal(SIGUSR2, count) == SIG_DFL && !raise(SIGUSR2) && signals == 2,
	   "signal()");
	ok(socket(AF_INET, SOCK_STREAM, 0) >= 0 && !raise(SIGUSR1) &&
	   signals == 3, "with a kernel");
	return tap_done();
}
