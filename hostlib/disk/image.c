// SPDX-License-Identifier: GPL-2.0
/*
 * image.c - Image files and block devices of the host as disks, for one at a time
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <lkl.h>

int lkl_disk_open(struct lkl_disk *disk, const char *path)
{
	bool write = !(disk->flags & (LKL_DISK_READONLY | LKL_DISK_SCRATCH));
	int flags = (write ? O_RDWR : O_RDONLY) | O_CLOEXEC;
	struct stat st;
	int err;

	/* Of a block device: fail if the host has mounted it. */
	if (write && !stat(path, &st) && S_ISBLK(st.st_mode))
		flags |= O_EXCL;
	disk->dev = NULL;
	disk->fd = open(path, flags);
	if (disk->fd < 0)
		return -errno;
	if (!flock(disk->fd, (write ? LOCK_EX : LOCK_SH) | LOCK_NB))
		return 0;
	err = -errno;
	close(disk->fd);
	disk->fd = -1;
	return err;
}

int lkl_disk_close(struct lkl_disk *disk)
{
	int err = disk->dev ? lkl_disk_remove(*disk) : 0;

	if (!err) {
		close(disk->fd);
		disk->dev = NULL;
		disk->fd = -1;
	}
	return err;
}
