// SPDX-License-Identifier: GPL-2.0
/*
 * fd_limit.c - How many descriptors the kernel gives out
 */
#include <lkl.h>

int lkl_set_fd_limit(unsigned int fd_limit)
{
	const struct lkl_rlimit64 limit = { fd_limit, fd_limit };

	return lkl_sys_prlimit64(0, LKL_RLIMIT_NOFILE, &limit, NULL);
}
