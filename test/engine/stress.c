// SPDX-License-Identifier: GPL-2.0
/*
 * stress.c - Everything at once, every byte checked
 *
 *   stress [SECONDS [SEED [KINDS]]]
 *
 * Each kind of worker has a few threads that repeat one job: streams and
 * datagrams over the loopback interface, unix sockets, pipes, files, eventfds
 * with epoll, timers, short-lived threads. Meanwhile they are all hit by
 * signals. Data is a function of stream and position (pattern()), so whatever
 * is lost, doubled or mixed up is found where it arrives.
 *
 * Half of the workers get signals whose handlers have SA_RESTART: a read or
 * write that ends with EINTR there is a failure. The others get both kinds.
 *
 * A worker that makes no progress for STUCK seconds ends the program. KINDS is
 * a list of names, all if not given.
 */
#include "stress_jobs.h"
#include "stress_streams.h"

#include <signal.h>
#include <sys/syscall.h>
#include <sys/time.h>

#define STUCK		20
#define WORKERS_MAX	64

static struct worker workers[WORKERS_MAX];
static int worker_count;
static unsigned int run_seed;

static const struct kind kinds[] = {
	{ "tcp", job_tcp, 4 },
	{ "udp", job_udp, 4 },
	{ "unix", job_unix, 4 },
	{ "pipe", job_pipe, 2 },
	{ "file", job_file, 4 },
	{ "epoll", job_epoll, 2 },
	{ "timer", job_timer, 4 },
	{ "churn", job_churn, 2 },
};

/* The handlers themselves make calls, some of them blocking ones. */
static void on_signal(int sig)
{
	struct __lkl__kernel_timespec ts = { 0, 1000 };
	struct worker *w = self;

	if (!w)
		return;
	w->signals++;
	if (sig == SIGUSR2)
		lkl_sys_nanosleep(&ts, NULL);
	CHECK(w, lkl_sys_getpid() == 1);
}

static void *worker_main(void *arg)
{
	struct worker *w = arg;

	self = w;
	__atomic_store_n(&w->tid, gettid(), __ATOMIC_RELEASE);
	while (!stopping()) {
		w->kind->job(w);
		__atomic_add_fetch(&w->rounds, 1, __ATOMIC_RELAXED);
	}
	self = NULL;
	return NULL;
}

static void start_workers(const char *only)
{
	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
		if (only && !strstr(only, kinds[k].name))
			continue;
		for (int i = 0; i < kinds[k].threads; i++) {
			struct worker *w = &workers[worker_count++];

			w->kind = &kinds[k];
			w->rng = run_seed * 1000UL + worker_count;
			w->restarts = i % 2;
			must(!pthread_create(&w->thread, NULL, worker_main, w));
		}
	}
}

static void install(int sig, int flags)
{
	struct sigaction act = { .sa_handler = on_signal, .sa_flags = flags };

	must(!lkl_host_sigaction(sig, &act, NULL));
}

/* Signals for workers at random, until the time is over. */
static void disturb(long long end)
{
	unsigned long seen[WORKERS_MAX] = { 0 };
	long long since[WORKERS_MAX];
	struct worker me = { .rng = run_seed };
	long long now = host_ns();

	for (int i = 0; i < worker_count; i++)
		since[i] = now;
	while (now < end) {
		struct worker *w = &workers[below(&me, worker_count)];
		int tid = __atomic_load_n(&w->tid, __ATOMIC_ACQUIRE);

		if (tid)
			syscall(SYS_tgkill, getpid(), tid,
				w->restarts || below(&me, 2) ? SIGUSR1 :
				SIGUSR2);
		usleep(below(&me, 2000));
		now = host_ns();
		for (int i = 0; i < worker_count; i++) {
			unsigned long beats = __atomic_load_n(&workers[i].beats,
							      __ATOMIC_RELAXED);

			if (beats != seen[i]) {
				seen[i] = beats;
				since[i] = now;
			} else if (now - since[i] > STUCK * 1000000000LL) {
				printf("Bail out! %s (thread %d) is stuck\n",
				       workers[i].kind->name, workers[i].tid);
				fflush(stdout);
				abort();
			}
		}
	}
}

int main(int argc, char **argv)
{
	double seconds = argc > 1 ? atof(argv[1]) : 20;
	struct itimerval it = { { 0, 7000 }, { 0, 7000 } };
	unsigned long signals = 0;

	run_seed = argc > 2 ? atoi(argv[2]) : 1;
	kernel_boot("mem=256M");
	install(SIGUSR1, SA_RESTART);
	install(SIGUSR2, 0);
	install(SIGALRM, SA_RESTART);
	start_workers(argc > 3 ? argv[3] : NULL);
	must(!setitimer(ITIMER_REAL, &it, NULL));
	disturb(host_ns() + seconds * 1e9);
	it.it_value.tv_usec = 0;
	must(!setitimer(ITIMER_REAL, &it, NULL));
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	for (int i = 0; i < worker_count; i++) {
		struct worker *w = &workers[i];

		pthread_join(w->thread, NULL);
		signals += w->signals;
		ok(!w->bad && w->rounds, "%s: %lu rounds, %lu signals",
		   w->kind->name, w->rounds, w->signals);
	}
	ok(signals > 0 || !worker_count, "%lu signals", signals);
	ok(lkl_sys_halt() == 0, "halt");
	return tap_done();
}
