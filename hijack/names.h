/* SPDX-License-Identifier: GPL-2.0 */
/*
 * names.h - File names that show the network
 */
#ifndef HIJACK_NAMES_H
#define HIJACK_NAMES_H

#include "fdtab.h"
#include "user.h"

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
bool name_in_kernel_at(int *dirfd, const char **path, char own[NAME_ROOM]);

/**
 * name_may_lead() - May a relative name lead to one?
 * @path:	name
 *
 * Return: true for what begins as one of the parts on the way there, from net
 * itself to self, task, sys, class, devices, virtual, proc, a number and ".."
 */
static inline bool name_may_lead(const char *path)
{
	switch (user_byte(path, 0)) {
	case 'n':
		return user_byte(path, 1) == 'e' && user_byte(path, 2) == 't';
	case 's':
		return user_byte(path, 1) == 'e' || user_byte(path, 1) == 'y';
	case 't':
		return user_byte(path, 1) == 'a' || user_byte(path, 1) == 'h';
	case 'c':
		return user_byte(path, 1) == 'l' && user_byte(path, 2) == 'a';
	case 'd':
		return user_byte(path, 1) == 'e' && user_byte(path, 2) == 'v';
	case 'v':
		return user_byte(path, 1) == 'i' && user_byte(path, 2) == 'r';
	case 'p':
		return user_byte(path, 1) == 'r' && user_byte(path, 2) == 'o';
	case 'f':
		return user_byte(path, 1) == 'd' && user_byte(path, 2) == '/';
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
 * Return: true for what names.c lists; false if it is not there: let the host
 * say so
 */
static inline bool name_is_net(const char *path)
{
	char second;

	if (!path)
		return false;
	if (user_byte(path, 0) != '/')
		return (unlikely(cwd_is_lkl) && user_byte(path, 0)) ||
		       (unlikely(name_may_lead(path)) &&
			name_is_net_slow(AT_FDCWD, path));
	second = user_byte(path, 1);
	return (second == 'p' || second == 's' || second == 'd' ||
		second == '/' || second == '.') &&
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
	if (path && user_byte(path, 0) == '/')
		return name_is_net(path);
	if (fdtab_get(dirfd) > 0 ||
	    (unlikely(cwd_is_lkl) && dirfd == AT_FDCWD))
		return true;
	return path && unlikely(name_may_lead(path)) &&
	       name_is_net_slow(dirfd, path);
}

#pragma GCC visibility pop

#endif /* HIJACK_NAMES_H */
