/* SPDX-License-Identifier: GPL-2.0 */
/*
 * control.h - The engine without a kernel: what does the host's scheduler cost?
 *
 * Calls need a virtual CPU that one thread at a time has, and who has it makes
 * the calls of the others as well, by turns, a piece of PIECES bytes each: about
 * what TCP over loopback moves before it looks at who else is waiting. The
 * others spin for a moment, then sleep. Who is done wakes one who is not.
 */
#ifndef TEST_ENGINE_CONTROL_H
#define TEST_ENGINE_CONTROL_H

#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel.h"

#define PIECES		(64 << 10)
#define CONTROL_SPIN_NS	3000
#define CONTROL_CALLS	3

enum control_state { CONTROL_DONE, CONTROL_POSTED, CONTROL_PARKED };

/**
 * struct control_call - A call: some bytes to copy
 * @state:	enum control_state, what its thread sleeps on
 * @mem:	the next byte of the caller's
 * @left:	how many there are
 * @put:	they go to the kernel
 */
struct control_call {
	unsigned int state;
	char *mem;
	size_t left;
	bool put;
};

static struct control_call control_calls[CONTROL_CALLS];
static bool control_busy;	/* the virtual CPU */
static char control_kernel[PIECES];

static bool control_take(void)
{
	return !__atomic_load_n(&control_busy, __ATOMIC_RELAXED) &&
	       !__atomic_exchange_n(&control_busy, true, __ATOMIC_SEQ_CST);
}

static unsigned int control_state(struct control_call *c)
{
	return __atomic_load_n(&c->state, __ATOMIC_SEQ_CST);
}

static bool control_change(struct control_call *c, unsigned int from,
			   enum control_state to)
{
	return __atomic_compare_exchange_n(&c->state, &from, to, false,
					   __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

/* Sets the state of a call, and wakes its thread if that sleeps. */
static void control_set(struct control_call *c, enum control_state state)
{
	if (__atomic_exchange_n(&c->state, state, __ATOMIC_SEQ_CST) ==
	    CONTROL_PARKED)
		syscall(SYS_futex, &c->state, FUTEX_WAKE_PRIVATE, INT_MAX);
}

static void control_step(struct control_call *c)
{
	size_t n = c->left < PIECES ? c->left : PIECES;

	if (control_state(c) == CONTROL_DONE)
		return;
	memcpy(c->put ? control_kernel : c->mem,
	       c->put ? c->mem : control_kernel, n);
	c->mem += n;
	c->left -= n;
	if (!c->left)
		control_set(c, CONTROL_DONE);
}

/* Makes calls until that of the thread itself is done, then wakes another. */
static void control_carry(struct control_call *own)
{
	control_step(own);
	while (control_state(own) != CONTROL_DONE)
		for (int i = 0; i < CONTROL_CALLS; i++)
			control_step(&control_calls[i]);
	__atomic_store_n(&control_busy, false, __ATOMIC_SEQ_CST);
	for (int i = 0; i < CONTROL_CALLS; i++) {
		if (control_state(&control_calls[i]) == CONTROL_PARKED) {
			control_set(&control_calls[i], CONTROL_POSTED);
			break;
		}
	}
}

/**
 * control_call() - Make a call
 * @i:		number of the thread, below CONTROL_CALLS
 * @mem:	what to copy to the kernel, or where to copy it to
 * @n:		how many bytes, at least one
 * @put:	to the kernel?
 */
static void control_call(int i, char *mem, size_t n, bool put)
{
	struct control_call *c = &control_calls[i];
	long long start = host_ns();

	c->mem = mem;
	c->left = n;
	c->put = put;
	control_set(c, CONTROL_POSTED);
	while (control_state(c) != CONTROL_DONE) {
		if (control_take()) {
			control_carry(c);
		} else if (host_ns() - start < CONTROL_SPIN_NS) {
			__builtin_ia32_pause();
		} else if (control_change(c, CONTROL_POSTED, CONTROL_PARKED)) {
			if (__atomic_load_n(&control_busy, __ATOMIC_SEQ_CST))
				syscall(SYS_futex, &c->state,
					FUTEX_WAIT_PRIVATE, CONTROL_PARKED,
					NULL);
			control_change(c, CONTROL_PARKED, CONTROL_POSTED);
			start = host_ns();
		}
	}
}

#endif /* TEST_ENGINE_CONTROL_H */
