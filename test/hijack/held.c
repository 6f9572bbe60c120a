// SPDX-License-Identifier: GPL-2.0
/*
 * held.c - An event that another thread has taken from the host, but not told yet
 *
 * A thread of the library that waits for the host may be preempted with an
 * event in its hands. A wait that must not sleep has to report what it is about
 * all the same. Here a tracer does what the scheduler does rarely: it holds
 * every other thread where its wait for the host has returned an event.
 */
#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "net.h"

/* <linux/ptrace.h> and <sys/ptrace.h> cannot both be included. */
#define syscall_info	__ptrace_syscall_info

#define ROUNDS		10
#define TAKEN_US	20000	/* until the event has been taken for sure */
#define HELD_US		(4 * TAKEN_US)
#define THREADS		16

/* The system call that a thread is in. */
static struct {
	pid_t tid;
	long nr;
} threads[THREADS];

static long *call_of(pid_t tid)
{
	int i = 0;

	while (i < THREADS - 1 && threads[i].tid && threads[i].tid != tid)
		i++;
	threads[i].tid = tid;
	return &threads[i].nr;
}

/* Shared with the tracer: an event that it has to hold may come. */
static volatile bool *hold;

static bool seize(pid_t tid)
{
	return !ptrace(PTRACE_SEIZE, tid, 0, PTRACE_O_TRACESYSGOOD) &&
	       !ptrace(PTRACE_INTERRUPT, tid, 0, 0);
}

/* Trace all threads of a process but its first; return: how many */
static int seize_others(pid_t pid)
{
	struct dirent *e;
	char path[64];
	int n = 0;
	DIR *d;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	d = opendir(path);
	while (d && (e = readdir(d))) {
		pid_t tid = atoi(e->d_name);

		n += tid > 0 && tid != pid && seize(tid);
	}
	if (d)
		closedir(d);
	return n;
}

/**
 * struct tracer - Holds events, in a process of its own
 * @pid:	that process
 * @go:		pipe to it: the thread to hold, or 0: all but the first
 * @ready:	pipe back: 'y', or 'n' if tracing is not allowed
 */
struct tracer {
	pid_t pid;
	int go[2], ready[2];
};

/* Never returns. */
static void hold_events(struct tracer *self, pid_t pid)
{
	struct syscall_info info;
	int status;
	pid_t tid;

	must(read(self->go[0], &tid, sizeof(tid)) == sizeof(tid));
	must(write(self->ready[1], (tid ? seize(tid) : seize_others(pid)) ?
		   "y" : "n", 1) == 1);
	while ((tid = waitpid(-1, &status, __WALL)) > 0) {
		int sig = WSTOPSIG(status);

		if (!WIFSTOPPED(status))
			continue;
		if (sig == (SIGTRAP | 0x80) &&
		    ptrace(PTRACE_GET_SYSCALL_INFO, tid, sizeof(info),
			   &info) > 0) {
			if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
				*call_of(tid) = info.entry.nr;
			else if (*call_of(tid) == SYS_epoll_pwait &&
				 info.exit.rval > 0 && *hold)
				usleep(HELD_US);
		}
		ptrace(PTRACE_SYSCALL, tid, 0,
		       sig == (SIGTRAP | 0x80) || status >> 16 ? 0 : sig);
	}
	_exit(0);
}

/* Before there is a kernel. */
static void tracer_start(struct tracer *tracer)
{
	pid_t pid = getpid();

	must(!pipe(tracer->go) && !pipe(tracer->ready));
	tracer->pid = fork();
	must(tracer->pid >= 0);
	if (!tracer->pid)
		hold_events(tracer, pid);
}

/** traces() - Let it trace a thread, or 0; return: false if it may not */
static bool traces(struct tracer *tracer, pid_t tid)
{
	char c = 0;

	prctl(PR_SET_PTRACER, tracer->pid);
	must(write(tracer->go[1], &tid, sizeof(tid)) == sizeof(tid));
	must(read(tracer->ready[0], &c, 1) == 1);
	return c == 'y';
}

/** found() - Is an event reported that another thread holds? */
static bool found(int ep, int event)
{
	struct epoll_event evs[2];
	eventfd_t n;
	bool ret;

	must(epoll_wait(ep, evs, 2, 0) == 0);
	usleep(TAKEN_US);	/* until all sleep */
	*hold = true;
	must(!eventfd_write(event, 1));
	usleep(TAKEN_US);
	ret = epoll_wait(ep, evs, 2, 0) == 1;
	*hold = false;
	must(!eventfd_read(event, &n));
	return ret;
}

static int pair[2], ep, event;

/* Waits in the kernel most of the time, and so for the host's events. */
static void *waits(void *arg)
{
	char c;

	__atomic_store_n((pid_t *)arg, gettid(), __ATOMIC_SEQ_CST);
	while (read(pair[0], &c, 1) == 1)
		usleep(HELD_US);
	return NULL;
}

/*
 * A guest makes the event: the thread that waits takes it and is held, the
 * helper, which has waited for longer, takes the call that comes after it.
 */
static int found_by_guest(void)
{
	int n = 0;

	for (int i = 0; i < ROUNDS; i++) {
		must(write(pair[1], "x", 1) == 1);
		usleep(3 * HELD_US);	/* the helper waits, then the thread */
		n += found(ep, event);
	}
	return n;
}

int main(void)
{
	struct epoll_event ev = { .events = EPOLLIN };
	struct tracer all, one;
	pid_t tid = 0, guest;
	struct sockaddr_in sa;
	int n = 0, status;
	pthread_t thread;

	hold = mmap(NULL, sizeof(*hold), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	must(hold != MAP_FAILED);
	tracer_start(&all);
	tracer_start(&one);
	net_pair(pair);
	ep = epoll_create1(EPOLL_CLOEXEC);
	event = eventfd(0, EFD_NONBLOCK);
	must(ep >= 0 && event >= 0);
	must(!epoll_ctl(ep, EPOLL_CTL_ADD, net_listen(&sa), &ev));
	must(!epoll_ctl(ep, EPOLL_CTL_ADD, event, &ev));
	if (!traces(&all, 0)) {
		printf("1..0 # SKIP ptrace() is not allowed here\n");
		kill(all.pid, SIGKILL);
		kill(one.pid, SIGKILL);
		return 0;
	}
	for (int i = 0; i < ROUNDS; i++) {
		usleep(HELD_US);	/* now none is held */
		n += found(ep, event);
	}
	kill(all.pid, SIGKILL);
	ok(n == ROUNDS, "what another thread has taken is reported (%d of %d)",
	   n, ROUNDS);
	must(!pthread_create(&thread, NULL, waits, &tid));
	while (!__atomic_load_n(&tid, __ATOMIC_SEQ_CST))
		usleep(1000);
	must(traces(&one, tid));
	guest = fork();
	must(guest >= 0);
	if (!guest)
		_exit(found_by_guest());
	must(waitpid(guest, &status, 0) == guest && WIFEXITED(status));
	kill(one.pid, SIGKILL);
	ok(WEXITSTATUS(status) == ROUNDS, "to a child that calls, too (%d of %d)",
	   WEXITSTATUS(status), ROUNDS);
	return tap_done();
}
