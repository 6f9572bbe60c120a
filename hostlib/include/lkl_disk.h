/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lkl_disk.h - Disks, and the file systems on them
 *
 * Part of lkl.h. Functions return 0 or a negative errno of the LKL kernel
 * unless said otherwise. Partition 0 is the whole disk.
 */
#ifndef LKL_DISK_H
#define LKL_DISK_H

#ifndef LKL_API
#define LKL_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Flags of a disk. */
#define LKL_DISK_READONLY	1	/* the kernel cannot write to it */
#define LKL_DISK_SCRATCH	2	/* it can, but the image stays as it is:
					 * changes are kept in memory, and lost
					 */

/**
 * struct lkl_disk - A disk for the kernel; set what is not to be 0
 * @dev:	the library's
 * @fd:		image file or block device of the host; must stay open while the
 *		disk is added. Open for reading only, or of a device that is read
 *		only, the disk is LKL_DISK_READONLY
 * @flags:	LKL_DISK_*
 * @sector_size: 512 or 4096 bytes; 0: that of the device, for a file 4096 if a
 *		GPT in it was made for that, else 512
 */
struct lkl_disk {
	void *dev;
	int fd;
	unsigned int flags;
	unsigned int sector_size;
};

/**
 * lkl_disk_add() - Give the kernel a disk, before or after it has booted
 * @disk:	disk; its @dev is set
 *
 * Return: id of the disk, or a negative errno (-LKL_ENOTBLK: neither an image
 * file nor a block device, -LKL_EINVAL: impossible sector size, -LKL_ENOSPC:
 * too many devices)
 */
LKL_API int lkl_disk_add(struct lkl_disk *disk);

/**
 * lkl_disk_remove() - Take a disk away from the kernel
 * @disk:	as lkl_disk_add() has set it; unmount what is on it before
 */
LKL_API int lkl_disk_remove(struct lkl_disk disk);

/**
 * lkl_disk_open() - Open and lock an image
 * @disk:	disk with its @flags; @fd is set. LKL_DISK_READONLY and _SCRATCH
 *		share the image with each other, else it is locked for one user
 * @path:	image file or block device of the host
 *
 * Return: 0 or a negative errno of the host (-EAGAIN: in use by another user of
 * this library, -EBUSY: mounted by the host)
 */
LKL_API int lkl_disk_open(struct lkl_disk *disk, const char *path);

/** lkl_disk_close() - Remove the disk if it is added, and close its image */
LKL_API int lkl_disk_close(struct lkl_disk *disk);

/**
 * lkl_get_virtio_blkdev() - Find the device number of a disk or partition
 * @disk_id:	from lkl_disk_add()
 * @part:	partition
 * @devid:	receives the number as of mknod(2)
 *
 * Return: 0 or a negative errno (-LKL_ENODEV: no such disk, -LKL_ENXIO: no such
 * partition)
 */
LKL_API int lkl_get_virtio_blkdev(int disk_id, unsigned int part,
				  unsigned int *devid);

/**
 * lkl_mount_dev() - Mount a disk or partition
 * @disk_id:	from lkl_disk_add()
 * @part:	partition
 * @fs_type:	type of the file system; "auto" or NULL: what it looks like
 * @flags:	LKL_MS_*
 * @opts:	options of the file system, may be NULL
 * @mnt_str:	receives the directory it is mounted on
 * @mnt_str_len: room there, 16 bytes are enough
 *
 * Return: 0 or a negative errno (-LKL_EBUSY: mounted already, -LKL_EMEDIUMTYPE:
 * auto knows no type for it, else that of mount(2) and lkl_get_virtio_blkdev())
 */
LKL_API long lkl_mount_dev(unsigned int disk_id, unsigned int part,
			   const char *fs_type, int flags, const char *opts,
			   char *mnt_str, unsigned int mnt_str_len);

/**
 * lkl_umount_dev() - Unmount what lkl_mount_dev() has mounted
 * @disk_id:	from lkl_disk_add()
 * @part:	partition
 * @flags:	LKL_MNT_*
 * @timeout_ms:	how long to try while it is in use
 */
LKL_API long lkl_umount_dev(unsigned int disk_id, unsigned int part, int flags,
			    long timeout_ms);

#ifdef __cplusplus
}
#endif

#endif /* LKL_DISK_H */
