// SPDX-License-Identifier: GPL-2.0
/*
 * mount.c - Mounting disks
 *
 * A disk is mounted on /mnt/ID, through a device node /dev/ID, where ID is its
 * device number in hexadecimal digits.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <lkl.h>
#include "lib/detached.h"

/* Between two attempts to unmount what is in use. */
#define RETRY_MS	10

/**
 * struct place - Where a disk is mounted
 * @devid:	device number
 * @node:	name of the device node
 * @dir:	mount point
 */
struct place {
	unsigned int devid;
	char node[16];
	char dir[16];
};

static int find_place(int disk_id, unsigned int part, struct place *p)
{
	int err = lkl_get_virtio_blkdev(disk_id, part, &p->devid);

	snprintf(p->node, sizeof(p->node), "/dev/%08x", p->devid);
	snprintf(p->dir, sizeof(p->dir), "/mnt/%08x", p->devid);
	return err;
}

/* Return: 0, also if it is there, or a negative errno */
static long make_dir(const char *path, int mode)
{
	long err = lkl_sys_mkdir(path, mode);

	return err == -LKL_EEXIST ? 0 : err;
}

/**
 * make_place() - Make the device node and the mount point
 * @p:	their names
 *
 * Return: 0 or a negative errno (-LKL_EBUSY: the mount point is there, so the
 * disk is mounted)
 */
static long make_place(struct place *p)
{
	long err = make_dir("/dev", 0755);

	if (!err)
		err = make_dir("/mnt", 0755);
	if (!err)
		err = lkl_sys_mkdir(p->dir, 0755);
	if (err)
		return err == -LKL_EEXIST ? -LKL_EBUSY : err;
	err = lkl_sys_mknod(p->node, LKL_S_IFBLK | 0600, p->devid);
	if (err == -LKL_EEXIST)
		err = 0;
	if (err)
		lkl_sys_rmdir(p->dir);
	return err;
}

static void remove_place(const struct place *p)
{
	lkl_sys_rmdir(p->dir);
	lkl_sys_unlink(p->node);
}

static long mount_as(struct place *p, const char *type, int flags,
		     const char *opts)
{
	return lkl_sys_mount(p->node, p->dir, (char *)type, flags,
			     (void *)opts);
}

/**
 * mount_auto() - Mount with the first type that takes it
 * @p:		where
 * @flags:	LKL_MS_*
 * @opts:	options of the file system
 *
 * The kernel's list begins with the types that are told best by their magic
 * numbers, as for its own root. A type that does not know the contents says
 * -LKL_EINVAL; another error comes from one that does.
 *
 * Return: 0 or a negative errno
 */
static long mount_auto(struct place *p, int flags, const char *opts)
{
	long err = -LKL_EINVAL;
	char *rest, *line, types[4096];
	int proc = detached_mount("proc");
	long len;

	if (proc < 0)
		return proc;
	len = detached_read(proc, "filesystems", types, sizeof(types));
	lkl_sys_close(proc);
	if (len < 0)
		return len;
	for (rest = types; err && (line = strsep(&rest, "\n"));) {
		long ret;

		if (line[0] != '\t')	/* "nodev" */
			continue;
		ret = mount_as(p, line + 1, flags | LKL_MS_SILENT, opts);
		if (!ret || err == -LKL_EINVAL)
			err = ret;
	}
	return err;
}

long lkl_mount_dev(unsigned int disk_id, unsigned int part,
		   const char *fs_type, int flags, const char *opts,
		   char *mnt_str, unsigned int mnt_str_len)
{
	struct place p;
	long err = find_place(disk_id, part, &p);

	if (err)
		return err;
	if (mnt_str_len <= strlen(p.dir))
		return -LKL_ENAMETOOLONG;
	err = make_place(&p);
	if (err)
		return err;
	if (!fs_type || !strcmp(fs_type, "auto"))
		err = mount_auto(&p, flags, opts);
	else
		err = mount_as(&p, fs_type, flags, opts);
	if (err)
		remove_place(&p);
	else
		strcpy(mnt_str, p.dir);
	return err;
}

long lkl_umount_dev(unsigned int disk_id, unsigned int part, int flags,
		    long timeout_ms)
{
	struct __lkl__kernel_timespec wait = { 0, RETRY_MS * 1000000 };
	struct place p;
	long err = find_place(disk_id, part, &p);

	if (err)
		return err;
	while ((err = lkl_sys_umount(p.dir, flags)) == -LKL_EBUSY &&
	       timeout_ms > 0) {
		lkl_sys_nanosleep(&wait, NULL);
		timeout_ms -= RETRY_MS;
	}
	if (!err)
		remove_place(&p);
	return err;
}
