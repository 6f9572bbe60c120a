// SPDX-License-Identifier: GPL-2.0
/*
 * order.c - Real-time signals of one number keep their order
 *
 * Runs under the preload library: the signals come to a thread that is in the
 * LKL kernel, or about to enter or leave it.
 */
#include <pthread.h>
#include <signal.h>

#include "../hijack/net.h"

#define SIGNALS	100
#define ROUNDS	100
#define MIXED	20
#define OTHERS	200

static int sock[2];
static int got[SIGNALS];
static volatile sig_atomic_t count, others;
static bool handler_calls;

static void note(int sig, siginfo_t *info, void *uc)
{
	struct sockaddr_in sa;
	socklen_t len = sizeof(sa);

	(void)sig;
	(void)uc;
	if (count < SIGNALS)
		got[count] = info->si_errno ? -1 : info->si_value.sival_int;
	if (handler_calls)
		getsockname(sock[0], (struct sockaddr *)&sa, &len);
	count++;
}

static void other(int sig)
{
	others += sig == SIGRTMIN + 1;
}

/* Blocked in the kernel most of the time; ends with the byte. */
static void *reader(void *arg)
{
	char c;

	while (read(sock[1], &c, 1) != 1)
		must(errno == EINTR);
	return arg;
}

/* In and out of the kernel; ends when all have come. */
static void *caller(void *arg)
{
	struct sockaddr_in sa;
	socklen_t len = sizeof(sa);

	while (count < SIGNALS)
		getsockname(sock[1], (struct sockaddr *)&sa, &len);
	return arg;
}

static void send_to(pthread_t thread, int value)
{
	const union sigval val = { .sival_int = value };

	while (pthread_sigqueue(thread, SIGRTMIN, val))
		must(errno == EAGAIN);
}

/** round_ok() - Send all to a thread; true if they come in order */
static bool round_ok(void *(*body)(void *))
{
	pthread_t thread;

	count = 0;
	must(!pthread_create(&thread, NULL, body, NULL));
	for (int i = 0; i < SIGNALS; i++)
		send_to(thread, i);
	for (int i = 0; i < 10000 && count < SIGNALS; i++)
		usleep(1000);
	must(body != reader || write(sock[0], "e", 1) == 1);
	pthread_join(thread, NULL);
	for (int i = 0; i < SIGNALS; i++)
		if (got[i] != i)
			return false;
	return count == SIGNALS;
}

static void rounds(void *(*body)(void *), int flags, const char *name)
{
	struct sigaction act = { .sa_sigaction = note };
	int good = 0;

	act.sa_flags = SA_SIGINFO | flags;
	must(!sigaction(SIGRTMIN, &act, NULL));
	for (int i = 0; i < ROUNDS; i++)
		good += round_ok(body);
	ok(good == ROUNDS, "%d signals in order, %s: %d of %d", SIGNALS, name,
	   good, ROUNDS);
}

static void *disturb(void *arg)
{
	pthread_t thread = *(pthread_t *)arg;

	for (int i = 0; i < OTHERS; i++)
		pthread_kill(thread, i % 2 ? SIGUSR1 : SIGRTMIN + 1);
	return NULL;
}

/** mixed_ok() - Signals of other numbers between them; true if all come */
static bool mixed_ok(void)
{
	pthread_t thread, disturber;
	bool good = true;

	count = 0;
	others = 0;
	must(!pthread_create(&thread, NULL, reader, NULL));
	must(!pthread_create(&disturber, NULL, disturb, &thread));
	for (int i = 0; i < SIGNALS; i++)
		send_to(thread, i);
	pthread_join(disturber, NULL);
	for (int i = 0; i < 10000 && count < SIGNALS; i++)
		usleep(1000);
	must(write(sock[0], "e", 1) == 1);
	pthread_join(thread, NULL);
	for (int i = 0; i < SIGNALS; i++)
		good &= got[i] == i;
	return good && count == SIGNALS && others == OTHERS / 2;
}

static void mixed(void)
{
	struct sigaction act = { .sa_sigaction = note,
				 .sa_flags = SA_SIGINFO | SA_RESTART };
	int good = 0;

	must(!sigaction(SIGRTMIN, &act, NULL));
	signal(SIGUSR1, other);
	signal(SIGRTMIN + 1, other);
	for (int i = 0; i < MIXED; i++)
		good += mixed_ok();
	ok(good == MIXED, "others between them, none lost: %d of %d", good,
	   MIXED);
}

int main(void)
{
	net_pair(sock);
	rounds(reader, SA_RESTART, "a blocked call that is restarted");
	rounds(reader, 0, "one that is interrupted");
	rounds(caller, 0, "short calls");
	handler_calls = true;
	rounds(reader, SA_RESTART, "a handler that makes calls");
	mixed();
	return tap_done();
}
