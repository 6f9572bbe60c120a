// SPDX-License-Identifier: GPL-2.0
/*
 * memory.c - The break of a trapped program
 *
 * The process has one break, and our libc uses it; the program gets a range
 * of addresses that is made usable as its break moves.
 */
#include "trap.h"

/* Addresses cost nothing; less is taken where there is a limit on them. */
#define MOST	(64UL << 30)
#define LEAST	(64UL << 20)

static unsigned long start, brk_now, usable, limit;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/**
 * trap_brk_init() - Reserve addresses
 *
 * Return: 0 or a negative errno
 */
int trap_brk_init(void)
{
	void *mem;

	for (unsigned long size = MOST; size >= LEAST; size /= 2) {
		mem = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS |
			   MAP_NORESERVE, -1, 0);
		if (mem == MAP_FAILED)
			continue;
		start = brk_now = usable = (unsigned long)mem;
		limit = start + size;
		return 0;
	}
	return -ENOMEM;
}

/** trap_brk() - brk(address): the break, changed if that is possible */
long trap_brk(struct trap_thread *self, struct trap_context *uc, long a[6])
{
	unsigned long want = a[0], top = (want + 4095) & ~4095UL;
	long ret;

	pthread_mutex_lock(&lock);
	if (want >= start && want <= limit) {
		if (top < usable) {
			/* Fresh pages, if it grows again. */
			mmap((void *)top, usable - top, PROT_NONE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE |
			     MAP_FIXED, -1, 0);
			usable = top;
			brk_now = want;
		} else if (top == usable ||
			   !mprotect((void *)usable, top - usable,
				     PROT_READ | PROT_WRITE)) {
			usable = top;
			brk_now = want;
		}
	}
	ret = brk_now;
	pthread_mutex_unlock(&lock);
	return ret;
}
