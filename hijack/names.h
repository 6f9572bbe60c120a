/* SPDX-License-Identifier: GPL-2.0 */
/*
 * names.h - File names that show the network
 */
#ifndef HIJACK_NAMES_H
#define HIJACK_NAMES_H

#include "fdtab.h"

#pragma GCC visibility push(hidden)

/* Room for the name of a file as the LKL kernel knows it. */
#define NAME_ROOM 256

extern bool cwd_is_lkl;

void cwd_init(void);
void cwd_begin(void);
long cwd_text(char *buf, size_t size);

bool name_is_net_slow(const char *path);
bool openat2_routed(const long a[6], long *ret);
const char *name_in_kernel(const char *path, char own[NAME_ROOM]);
const char *name_in_kernel_at(int *dirfd, const char *path,
			      char own[NAME_ROOM]);

/**
 * name_is_net() - Is this the name of a file that is the LKL kernel's?
 * @path:	name as the program gave it
 *
 * Return: true for what names.c lists
 */
static inline bool name_is_net(const char *path)
{
	if (!path)
		return false;
	if (path[0] != '/')
		return unlikely(cwd_is_lkl) && path[0];
	return (path[1] == 'p' || path[1] == 's' || path[1] == 'd') &&
	       name_is_net_slow(path);
}

/**
 * name_is_net_at() - The same for the *at() calls
 * @dirfd:	directory, or the file itself if @path is empty
 * @path:	name
 *
 * Return: true if the call is for the LKL kernel
 */
static inline bool name_is_net_at(int dirfd, const char *path)
{
	if (path && path[0] == '/')
		return name_is_net(path);
	return fdtab_get(dirfd) > 0 ||
	       (unlikely(cwd_is_lkl) && dirfd == AT_FDCWD);
}

#pragma GCC visibility pop

#endif /* HIJACK_NAMES_H */
