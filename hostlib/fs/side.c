// SPDX-License-Identifier: GPL-2.0
/* side.c - The image and the host as two kernels of the same kind */
#include "fs/fs.h"

static long host_call(long no, long *p)
{
	long ret;

	do {
		ret = raw_syscall6(no, p[0], p[1], p[2], p[3], p[4], p[5]);
	} while (ret == -LKL_EINTR);
	return ret;
}

const struct side image_side = { lkl_syscall };
const struct side host_side = { host_call };
