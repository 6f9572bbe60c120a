// SPDX-License-Identifier: GPL-2.0
/*
 * mount.c - Mounting inside the kernel
 */
#include <lkl.h>

#include <stdbool.h>
#include <stdio.h>

/**
 * is_mount_point() - Is there another file system than that of "/"?
 * @path:	directory
 *
 * Return: true if there is
 */
static bool is_mount_point(const char *path)
{
	struct lkl_stat root, st;

	return !lkl_sys_stat("/", &root) && !lkl_sys_stat(path, &st) &&
	       root.st_dev != st.st_dev;
}

int lkl_mount_fs(const char *fstype)
{
	char path[64], type[64];
	bool made;
	long err;

	err = snprintf(path, sizeof(path), "/%s", fstype);
	if (err < 2 || err >= (long)sizeof(path))
		return -LKL_ENODEV;
	snprintf(type, sizeof(type), "%s", fstype);

	err = lkl_sys_mkdir(path, 0755);
	if (err && err != -LKL_EEXIST)
		return err;
	made = !err;
	if (!made && is_mount_point(path))
		return 1;
	err = lkl_sys_mount(type, path, type, 0, NULL);
	if (err && made)
		lkl_sys_rmdir(path);
	return err;
}
