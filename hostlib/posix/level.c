// SPDX-License-Identifier: GPL-2.0
/*
 * level.c - What is known about the readiness of host descriptors
 *
 * To ask the host is a system call, and a wait would ask several times: before
 * it sleeps, and again about what woke it. So what the host has said is kept
 * until another wait begins. Until then it is the truth that a wait may tell:
 * a descriptor that was ready at some time during the wait. Once a wait has
 * begun nothing older counts, because the program may have read or written
 * meanwhile, unseen by us.
 *
 * One word per descriptor, so that nobody sees half of an answer: the round of
 * the answer, which is the number of waits that had begun before the host was
 * asked; the events that were asked for; those that hold. Or the mark of
 * somebody who is asking.
 *
 * An event that is reported may be the last for a long time: that a descriptor
 * is not ready must never be kept if the host said so before the event. So who
 * asks leaves his mark first, and his answer counts only if the mark is still
 * there. A report tells only what holds, and is added to what is known in its
 * round; a late one, of an earlier round, leaves nothing known.
 */
#include "level.h"

#define FULL	(LKL_EVENT_IN | LKL_EVENT_PRI | LKL_EVENT_OUT | LKL_EVENT_RDHUP)

/* An answer: the round above the events asked for above those that hold. */
#define EVENT_BITS	14
#define EVENT_MASK	((1U << EVENT_BITS) - 1)
#define ROUND_SHIFT	(2 * EVENT_BITS)
#define ROUND_MASK	(~0ULL >> 1 >> ROUND_SHIFT)

/* A mark has this bit, and a number that nobody else has used. */
#define ASKING		(1ULL << 63)

static unsigned long long round_now = 1, marks;
static unsigned long long known[LEVEL_FDS];

static unsigned long long answer(unsigned long long round, unsigned int asked,
				 unsigned int events)
{
	return (round & ROUND_MASK) << ROUND_SHIFT |
	       (asked & EVENT_MASK) << EVENT_BITS | (events & EVENT_MASK);
}

/** host_level_round() - Return: the round to store an answer with */
unsigned long long host_level_round(void)
{
	return __atomic_load_n(&round_now, __ATOMIC_SEQ_CST);
}

/**
 * host_level_report() - Keep what came with an event
 * @fd:		descriptor, less than LEVEL_FDS
 * @round:	host_level_round() from before the host told
 * @events:	those that hold
 */
void host_level_report(int fd, unsigned long long round, unsigned int events)
{
	unsigned long long old = __atomic_load_n(&known[fd], __ATOMIC_SEQ_CST);
	unsigned long long word;

	do {
		word = answer(round, events, events);
		if (old >> ROUND_SHIFT == word >> ROUND_SHIFT)
			word |= old;
	} while (!__atomic_compare_exchange_n(&known[fd], &old, word, true,
					      __ATOMIC_SEQ_CST,
					      __ATOMIC_SEQ_CST));
}

/**
 * host_level_load() - Look up what the host has said since the last wait began
 * @fd:		descriptor
 * @want:	events of interest
 * @events:	receives those that hold, with others
 *
 * Return: true if it is known about all of them
 */
bool host_level_load(int fd, unsigned int want, unsigned int *events)
{
	unsigned long long word;

	if ((unsigned int)fd >= LEVEL_FDS)
		return false;
	word = __atomic_load_n(&known[fd], __ATOMIC_SEQ_CST);
	*events = word & EVENT_MASK;
	return word >> ROUND_SHIFT == (host_level_round() & ROUND_MASK) &&
	       !(want & ~(word >> EVENT_BITS & EVENT_MASK));
}

/** host_level_begin() - Another wait begins; return: its round */
unsigned long long host_level_begin(void)
{
	return __atomic_add_fetch(&round_now, 1, __ATOMIC_SEQ_CST);
}

void lkl_host_ask(struct pollfd *fds, unsigned int n)
{
	const struct timespec now = { };
	unsigned long long round = host_level_round(), mark, expected;
	long ret;

	if (host_is_guest)	/* the keeper asks */
		return;
	mark = ASKING | __atomic_add_fetch(&marks, 1, __ATOMIC_RELAXED);
	for (unsigned int i = 0; i < n; i++) {
		fds[i].events = FULL;
		fds[i].revents = 0;
		if ((unsigned int)fds[i].fd < LEVEL_FDS)
			__atomic_store_n(&known[fds[i].fd], mark,
					 __ATOMIC_SEQ_CST);
	}
	ret = RAW(SYS_ppoll, fds, n, &now, NULL, KERNEL_SIGSET);
	for (unsigned int i = 0; i < n && ret >= 0; i++) {
		expected = mark;
		if ((unsigned int)fds[i].fd < LEVEL_FDS)
			__atomic_compare_exchange_n(&known[fds[i].fd],
				&expected, answer(round, FULL, fds[i].revents),
				false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	}
}
