/* SPDX-License-Identifier: GPL-2.0 */
/* open-fds.h - How many descriptors the host has given to this process */
#ifndef TEST_OPEN_FDS_H
#define TEST_OPEN_FDS_H

#include <dirent.h>

#include "tap.h"

/** open_fds() - Return: number of open descriptors */
static inline int open_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	must(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

#endif /* TEST_OPEN_FDS_H */
