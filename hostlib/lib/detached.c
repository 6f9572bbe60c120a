// SPDX-License-Identifier: GPL-2.0
/*
 * detached.c - File systems of the kernel's own, for a look or a change
 *
 * The program may have mounted proc and sysfs, or not, or something else in
 * their places. So each use makes an instance that is attached nowhere, and is
 * gone when its descriptor is closed.
 */
#include <lkl.h>

#include "lib/detached.h"

/**
 * detached_mount() - Make an instance of a file system
 * @fstype:	"proc", "sysfs"
 *
 * Return: LKL descriptor of its root, or a negative errno
 */
int detached_mount(const char *fstype)
{
	int fs, root;
	long err;

	fs = lkl_sys_fsopen(fstype, LKL_FSOPEN_CLOEXEC);
	if (fs < 0)
		return fs;
	err = lkl_sys_fsconfig(fs, LKL_FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	root = err < 0 ? err : lkl_sys_fsmount(fs, LKL_FSMOUNT_CLOEXEC, 0);
	lkl_sys_close(fs);
	return root;
}

/**
 * detached_read() - Read a file as text
 * @dir:	LKL descriptor of the directory
 * @name:	name below it
 * @text:	receives what fits, terminated
 * @size:	room there
 *
 * Return: number of bytes, or a negative errno
 */
long detached_read(int dir, const char *name, char *text, unsigned long size)
{
	unsigned long len = 0;
	long fd, n;

	fd = lkl_sys_openat(dir, name, LKL_O_RDONLY | LKL_O_CLOEXEC, 0);
	if (fd < 0)
		return fd;
	do {
		n = lkl_sys_read(fd, text + len, size - 1 - len);
		if (n > 0)
			len += n;
	} while (n > 0);
	lkl_sys_close(fd);
	text[len] = '\0';
	return n < 0 ? n : (long)len;
}
