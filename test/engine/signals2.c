// SPDX-License-Identifier: GPL-2.0
/*
 * signals2.c - What programs do with signals, with the network in the LKL kernel
 *
 * Runs under the preload library. test/hijack/signals.c has the basics.
 */
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>

#include "../hijack/net.h"

#define JUMPS	1000
#define STORM	(64 << 20)
#define PIECE	65536

static volatile sig_atomic_t got, count;
static int sock[2];

static void install(int sig, void (*handler)(int), int flags)
{
	struct sigaction act = { .sa_handler = handler, .sa_flags = flags };

	must(!sigaction(sig, &act, NULL));
	got = 0;
}

static void timer_us(int first, int interval)
{
	struct itimerval it = { { 0, interval }, { 0, first } };

	must(!setitimer(ITIMER_REAL, &it, NULL));
}

static void note(int sig)
{
	got = sig;
	count++;
}

/* A handler that makes calls of its own: a whole connection. */

static void connects(int sig)
{
	char text[6] = "";
	int pair[2];

	net_pair(pair);
	must(write(pair[0], "hello", 5) == 5);
	must(read(pair[1], text, 5) == 5 && !strcmp(text, "hello"));
	close(pair[0]);
	close(pair[1]);
	got = sig;
}

static void handler_calls(void)
{
	char c;

	install(SIGALRM, connects, 0);
	timer_us(20000, 0);
	errno = 0;
	ok(read(sock[0], &c, 1) == -1 && errno == EINTR && got == SIGALRM,
	   "a handler makes a connection while read waits");
}

static void writes(int sig)
{
	got = sig;
	must(write(sock[1], "h", 1) == 1);
}

static void handler_answers(void)
{
	char c = 0;

	install(SIGALRM, writes, SA_RESTART);
	timer_us(20000, 0);
	ok(read(sock[0], &c, 1) == 1 && c == 'h',
	   "a handler sends what the interrupted read waits for");
}

/* Leaving the handler, and the call, with siglongjmp() */

static sigjmp_buf back;

static void jumps(int sig)
{
	siglongjmp(back, sig);
}

static void jump_out(void)
{
	volatile int done = 0;
	struct pollfd p = { sock[0], POLLIN, 0 };
	char c = 0;

	install(SIGALRM, jumps, 0);
	while (done < JUMPS) {
		if (sigsetjmp(back, 1)) {
			done++;
			continue;
		}
		timer_us(100 + done % 7 * 50, 0);
		if (done % 2)
			read(sock[0], &c, 1);
		else
			poll(&p, 1, -1);
	}
	ok(done == JUMPS, "%d times siglongjmp out of a blocked call", done);
	ok(write(sock[1], "j", 1) == 1 && read(sock[0], &c, 1) == 1 && c == 'j',
	   "the socket is as before");
}

/* Default actions */

/* Start a child, wait until it is about to block, and kill it. */
static int killed_by(int sig)
{
	int ready[2], status = -1;
	pid_t pid;
	char c;

	must(!pipe(ready));
	fflush(stdout);
	pid = fork();
	must(pid >= 0);
	if (!pid) {
		char fd[16];

		snprintf(fd, sizeof(fd), "%d", ready[1]);
		execl("/proc/self/exe", "signals2", fd, NULL);
		_exit(99);
	}
	must(read(ready[0], &c, 1) == 1);
	usleep(20000);
	must(!kill(pid, sig));
	for (int i = 0; i < 200; i++) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			break;
		usleep(10000);
	}
	if (status == -1) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	close(ready[0]);
	close(ready[1]);
	return status;
}

static int be_killed(int ready)
{
	char c;

	prctl(PR_SET_DUMPABLE, 0);
	net_pair(sock);
	must(write(ready, "r", 1) == 1);
	return read(sock[0], &c, 1);
}

static void default_actions(void)
{
	static const int sigs[] = {
		SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGALRM, SIGKILL,
		SIGSEGV,
	};

	for (size_t i = 0; i < sizeof(sigs) / sizeof(sigs[0]); i++)
		ok(killed_by(sigs[i]) == sigs[i],
		   "SIG%s ends a program that is blocked", sigabbrev_np(sigs[i]));
}

/* A timer that fires all the time, while data is moved */

static unsigned char byte_at(size_t pos)
{
	return pos ^ pos >> 8 ^ pos >> 16;
}

static void *sender(void *arg)
{
	static char buf[PIECE];
	size_t pos = 0;
	ssize_t n;

	while (pos < STORM) {
		for (size_t i = 0; i < PIECE; i++)
			buf[i] = byte_at(pos + i);
		for (size_t off = 0; off < PIECE; off += n) {
			n = write(sock[1], buf + off, PIECE - off);
			if (n <= 0)
				return arg;
		}
		pos += PIECE;
	}
	return NULL;
}

static void storm(void)
{
	static unsigned char buf[PIECE];
	size_t pos = 0, bad = 0;
	pthread_t thread;
	ssize_t n = 0;
	void *failed;

	install(SIGALRM, note, SA_RESTART);
	count = 0;
	must(!pthread_create(&thread, NULL, sender, (void *)1));
	timer_us(100, 100);
	while (pos < STORM) {
		n = read(sock[0], buf, PIECE);
		if (n <= 0)
			break;
		for (ssize_t i = 0; i < n; i++)
			bad += buf[i] != byte_at(pos + i);
		pos += n;
	}
	timer_us(0, 0);
	pthread_join(thread, &failed);
	ok(n > 0 && !bad && !failed && count > 10,
	   "64 MiB under %d signals, SA_RESTART", count);
}

