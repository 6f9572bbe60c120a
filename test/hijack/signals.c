// SPDX-License-Identifier: GPL-2.0
/*
 * signals.c - Signals of the host while calls wait in the LKL kernel
 */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/time.h>

#include "net.h"

static volatile sig_atomic_t got;
static int sock[2];

static void handler(int sig)
{
	got = sig;
}

static void install(int sig, int flags)
{
	struct sigaction act = { .sa_handler = handler, .sa_flags = flags };

	must(!sigaction(sig, &act, NULL));
	got = 0;
}

static void alarm_ms(int ms)
{
	struct itimerval it = { .it_value = { 0, ms * 1000 } };

	must(!setitimer(ITIMER_REAL, &it, NULL));
}

static void interrupted(void)
{
	struct pollfd p = { sock[0], POLLIN, 0 };
	struct epoll_event ev = { .events = EPOLLIN };
	int ep = epoll_create1(0);
	char c;

	install(SIGALRM, 0);
	alarm_ms(50);
	errno = 0;
	ok(read(sock[0], &c, 1) == -1 && errno == EINTR && got == SIGALRM,
	   "read is interrupted, the handler has run");
	install(SIGALRM, 0);
	alarm_ms(50);
	errno = 0;
	ok(poll(&p, 1, 5000) == -1 && errno == EINTR && got == SIGALRM,
	   "poll is interrupted");
	must(!epoll_ctl(ep, EPOLL_CTL_ADD, sock[0], &ev));
	install(SIGALRM, SA_RESTART);
	alarm_ms(50);
	errno = 0;
	ok(epoll_wait(ep, &ev, 1, 5000) == -1 && errno == EINTR &&
	   got == SIGALRM, "epoll_wait is interrupted, SA_RESTART or not");
	close(ep);
}

static void *send_later(void *arg)
{
	usleep(150000);
	must(write(sock[1], "x", 1) == 1);
	return arg;
}

static void restarted(void)
{
	sigset_t set, old;
	pthread_t t;
	char c = 0;

	/* The alarm must be for the thread that reads. */
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	must(!pthread_sigmask(SIG_BLOCK, &set, &old));
	must(!pthread_create(&t, NULL, send_later, NULL));
	must(!pthread_sigmask(SIG_SETMASK, &old, NULL));
	install(SIGALRM, SA_RESTART);
	alarm_ms(50);
	ok(read(sock[0], &c, 1) == 1 && c == 'x' && got == SIGALRM,
	   "read is restarted with SA_RESTART, the handler has run");
	pthread_join(t, NULL);
}

static void masked(void)
{
	struct pollfd p = { sock[0], POLLIN, 0 };
	struct epoll_event ev = { .events = EPOLLIN };
	struct timespec ts = { 5, 0 };
	int ep = epoll_create1(0);
	sigset_t block, none, now;
	fd_set in;

	sigemptyset(&none);
	sigemptyset(&block);
	sigaddset(&block, SIGUSR1);
	must(!sigprocmask(SIG_BLOCK, &block, NULL));
	must(!epoll_ctl(ep, EPOLL_CTL_ADD, sock[0], &ev));

	install(SIGUSR1, 0);
	raise(SIGUSR1);
	ok(got == 0, "a blocked signal waits");
	errno = 0;
	ok(ppoll(&p, 1, &ts, &none) == -1 && errno == EINTR && got == SIGUSR1,
	   "ppoll lets a pending signal in");
	install(SIGUSR1, 0);
	raise(SIGUSR1);
	FD_ZERO(&in);
	FD_SET(sock[0], &in);
	errno = 0;
	ok(pselect(sock[0] + 1, &in, NULL, NULL, &ts, &none) == -1 &&
	   errno == EINTR && got == SIGUSR1,
	   "pselect lets a pending signal in");
	install(SIGUSR1, 0);
	raise(SIGUSR1);
	errno = 0;
	ok(epoll_pwait(ep, &ev, 1, 5000, &none) == -1 && errno == EINTR &&
	   got == SIGUSR1, "epoll_pwait lets a pending signal in");
	must(!sigprocmask(SIG_SETMASK, NULL, &now));
	ok(sigismember(&now, SIGUSR1) == 1, "the mask is back");
	install(SIGUSR1, 0);
	raise(SIGUSR1);
	ts.tv_sec = 0;
	ok(ppoll(&p, 1, &ts, NULL) == 0 && got == 0,
	   "without a mask it stays pending");
	must(!sigprocmask(SIG_UNBLOCK, &block, NULL));
	ok(got == SIGUSR1, "and comes when unblocked");
	close(ep);
}

static void broken_pipe(void)
{
	int fds[2];

	net_pair(fds);
	must(!shutdown(fds[0], SHUT_WR));
	install(SIGPIPE, 0);
	errno = 0;
	ok(send(fds[0], "x", 1, MSG_NOSIGNAL) == -1 && errno == EPIPE && !got,
	   "MSG_NOSIGNAL: EPIPE and no signal");
	errno = 0;
	ok(write(fds[0], "x", 1) == -1 && errno == EPIPE && got == SIGPIPE,
	   "write: EPIPE and SIGPIPE");
	must(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
	errno = 0;
	ok(write(fds[0], "x", 1) == -1 && errno == EPIPE,
	   "ignored: EPIPE alone");
	close(fds[0]);
	close(fds[1]);
}

static void dispositions(void)
{
	struct sigaction act;

	install(SIGUSR2, SA_RESTART);
	must(!sigaction(SIGUSR2, NULL, &act));
	ok(act.sa_handler == handler && act.sa_flags & SA_RESTART,
	   "sigaction gives back what was set");
	ok(signal(SIGUSR2, SIG_DFL) == handler, "signal too");
}

int main(void)
{
	net_pair(sock);
	interrupted();
	restarted();
	masked();
	broken_pipe();
	dispositions();
	return tap_done();
}
