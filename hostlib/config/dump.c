// SPDX-License-Identifier: GPL-2.0
/*
 * dump.c - Print files of the LKL kernel
 */
#include <stdlib.h>
#include <string.h>

#include <lkl.h>
#include <lkl/linux/fcntl.h>

#include "config/config.h"
#include "net/entries.h"

/**
 * copy_file() - Copy a file of the LKL kernel to the host
 * @name:	its name
 * @fd:		host descriptor
 *
 * Return: 0 or a negative errno of the LKL kernel
 */
static int copy_file(const char *name, int fd)
{
	char buf[4096];
	long in, n;

	in = lkl_sys_open(name, LKL_O_RDONLY | LKL_O_CLOEXEC, 0);
	if (in < 0)
		return in;
	while ((n = lkl_sys_read(in, buf, sizeof(buf))) > 0)
		config_write(fd, buf, n);
	lkl_sys_close(in);
	return n;
}

/**
 * dump() - Print a file
 * @name:	its name; if it is below /proc or /sys, that is mounted
 * @fd:		host descriptor
 */
static void dump(const char *name, int fd)
{
	int err;

	if (!strncmp(name, "/proc/", 6))
		config_mount("proc");
	else if (!strncmp(name, "/sys/", 5))
		config_mount("sysfs");
	config_print(fd, "lkl-hijack: %s:\n", name);
	err = copy_file(name, fd);
	if (err < 0)
		config_print(fd, "lkl-hijack: " PREFIX "DUMP=%s: %s\n", name,
			     lkl_strerror(err));
}

void lkl_config_dump(const struct lkl_config *cfg, int fd)
{
	char *copy = cfg->dump ? strdup(cfg->dump) : NULL;
	char *rest = copy, *name;

	while (copy && (name = next_entry(&rest, ",")))
		dump(name, fd);
	free(copy);
}
