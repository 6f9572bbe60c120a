// SPDX-License-Identifier: GPL-2.0
/*
 * sysctl.c - Parameters of the kernel
 *
 * They are files of proc, which need not be mounted.
 */
#include <stdlib.h>
#include <string.h>

#include <lkl/linux/fcntl.h>

#include "lib/detached.h"
#include "net/entries.h"
#include "net/rtnl.h"

#define ABOVE "/proc/sys/"

/**
 * file_name() - Find the file of a parameter
 * @path:	name with dots or slashes
 *
 * As sysctl(8) has it, the first of the two that occurs is the separator and
 * the other stands for a dot in a name: net.ipv4.conf.eth0/100.forwarding.
 *
 * Return: name below the root of proc, malloc()ed, or NULL
 */
static char *file_name(const char *path)
{
	const char *first;
	char *name, *c;

	if (!strncmp(path, ABOVE, strlen(ABOVE)))
		path += strlen(ABOVE);
	name = malloc(strlen("sys/") + strlen(path) + 1);
	if (!name)
		return NULL;
	strcpy(name, "sys/");
	c = strcpy(name + strlen("sys/"), path);
	first = strpbrk(path, "./");
	if (!first || *first == '/')
		return name;
	for (; *c; c++)
		*c = *c == '.' ? '/' : *c == '/' ? '.' : *c;
	return name;
}

/**
 * write_file() - Write a text to a file
 * @dir:	LKL descriptor of the directory
 * @name:	name below it
 * @text:	what to write
 *
 * Return: 0 or a negative errno
 */
static int write_file(int dir, const char *name, const char *text)
{
	long len = strlen(text);
	long fd, n;

	fd = lkl_sys_openat(dir, name, LKL_O_WRONLY | LKL_O_CLOEXEC, 0);
	if (fd < 0)
		return fd;
	n = lkl_sys_write(fd, text, len);
	lkl_sys_close(fd);
	if (n < 0)
		return n;
	return n == len ? 0 : -LKL_EINVAL;
}

int lkl_sysctl(const char *path, const char *value)
{
	char *name = file_name(path);
	int proc, err;

	if (!name)
		return -LKL_ENOMEM;
	proc = detached_mount("proc");
	err = proc < 0 ? proc : write_file(proc, name, value);
	if (proc >= 0)
		lkl_sys_close(proc);
	free(name);
	return err;
}

int lkl_sysctl_parse_write(const char *sysctls)
{
	char *copy = strdup(sysctls);
	char *rest = copy, *entry, *value;
	int err, first = 0;

	if (!copy)
		return -LKL_ENOMEM;
	while ((entry = next_entry(&rest, ";"))) {
		value = split_entry(entry, '=');
		err = value ? lkl_sysctl(entry, value) : -LKL_EINVAL;
		if (!first)
			first = err;
	}
	free(copy);
	return first;
}
