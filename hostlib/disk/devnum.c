// SPDX-License-Identifier: GPL-2.0
/*
 * devnum.c - The device numbers of disks and partitions
 *
 * sysfs has the device that we gave to the kernel, below it what virtio-blk
 * made of it, and below that the partitions. When lkl_disk_add() or the boot is
 * over all of them are there: the driver looks for partitions before it is
 * done.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lkl.h>
#include "disk/disk.h"
#include "lib/detached.h"

/**
 * open_below() - Open the first subdirectory whose name begins so
 * @dir:	LKL descriptor of a directory, closed
 * @prefix:	beginning of the name
 *
 * Return: LKL descriptor, or a negative errno
 */
static int open_below(int dir, const char *prefix)
{
	struct lkl_linux_dirent64 *entry;
	struct lkl_dir *list;
	int fd = -LKL_ENODEV, err;

	if (dir < 0)
		return dir;
	list = lkl_fdopendir(dir, &err);
	if (!list) {
		lkl_sys_close(dir);
		return err;
	}
	while (fd < 0 && (entry = lkl_readdir(list)))
		if (!strncmp(entry->d_name, prefix, strlen(prefix)) &&
		    entry->d_name[0] != '.')
			fd = lkl_sys_openat(dir, entry->d_name, LKL_O_RDONLY |
					    LKL_O_DIRECTORY | LKL_O_CLOEXEC, 0);
	lkl_closedir(list);
	return fd;
}

/**
 * open_disk() - Find the disk that a device became
 * @id:		its number in the kernel
 *
 * Return: LKL descriptor of its directory in sysfs, or a negative errno
 */
static int open_disk(long id)
{
	int root = detached_mount("sysfs");
	char path[64];
	int dir;

	if (root < 0)
		return root;
	snprintf(path, sizeof(path), "devices/platform/virtio-mmio.%ld", id);
	dir = lkl_sys_openat(root, path, LKL_O_RDONLY | LKL_O_DIRECTORY |
			     LKL_O_CLOEXEC, 0);
	lkl_sys_close(root);
	return open_below(open_below(open_below(dir, "virtio"), "block"), "vd");
}

static int read_number(int dir, const char *name, unsigned int *devid)
{
	unsigned int major, minor;
	char text[32];
	long len;

	len = detached_read(dir, name, text, sizeof(text));
	if (len < 0)
		return len;
	if (sscanf(text, "%u:%u", &major, &minor) != 2)
		return -LKL_ENODEV;
	*devid = (minor & 0xff) | major << 8 | (minor & ~0xffU) << 12;
	return 0;
}

/**
 * read_part_number() - Read the device number of a partition
 * @disk:	LKL descriptor of the disk's directory, closed
 * @part:	number of the partition
 * @devid:	receives the device number
 *
 * Return: 0 or a negative errno (-LKL_ENXIO: no such partition)
 */
static int read_part_number(int disk, unsigned int part, unsigned int *devid)
{
	struct lkl_linux_dirent64 *entry;
	char path[320], text[16];
	struct lkl_dir *list;
	int err;

	list = lkl_fdopendir(disk, &err);
	if (!list) {
		lkl_sys_close(disk);
		return err;
	}
	err = -LKL_ENXIO;
	while (err && (entry = lkl_readdir(list))) {
		snprintf(path, sizeof(path), "%s/partition", entry->d_name);
		if (detached_read(disk, path, text, sizeof(text)) <= 0 ||
		    strtoul(text, NULL, 10) != part)
			continue;
		snprintf(path, sizeof(path), "%s/dev", entry->d_name);
		err = read_number(disk, path, devid);
	}
	lkl_closedir(list);
	return err;
}

int lkl_get_virtio_blkdev(int disk_id, unsigned int part, unsigned int *devid)
{
	long id = disk_kernel_id(disk_id);
	int disk = id < 0 ? id : open_disk(id);
	int err;

	if (disk < 0)
		return disk;
	if (part)
		return read_part_number(disk, part, devid);
	err = read_number(disk, "dev", devid);
	lkl_sys_close(disk);
	return err;
}
