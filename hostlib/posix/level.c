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
 * One word per descriptor, so that a reader never sees half of an answer:
 * the round of the answer, the events that were asked for, those that hold.
 * The round is the number of waits that had begun before the host was asked.
 */
#include "level.h"

#define FULL	(LKL_EVENT_IN | LKL_EVENT_PRI | LKL_EVENT_OUT | LKL_EVENT_RDHUP)

static unsigned int round_now = 1;
static unsigned long long known[LEVEL_FDS];

/** host_level_round() - Return: the round to store an answer with */
unsigned int host_level_round(void)
{
	return __atomic_load_n(&round_now, __ATOMIC_SEQ_CST);
}

/**
 * host_level_store() - Keep what the host has said
 * @fd:		descriptor
 * @round:	host_level_round() from before it was asked
 * @asked:	events that were asked for, less than 0x10000
 * @events:	those that hold
 */
void host_level_store(int fd, unsigned int round, unsigned int asked,
		      unsigned int events)
{
	if ((unsigned int)fd < LEVEL_FDS)
		__atomic_store_n(&known[fd], (unsigned long long)round << 32 |
				 asked << 16 | (events & 0xffff),
				 __ATOMIC_SEQ_CST);
}

/**
 * host_level_load() - Look up what the host has said since the last wait began
 * @fd:		descriptor
 * @want:	events of interest
 * @events:	receives those that hold, with others
 *
 * Return: true if it has been asked about all of them
 */
bool host_level_load(int fd, unsigned int want, unsigned int *events)
{
	unsigned long long word;

	if ((unsigned int)fd >= LEVEL_FDS)
		return false;
	word = __atomic_load_n(&known[fd], __ATOMIC_SEQ_CST);
	*events = word & 0xffff;
	return word >> 32 == host_level_round() &&
	       !(want & ~(word >> 16 & 0xffff));
}

void lkl_host_wait_begins(void)
{
	__atomic_add_fetch(&round_now, 1, __ATOMIC_SEQ_CST);
}

void lkl_host_ask(struct pollfd *fds, unsigned int n)
{
	const struct timespec now = { };
	unsigned int round = host_level_round();

	for (unsigned int i = 0; i < n; i++)
		fds[i].events = FULL;
	if (RAW(SYS_ppoll, fds, n, &now, NULL, KERNEL_SIGSET) < 0)
		return;
	for (unsigned int i = 0; i < n; i++)
		host_level_store(fds[i].fd, round, FULL,
				 (unsigned short)fds[i].revents);
}
