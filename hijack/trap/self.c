// SPDX-License-Identifier: GPL-2.0
/*
 * self.c - What a trapped program is called
 *
 * For the host the file of the process is our loader's.
 */
#include "trap.h"

#include <limits.h>

static char program[PATH_MAX];

/**
 * trap_self_init() - Note which program it is
 * @path:	its absolute path
 */
void trap_self_init(const char *path)
{
	snprintf(program, sizeof(program), "%s", path);
}

/**
 * trap_self_path() - Replace the name of the process's own file
 * @path:	a name, may be NULL
 *
 * Return: the program's path if @path is /proc/self/exe or the like, else
 * @path
 */
const char *trap_self_path(const char *path)
{
	char own[32];

	if (!path || strncmp(path, "/proc/", 6))
		return path;
	snprintf(own, sizeof(own), "/proc/%ld/exe", RAW(SYS_getpid, 0));
	if (!strcmp(path, "/proc/self/exe") ||
	    !strcmp(path, "/proc/thread-self/exe") || !strcmp(path, own))
		return program;
	return path;
}
