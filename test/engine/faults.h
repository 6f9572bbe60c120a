/* SPDX-License-Identifier: GPL-2.0 */
/*
 * faults.h - What tests of fault injection share: knobs, workers, their calls
 *
 * The faults are those of a debug kernel. Each program is one source file, so
 * there is one instance of what is below.
 */
#ifndef TEST_ENGINE_FAULTS_H
#define TEST_ENGINE_FAULTS_H

#include "kernel.h"

#include <pthread.h>
#include <unistd.h>

#define ERRNO_MAX	134

struct worker;
typedef void (*job_fn)(struct worker *w);

/**
 * struct worker - A thread that lives with faults
 * @thread:	the thread
 * @jobs:	what it does, one of them at a time; ends with NULL
 * @id:		a number of its own
 * @rng:	state of its random numbers
 * @fair:	errors that its calls may end with; ends with 0. NULL: none, a
 *		witness
 * @rounds:	jobs done
 * @failed:	calls that failed, by errno
 * @bad:	what must not happen
 */
struct worker {
	pthread_t thread;
	const job_fn *jobs;
	unsigned int id;
	unsigned int rng;
	const int *fair;
	unsigned long rounds;
	unsigned long failed[ERRNO_MAX];
	unsigned long bad;
};

/**
 * struct sum - What workers have done together
 * @rounds:	jobs
 * @failed:	calls that failed
 * @bad:	what must not have happened
 */
struct sum {
	unsigned long rounds;
	unsigned long failed;
	unsigned long bad;
};

static bool stop;
static int ready;

static unsigned int below(struct worker *w, unsigned int n)
{
	return rand_r(&w->rng) % n;
}

static void complain(struct worker *w, const char *what, long got)
{
	if (w->bad++ < 5)
		printf("# %s: %ld (%s)\n", what, got, lkl_strerror(got));
}

/* The result of a call: true if it did what it should */
static bool done(struct worker *w, const char *what, long ret)
{
	if (ret >= 0)
		return true;
	for (const int *e = w->fair; e && *e; e++)
		if (ret == -*e) {
			w->failed[-ret]++;
			return false;
		}
	complain(w, what, ret);
	return false;
}

#define DONE(w, call)	done(w, #call, call)

/* Data that a call has delivered must be right, and so must its amount. */
static void check(struct worker *w, const char *what, bool right)
{
	if (!right)
		complain(w, what, 0);
}

/* Write a string to a file, though faults may be on; false: there is none. */
static bool put(const char *path, const char *value)
{
	long fd, ret;

	do {
		fd = lkl_sys_open(path, LKL_O_WRONLY, 0);
		ret = fd < 0 ? fd : lkl_sys_write(fd, value, strlen(value));
		if (fd >= 0)
			lkl_sys_close(fd);
	} while (ret == -LKL_ENOMEM);
	must(ret > 0 || ret == -LKL_ENOENT);
	return ret > 0;
}

/* A kind of faults is a directory of debugfs. */
static void set(const char *kind, const char *knob, const char *value)
{
	char path[64];

	snprintf(path, sizeof(path), "/debug/%s/%s", kind, knob);
	put(path, value);
}

static const char * const memory[] = { "failslab", "fail_page_alloc" };

/* Set a knob of faults of the allocators. */
static void set_memory(const char *knob, const char *value)
{
	for (size_t i = 0; i < ARRAY_SIZE(memory); i++)
		set(memory[i], knob, value);
}

/**
 * faults_boot() - Boot a debug kernel, faults being off
 *
 * Return: false if it is none; the program is over then
 */
static bool faults_boot(void)
{
	kernel_boot("mem=512M");
	must(!lkl_sys_mkdir("/proc", 0555) && !lkl_sys_mkdir("/debug", 0555));
	must(!lkl_sys_mount("proc", "/proc", "proc", 0, NULL));
	if (lkl_sys_mount("debugfs", "/debug", "debugfs", 0, NULL)) {
		printf("ok 1 - # SKIP no debug kernel\n1..1\n");
		lkl_sys_halt();
		return false;
	}
	set_memory("ignore-gfp-wait", "N");
	set_memory("min-order", "0");
	set_memory("times", "-1");
	set_memory("verbose", "0");
	set_memory("task-filter", "Y");
	return true;
}

static void *work(void *arg)
{
	struct worker *w = arg;

	if (w->fair)
		must(put("/proc/thread-self/make-it-fail", "1"));
	__atomic_add_fetch(&ready, 1, __ATOMIC_RELAXED);
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		unsigned int n = 0;

		while (w->jobs[n])
			n++;
		w->jobs[below(w, n)](w);
		w->rounds++;
	}
	return NULL;
}

/* Start workers, and wait until all of them are there. */
static void workers_start(struct worker *workers, int n)
{
	stop = false;
	ready = 0;
	for (int i = 0; i < n; i++)
		must(!pthread_create(&workers[i].thread, NULL, work,
				     &workers[i]));
	while (__atomic_load_n(&ready, __ATOMIC_RELAXED) < n)
		usleep(1000);
}

/* Let them work for a while, which is over when this returns. */
static void workers_run(double seconds)
{
	for (long long end = host_ns() + seconds * 1e9; host_ns() < end;)
		usleep(10000);
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
}

/* What have workers done? Shown, and added to a sum. */
static void workers_sum(const struct worker *workers, int n, struct sum *sum)
{
	for (int i = 0; i < n; i++) {
		sum->rounds += workers[i].rounds;
		sum->bad += workers[i].bad;
	}
	for (int e = 0; e < ERRNO_MAX; e++) {
		unsigned long failed = 0;

		for (int i = 0; i < n; i++)
			failed += workers[i].failed[e];
		if (failed)
			printf("# %lu: %s\n", failed, lkl_strerror(-e));
		sum->failed += failed;
	}
}

#endif /* TEST_ENGINE_FAULTS_H */
