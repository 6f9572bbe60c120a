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

		if (tid <= 0 || tid == pid ||
		    ptrace(PTRACE_SEIZE, tid, 0, PTRACE_O_TRACESYSGOOD))
			continue;
		ptrace(PTRACE_INTERRUPT, tid, 0, 0);
		n++;
	}
	if (d)
		closedir(d);
	return n;
}

/* The tracer: never returns. @ready gets a byte: 'y', or 'n' if not allowed. */
static void hold_events(pid_t pid, int ready)
{
	struct syscall_info info;
	int status;
	pid_t tid;

	must(write(ready, seize_others(pid) ? "y" : "n", 1) == 1);
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

int main(void)
{
	int go[2], ready[2], pair[2], ep, event, found = 0;
	struct epoll_event ev = { .events = EPOLLIN }, evs[2];
	pid_t pid = getpid(), tracer;
	eventfd_t n;
	char c;

	hold = mmap(NULL, sizeof(*hold), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	must(hold != MAP_FAILED);
	must(!pipe(go) && !pipe(ready));
	tracer = fork();	/* before there is a kernel */
	must(tracer >= 0);
	if (!tracer) {
		must(read(go[0], &c, 1) == 1);
		hold_events(pid, ready[1]);
	}
	prctl(PR_SET_PTRACER, tracer);
	net_pair(pair);
	ep = epoll_create1(EPOLL_CLOEXEC);
	event = eventfd(0, EFD_NONBLOCK);
	must(ep >= 0 && event >= 0);
	must(!epoll_ctl(ep, EPOLL_CTL_ADD, pair[0], &ev));
	must(!epoll_ctl(ep, EPOLL_CTL_ADD, event, &ev));
	must(write(go[1], "x", 1) == 1 && read(ready[0], &c, 1) == 1);
	if (c != 'y') {
		printf("1..0 # SKIP ptrace() is not allowed here\n");
		kill(tracer, SIGKILL);
		return 0;
	}
	for (int i = 0; i < ROUNDS; i++) {
		usleep(HELD_US);	/* now none is held */
		must(epoll_wait(ep, evs, 2, 0) == 0);
		usleep(TAKEN_US);	/* and all sleep */
		*hold = true;
		must(!eventfd_write(event, 1));
		usleep(TAKEN_US);
		found += epoll_wait(ep, evs, 2, 0) == 1;
		*hold = false;
		must(!eventfd_read(event, &n));
	}
	ok(found == ROUNDS, "what another thread has taken is reported (%d of %d)",
	   found, ROUNDS);
	kill(tracer, SIGKILL);
	return tap_done();
}
