// SPDX-License-Identifier: GPL-2.0
/*
 * mount.c - File systems of the kernel itself, inside the LKL kernel
 */
#include <stdlib.h>
#include <string.h>

#include <lkl.h>
#include <lkl/asm/errno.h>

#include "config/config.h"

/**
 * config_mount() - Mount a file system
 * @type:	its type: proc is mounted at /proc, sysfs at /sys, another at
 *		the directory of its name
 *
 * Return: 0 (also if it is there already) or a negative errno
 */
int config_mount(const char *type)
{
	char *dir = text_format("/%s", strcmp(type, "sysfs") ? type : "sys");
	int err;

	if (!dir)
		return -LKL_ENOMEM;
	err = lkl_sys_mkdir(dir, 0755);
	if (!err || err == -LKL_EEXIST)
		err = lkl_sys_mount((char *)type, dir, (char *)type, 0, NULL);
	free(dir);
	return err == -LKL_EBUSY ? 0 : err;
}
