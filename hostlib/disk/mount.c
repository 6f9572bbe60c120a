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
#include "disk/disk.h"
#include "lib/detached.h"

/* Between two attempts to unmount what is in use. */
#define RETRY_MS	10

/* Longest options that the kernel takes. */
#define OPTS_MAX	4096

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

static bool is_ext(const char *type)
{
	return !strcmp(type, "ext2") || !strcmp(type, "ext3") ||
	       !strcmp(type, "ext4");
}

/**
 * mount_as() - Mount as a type
 * @p:		where
 * @type:	type
 * @flags:	LKL_MS_*
 * @opts:	options, may be NULL
 *
 * An image of ext2, ext3 or ext4 may ask for a panic when it is found to be
 * damaged. That would be the end of the program, so it gets its own default
 * instead, unless the options say otherwise.
 *
 * Return: 0 or a negative errno
 */
static long mount_as(struct place *p, const char *type, int flags,
		     const char *opts)
{
	char all[OPTS_MAX];

	if (is_ext(type) && (!opts || !strstr(opts, "errors="))) {
		if (snprintf(all, sizeof(all), "errors=remount-ro%s%s",
			     opts && *opts ? "," : "", opts ? opts : "") >=
		    (int)sizeof(all))
			return -LKL_EINVAL;
		opts = all;
	}
	return lkl_sys_mount(p->node, p->dir, (char *)type, flags,
			     (void *)opts);
}

/**
 * mount_any() - Mount with the first type of the kernel that takes it
 * @p:		where
 * @flags:	LKL_MS_*
 * @opts:	options of the file system
 *
 * Return: 0 or a negative errno (-LKL_EMEDIUMTYPE: none does)
 */
static long mount_any(struct place *p, int flags, const char *opts)
{
	char *rest, *line, types[4096];
	int proc = detached_mount("proc");
	long err = -LKL_EINVAL, len;

	if (proc < 0)
		return proc;
	len = detached_read(proc, "filesystems", types, sizeof(types));
	lkl_sys_close(proc);
	if (len < 0)
		return len;
	for (rest = types; err && (line = strsep(&rest, "\n"));)
		if (line[0] == '\t')	/* else it is "nodev" */
			err = mount_as(p, line + 1, flags | LKL_MS_SILENT,
				       opts);
	return err ? -LKL_EMEDIUMTYPE : 0;
}

/**
 * mount_auto() - Mount with the type that the contents look like
 * @p:		where
 * @flags:	LKL_MS_*
 * @opts:	options of the file system
 *
 * Return: 0 or a negative errno; if it looks like several, of the first; if like
 * none, -LKL_EMEDIUMTYPE
 */
static long mount_auto(struct place *p, int flags, const char *opts)
{
	long fd = lkl_sys_open(p->node, LKL_O_RDONLY | LKL_O_CLOEXEC, 0);
	const char *type;
	long err = 1, ret;
	int i = 0;

	if (fd < 0)
		return fd;
	while (err && (type = detect_next(fd, &i))) {
		ret = mount_as(p, type, flags, opts);
		if (!ret || err > 0)
			err = ret;
	}
	lkl_sys_close(fd);
	return err > 0 ? mount_any(p, flags, opts) : err;
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
