/* SPDX-License-Identifier: GPL-2.0 */
/*
 * gone.h - What becomes of waits when the process with the kernel has ended
 */
#ifndef HIJACK_GONE_H
#define HIJACK_GONE_H

#include "kernel.h"

#pragma GCC visibility push(hidden)

/* Is anything known of epoll instances? Only in a guest. */
extern bool gone_notes;

bool gone_now_slow(void);
long long gone_clock_slow(void);
void gone_shorten(struct timespec *left, long long since);
void gone_note_epoll(int fd);
void gone_note_dup(int from, int to);
void gone_note_ctl(int ep, int op, int fd, const struct epoll_event *ev);
void gone_note_end_slow(int fd);
void gone_hold(void);
void gone_release(void);

/**
 * gone_now() - Is the kernel gone? Then waits are the host's
 * @ret:	what a call of it has returned
 *
 * Return: true if so: the host is to be asked
 */
static inline bool gone_now(long ret)
{
	return unlikely(ret == -ENODEV) && gone_now_slow();
}

/**
 * gone_clock() - When does a wait begin?
 *
 * Return: ns since some time, 0 if it cannot outlive the kernel
 */
static inline long long gone_clock(void)
{
	return unlikely(gone_notes) ? gone_clock_slow() : 0;
}

/**
 * gone_note_end() - A number becomes another descriptor, or none
 * @fd:	number
 */
static inline void gone_note_end(int fd)
{
	if (unlikely(gone_notes))
		gone_note_end_slow(fd);
}

#pragma GCC visibility pop

#endif /* HIJACK_GONE_H */
