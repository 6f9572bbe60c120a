// SPDX-License-Identifier: GPL-2.0
/* image.c - Mounting and unmounting an image */
#include "fs/fs.h"

/* Descriptors in the kernel: a walk has one, a copy two, per level. */
#define FD_LIMIT	16384

/* How long to wait for the end of what is in use when unmounting. */
#define UMOUNT_MS	10000

static int boot(struct lkl_fs *fs)
{
	int err;

	if (lkl_is_running())
		return 0;
	err = lkl_init(&lkl_host_ops);
	if (!err)
		err = lkl_start_kernel("mem=%uM loglevel=%d", fs->memory,
				       fs->kernel_log ? 7 : 0);
	if (!err)
		err = lkl_set_fd_limit(FD_LIMIT);
	if (err)
		fs_say(fs, 'E', "the kernel does not start: %s",
		       lkl_strerror(err));
	return err;
}

/**
 * open_image() - Open and lock the file
 * @fs:		image
 * @path:	its path
 * @write:	for writing
 *
 * Return: 0 or a negative errno
 */
static int open_image(struct lkl_fs *fs, const char *path, bool write)
{
	int err;

	fs->disk.flags = write ? 0 : LKL_DISK_SCRATCH;
	err = lkl_disk_open(&fs->disk, path);
	if (err == -LKL_EAGAIN) {
		fs_say(fs, 'E', "%s: in use by another program", path);
		err = -LKL_EBUSY;
	} else if (err) {
		fs_say(fs, 'E', "%s: %s", path, lkl_strerror(err));
	}
	return err;
}

static int mount_image(struct lkl_fs *fs, const char *fstype, const char *opts,
		       bool write)
{
	char mnt[16];
	int err;

	fs_kernel_log_start();
	fs->disk_id = lkl_disk_add(&fs->disk);
	if (fs->disk_id < 0)
		return fs->disk_id;
	err = lkl_mount_dev(fs->disk_id, fs->part, fstype,
			    write ? LKL_MS_NOATIME : LKL_MS_RDONLY, opts, mnt,
			    sizeof(mnt));
	if (err) {
		/* What each type says to something else is of no interest. */
		if (err != -LKL_EMEDIUMTYPE)
			fs_kernel_log_take(fs);
		return err;
	}
	fs->root = lkl_sys_open(mnt, LKL_O_RDONLY | LKL_O_DIRECTORY, 0);
	if (fs->root >= 0)
		return 0;
	lkl_umount_dev(fs->disk_id, fs->part, 0, UMOUNT_MS);
	return fs->root;
}

static void release(struct lkl_fs *fs)
{
	if (fs->disk.fd >= 0)
		lkl_disk_close(&fs->disk);
	fs->disk_id = -1;
	fs->root = -1;
}

/* Say what to do about it, if that is known. */
static void explain(struct lkl_fs *fs, const char *image, const char *fstype,
		    int err)
{
	if (err == -LKL_ENXIO)
		fs_say(fs, 'E', "%s: no partition %u", image, fs->part);
	else if (err == -LKL_ENODEV)
		fs_say(fs, 'E', "%s: no such file system type", fstype);
	else if (err == -LKL_ENOTBLK)
		fs_say(fs, 'E', "%s: neither an image file nor a block device",
		       image);
	else if (err == -LKL_EMEDIUMTYPE)
		fs_say(fs, 'E', "%s: there is no file system that is known",
		       image);
	else if (err == -LKL_EINVAL)
		fs_say(fs, 'E', "%s: not a sound file system of type %s", image,
		       fstype);
	else
		fs_say(fs, 'E', "%s: cannot mount: %s", image,
		       lkl_strerror(err));
}

int lkl_fs_open(struct lkl_fs *fs, const char *image, unsigned int part,
		const char *fstype, const char *opts, unsigned int flags)
{
	bool write = flags & LKL_FS_WRITE;
	int err;

	if (fs->root >= 0)
		return -LKL_EBUSY;
	fs->part = part;
	err = open_image(fs, image, write);
	if (!err)
		err = boot(fs);
	if (!err) {
		err = mount_image(fs, fstype, opts, write);
		if (err)
			explain(fs, image, fstype, err);
	}
	if (err)
		release(fs);
	return err;
}

int lkl_fs_attach(struct lkl_fs *fs, const char *dir)
{
	if (fs->root >= 0)
		return -LKL_EBUSY;
	fs_kernel_log_start();
	fs->root = lkl_sys_open(dir, LKL_O_RDONLY | LKL_O_DIRECTORY, 0);
	return fs->root < 0 ? fs->root : 0;
}

int lkl_fs_close(struct lkl_fs *fs)
{
	int err, ret;

	if (fs->root < 0)
		return -LKL_EBADF;
	if (fs->disk_id < 0) {
		err = lkl_sys_close(fs->root);
		fs->root = -1;
		return err;
	}
	/* What cannot be written back is told here, umount does not. */
	err = fs->disk.flags & LKL_DISK_SCRATCH ? 0 : lkl_sys_syncfs(fs->root);
	lkl_sys_close(fs->root);
	if (err)
		fs_say(fs, 'E', "cannot write all of the changes: %s",
		       lkl_strerror(err));
	ret = lkl_umount_dev(fs->disk_id, fs->part, 0, UMOUNT_MS);
	if (ret)
		fs_say(fs, 'E', "cannot unmount: %s", lkl_strerror(ret));
	if (err || ret)
		fs_kernel_log_take(fs);
	release(fs);
	return err ? err : ret;
}
