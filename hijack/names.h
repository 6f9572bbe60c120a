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
long name_for_program(char *text, size_t len, size_t room);

bool name_is_net_slow(int dirfd, const char *path);
bool name_is_above(const char *path);
bool name_is_own_fds(const char *path);
bool name_leaves(int dirfd, const char *path, char text[NAME_ROOM]);
bool openat2_routed(const long a[6], long *ret);
const char *name_in_kernel(const char *path, char own[NAME_ROOM]);
const char *name_in_kernel_at(int *dirfd, const char *path,
			      char own[NAME_ROOM]);

/**
 * name_may_lead() - May a relative name lead to one?
 * @path:	name
 *
 * Return: true for what begins as one of the parts on the way there, from net
 * itself to self, task, sys, class, devices, virtual, proc, a number and ".."
 */
static inline bool name_may_lead(const char *path)
{
	switch (path[0]) {
	case 'n':
		return path[1] == 'e' && path[2] == 't';
	case 's':
		return path[1] == 'e' || path[1] == 'y';
	case 't':
		return path[1] == 'a' || path[1] == 'h';
	case 'c':
		return path[1] == 'l' && path[2] == 'a';
	case 'd':
		return path[1] == 'e' && path[2] == 'v';
	case 'v':
		return path[1] == 'i' && path[2] == 'r';
	case 'p':
		return path[1] == 'r' && path[2] == 'o';
	case 'f':
		return path[1] == 'd' && path[2] == '/';
	case '.':
	case '0' ... '9':
		return true;
	default:
		return false;
	}
}

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
		return (unlikely(cwd_is_lkl) && path[0]) ||
		       (unlikely(name_may_lead(path)) &&
			name_is_net_slow(AT_FDCWD, path));
	return (path[1] == 'p' || path[1] == 's' || path[1] == 'd' ||
		path[1] == '/' || path[1] == '.') &&
	       name_is_net_slow(AT_FDCWD, path);
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
	if (fdtab_get(dirfd) > 0 ||
	    (unlikely(cwd_is_lkl) && dirfd == AT_FDCWD))
		return true;
	return path && unlikely(name_may_lead(path)) &&
	       name_is_net_slow(dirfd, path);
}

#pragma GCC visibility pop

#endif /* HIJACK_NAMES_H */