/* SIGPIPE comes in the thread that wrote. */

static pthread_t piped;

static void note_thread(int sig)
{
	got = sig;
	piped = pthread_self();
}

static void *write_to_closed(void *arg)
{
	int *fd = arg;

	errno = 0;
	return (void *)(long)(write(*fd, "x", 1) == -1 && errno == EPIPE &&
			      pthread_equal(piped, pthread_self()));
}

static void sigpipe(void)
{
	pthread_t thread;
	int pair[2];
	void *good;

	net_pair(pair);
	must(!shutdown(pair[0], SHUT_WR));
	install(SIGPIPE, note_thread, 0);
	must(!pthread_create(&thread, NULL, write_to_closed, &pair[0]));
	pthread_join(thread, &good);
	ok(good && got == SIGPIPE, "SIGPIPE is for the thread that writes");
	got = 0;
	ok(send(pair[0], "x", 1, MSG_NOSIGNAL) == -1 && errno == EPIPE && !got,
	   "MSG_NOSIGNAL: none");
	close(pair[0]);
	close(pair[1]);
}

/* Alternate stacks and flags */

static char stack[65536];
static volatile bool on_stack;

static void note_stack(int sig)
{
	char here;

	on_stack = &here >= stack && &here < stack + sizeof(stack);
	got = sig;
}

static void flags(void)
{
	stack_t ss = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction act;
	char c;

	must(!sigaltstack(&ss, NULL));
	install(SIGALRM, note_stack, SA_ONSTACK);
	timer_us(20000, 0);
	ok(read(sock[0], &c, 1) == -1 && errno == EINTR && on_stack,
	   "SA_ONSTACK: the handler runs on its stack");
	on_stack = true;
	install(SIGALRM, note_stack, 0);
	timer_us(20000, 0);
	ok(read(sock[0], &c, 1) == -1 && errno == EINTR && !on_stack,
	   "without it, it does not");
	install(SIGALRM, note, SA_RESETHAND);
	timer_us(20000, 0);
	ok(read(sock[0], &c, 1) == -1 && errno == EINTR && got == SIGALRM &&
	   !sigaction(SIGALRM, NULL, &act) && act.sa_handler == SIG_DFL,
	   "SA_RESETHAND: once");
}

static volatile int depth, deepest, raised;

static void nest(int sig)
{
	(void)sig;
	depth++;
	if (depth > deepest)
		deepest = depth;
	if (raised++ < 2)
		raise(SIGUSR1);
	depth--;
}

static void nesting(void)
{
	pthread_t self = pthread_self();

	install(SIGUSR1, nest, SA_NODEFER);
	depth = deepest = raised = 0;
	pthread_kill(self, SIGUSR1);
	ok(deepest == 3, "SA_NODEFER: the handler nests");
	install(SIGUSR1, nest, 0);
	deepest = raised = 0;
	raise(SIGUSR1);
	ok(deepest == 1, "without it, it does not");
}

/* A signal that is only let in while waiting */

static void *kill_later(void *arg)
{
	usleep(30000);
	pthread_kill(*(pthread_t *)arg, SIGUSR2);
	return NULL;
}

static void suspend(void)
{
	pthread_t self = pthread_self(), thread;
	sigset_t usr2, old, now;
	int good = 0;
	fd_set in;

	sigemptyset(&usr2);
	sigaddset(&usr2, SIGUSR2);
	must(!pthread_sigmask(SIG_BLOCK, &usr2, &old));
	install(SIGUSR2, note, 0);
	for (int i = 0; i < 20; i++) {
		got = 0;
		must(!pthread_create(&thread, NULL, kill_later, &self));
		FD_ZERO(&in);
		FD_SET(sock[0], &in);
		errno = 0;
		good += pselect(sock[0] + 1, &in, NULL, NULL, NULL, &old) == -1 &&
			errno == EINTR && got == SIGUSR2;
		pthread_join(thread, NULL);
	}
	must(!pthread_sigmask(SIG_SETMASK, &old, &now));
	ok(good == 20 && sigismember(&now, SIGUSR2) == 1,
	   "pselect lets the signal in, and no longer than it waits");
}

/* Queued signals: none is lost */

static volatile int queued, sum;

static void note_value(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	queued++;
	sum += info->si_value.sival_int;
}

static void *queue_many(void *arg)
{
	for (int i = 0; i < 100; i++) {
		union sigval val = { .sival_int = i };

		while (pthread_sigqueue(*(pthread_t *)arg, SIGRTMIN, val))
			usleep(100);
	}
	must(write(sock[1], "q", 1) == 1);
	return NULL;
}

static void queue(void)
{
	struct sigaction act = { .sa_sigaction = note_value,
				 .sa_flags = SA_SIGINFO | SA_RESTART };
	pthread_t self = pthread_self(), thread;
	char c = 0;

	must(!sigaction(SIGRTMIN, &act, NULL));
	must(!pthread_create(&thread, NULL, queue_many, &self));
	ok(read(sock[0], &c, 1) == 1 && c == 'q', "read under queued signals");
	pthread_join(thread, NULL);
	ok(queued == 100 && sum == 99 * 100 / 2, "all have arrived");
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return be_killed(atoi(argv[1]));
	net_pair(sock);
	handler_calls();
	handler_answers();
	jump_out();
	default_actions();
	storm();
	sigpipe();
	flags();
	nesting();
	suspend();
	queue();
	return tap_done();
}
