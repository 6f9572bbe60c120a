/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fdtab.h - Which descriptor numbers are the LKL kernel's
 */
#ifndef HIJACK_FDTAB_H
#define HIJACK_FDTAB_H

#include "kernel.h"

#pragma GCC visibility push(hidden)

/* Descriptors from here on are never LKL's; Linux's own default limit. */
#define FDTAB_SIZE	(1 << 20)

extern int32_t fdtab[FDTAB_SIZE];

/**
 * fdtab_get() - Look a descriptor number up
 * @fd:	number as the program knows it, may be anything
 *
 * Return: 0 for a plain host descriptor (or none); n > 0 if it is LKL
 * descriptor n - 1; -n < 0 for a host descriptor with proxy LKL descriptor
 * n - 1
 */
static inline int fdtab_get(int fd)
{
	if (unlikely((unsigned int)fd >= FDTAB_SIZE))
		return 0;
	return __atomic_load_n(&fdtab[fd], __ATOMIC_RELAXED);
}

/**
 * fdtab_born() - A host call has just made this descriptor
 * @fd:	its number, or -1 if the call failed
 *
 * If the number still has a proxy the old descriptor was closed behind our
 * back; the proxy is dropped.
 *
 * Return: @fd
 */
int fdtab_forget(int fd);

static inline int fdtab_born(int fd)
{
	if (unlikely(fdtab_get(fd) < 0))
		fdtab_forget(fd);
	return fd;
}

int fdtab_init(void);
int fdtab_reserve(int min);
void fdtab_unreserve(int fd);
void fdtab_install(int fd, int lkl_fd);
int fdtab_exchange(int fd, int entry);
int fdtab_placeholder_at(int fd);
int fdtab_proxy(int fd);
bool fdtab_private(int fd);
int fdtab_limit(void);
int fdtab_host_room(int n);
void fdtab_clear_in_child(void);
void fdtab_share_in_child(void);
size_t fdtab_pass(char *text, size_t size);
void fdtab_keep(void);
void fdtab_resume(const char *text);

#pragma GCC visibility pop

#endif /* HIJACK_FDTAB_H */
