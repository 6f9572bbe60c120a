/* SPDX-License-Identifier: GPL-2.0 */
/*
 * stress.h - The workers of the stress: what their jobs share
 *
 * The stress is one source file, so there is one instance of what is below.
 */
#ifndef TEST_ENGINE_STRESS_H
#define TEST_ENGINE_STRESS_H

#include "kernel.h"

#include <pthread.h>
#include <unistd.h>

#define BUF		(64 << 10)

/**
 * struct worker - A thread that does one job again and again
 * @kind:	what it does
 * @thread:	the thread
 * @tid:	its id on the host
 * @rng:	state of its random numbers
 * @restarts:	its signals all have SA_RESTART
 * @rounds:	jobs done
 * @beats:	grows whenever anything is done
 * @signals:	handlers that have run
 * @bad:	checks that failed
 */
struct worker {
	const struct kind *kind;
	pthread_t thread;
	int tid;
	unsigned long rng;
	bool restarts;
	unsigned long rounds;
	unsigned long beats;
	unsigned long signals;
	unsigned long bad;
};

/**
 * struct kind - A job
 * @name:	its name
 * @job:	does it once; jobs check themselves with CHECK()
 * @threads:	how many workers do it
 */
struct kind {
	const char *name;
	void (*job)(struct worker *w);
	int threads;
};
static bool stop;
static __thread struct worker *self;

/* CHECK() - count and show what does not hold */
#define CHECK(w, cond, ...)						\
	({								\
		bool good_ = (cond);					\
									\
		if (!good_ && (w)->bad++ < 5) {				\
			printf("# %s, line %d: %s:", (w)->kind->name,	\
			       __LINE__, #cond);			\
			printf(" " __VA_ARGS__);			\
			printf("\n");					\
			fflush(stdout);					\
		}							\
		good_;							\
	})

static unsigned long rnd(struct worker *w)
{
	unsigned long x = w->rng += 0x9e3779b97f4a7c15UL;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9UL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebUL;
	return x ^ x >> 31;
}

static unsigned long below(struct worker *w, unsigned long n)
{
	return rnd(w) % n;
}

static bool stopping(void)
{
	return __atomic_load_n(&stop, __ATOMIC_RELAXED);
}

/* REPEAT() - repeat a call that a signal interrupts, as long as it may */
#define REPEAT(w, call, may)						\
	({								\
		long ret_;						\
									\
		do {							\
			ret_ = (call);					\
			__atomic_add_fetch(&(w)->beats, 1, __ATOMIC_RELAXED); \
		} while (ret_ == -LKL_EINTR && (may));			\
		ret_;							\
	})

/* TRY() - repeat a call as long as a signal interrupts it, if one may */
#define TRY(w, call)	REPEAT(w, call, CHECK(w, !(w)->restarts, "EINTR"))

/* RETRY() - the same for a call that is never restarted */
#define RETRY(w, call)	REPEAT(w, call, true)

#endif /* TEST_ENGINE_STRESS_H */
