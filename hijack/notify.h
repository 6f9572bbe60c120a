/* SPDX-License-Identifier: GPL-2.0 */
/*
 * notify.h - Work that is done beside the program, and how it hears of the end
 */
#ifndef HIJACK_NOTIFY_H
#define HIJACK_NOTIFY_H

#include "calls.h"

#include <time.h>

#pragma GCC visibility push(hidden)

extern uint32_t notify_completions;

/** notify_seen() - Return: what notify_wait() is to compare with */
static inline uint32_t notify_seen(void)
{
	return __atomic_load_n(&notify_completions, __ATOMIC_ACQUIRE);
}

int notify_thread(const pthread_attr_t *attr, void *(*run)(void *), void *arg);
void notify_tell(const struct sigevent *sig, int code);
void notify_done(void);
void notify_until(const struct timespec *timeout, struct timespec *until);
int notify_wait(uint32_t seen, const struct timespec *until);

#pragma GCC visibility pop

#endif /* HIJACK_NOTIFY_H */
