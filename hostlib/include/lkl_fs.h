/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lkl_fs.h - Whole trees out of and into file system images
 *
 * Library liblkl-fs.so, on top of liblkl.so. The kernel is booted with the
 * first image that is opened. Work runs in a thread of its own while the caller
 * waits; another thread may read the counters, or set @cancel, meanwhile.
 *
 * Functions return 0 or a negative errno of the LKL kernel, or of the host for
 * what is on the host (they are the same numbers on Linux). What went wrong
 * with which file is told by lkl_fs_messages().
 */
#ifndef LKL_FS_H
#define LKL_FS_H

#ifndef LKL_API
#define LKL_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/**
 * struct lkl_fs_progress - How far the work is; memory of the caller
 * @files:	files, directories and so on that are done
 * @bytes:	bytes of contents that are done
 * @total_files: all there are, 0: not known
 * @total_bytes: the same
 * @failed:	files that could not be done, or not fully
 * @cancel:	set it not to 0 to end the work early
 */
struct lkl_fs_progress {
	unsigned long long files;
	unsigned long long bytes;
	unsigned long long total_files;
	unsigned long long total_bytes;
	unsigned long long failed;
	unsigned long long cancel;
};

/** struct lkl_fs - An image, and the settings of the work with it */
struct lkl_fs;

/** lkl_fs_new() - Return: a new one, or NULL if there is no memory */
LKL_API struct lkl_fs *lkl_fs_new(void);

/** lkl_fs_free() - Release what lkl_fs_new() made; it must not be open */
LKL_API void lkl_fs_free(struct lkl_fs *fs);

/* Settings */

/** lkl_fs_set_progress() - Count in @progress, which stays the caller's */
LKL_API void lkl_fs_set_progress(struct lkl_fs *fs,
				 struct lkl_fs_progress *progress);

/** lkl_fs_set_totals() - Find out the totals before the work begins */
LKL_API void lkl_fs_set_totals(struct lkl_fs *fs);

/** lkl_fs_set_kernel_log() - Have the kernel print its messages on stderr */
LKL_API void lkl_fs_set_kernel_log(struct lkl_fs *fs);

/** lkl_fs_set_memory() - Boot with this much memory, 64 MiB if not called */
LKL_API void lkl_fs_set_memory(struct lkl_fs *fs, unsigned int mib);

/**
 * lkl_fs_exclude() - Leave files out, with all that is below them
 * @fs:		image
 * @pattern:	as of glob(7), for the path below the start if it has a slash,
 *		else for the last part of it; may be called several times
 */
LKL_API int lkl_fs_exclude(struct lkl_fs *fs, const char *pattern);

/** lkl_fs_set_owner() - Copy with these owners; -1: that of the source */
LKL_API void lkl_fs_set_owner(struct lkl_fs *fs, long long uid, long long gid);

/** lkl_fs_set_label() - Copy with @label as security.selinux */
LKL_API int lkl_fs_set_label(struct lkl_fs *fs, const char *label);

/** lkl_fs_set_numeric() - Archive without the names of users and groups */
LKL_API void lkl_fs_set_numeric(struct lkl_fs *fs);

/** lkl_fs_set_labels_fd() - While archiving write "PATH LABEL" lines to @fd */
LKL_API void lkl_fs_set_labels_fd(struct lkl_fs *fs, int fd);

/* Work */

#define LKL_FS_WRITE	1	/* for copying into the image */

/**
 * lkl_fs_open() - Mount an image
 * @fs:		from lkl_fs_new()
 * @image:	image file or block device of the host
 * @part:	partition, 0: the whole of it
 * @fstype:	type of the file system, or "auto"
 * @opts:	its mount options, may be NULL
 * @flags:	LKL_FS_*
 *
 * Without LKL_FS_WRITE nothing is ever written to the image: a journal that
 * must be replayed is replayed in memory. The image is locked, shared for
 * reading or exclusively, against other users of this library.
 */
LKL_API int lkl_fs_open(struct lkl_fs *fs, const char *image, unsigned int part,
			const char *fstype, const char *opts,
			unsigned int flags);

/**
 * lkl_fs_attach() - Work with a directory of the running kernel
 * @fs:		from lkl_fs_new(), in place of lkl_fs_open()
 * @dir:	its path: in place of the root of an image
 */
LKL_API int lkl_fs_attach(struct lkl_fs *fs, const char *dir);

/** lkl_fs_close() - Unmount: all that was written is in the image afterwards */
LKL_API int lkl_fs_close(struct lkl_fs *fs);

/** lkl_fs_to_tar() - Write the image as a pax archive to the descriptor @fd */
LKL_API int lkl_fs_to_tar(struct lkl_fs *fs, int fd);

/**
 * lkl_fs_add_source() - Name something to be copied; may be called several times
 * @fs:		image
 * @path:	its path; the last component may be a pattern of glob(7)
 */
LKL_API int lkl_fs_add_source(struct lkl_fs *fs, const char *path);

/**
 * lkl_fs_copy_in() - Copy the sources from the host into the image
 * @fs:		image, open for writing
 * @dst:	directory in the image; if it is none, the one source gets this
 *		name
 *
 * Owners, permissions, times, attributes, hard links and holes are kept. What
 * is there already is replaced, directories are merged. A file is there as a
 * whole or not at all, also when there is no room for more.
 */
LKL_API int lkl_fs_copy_in(struct lkl_fs *fs, const char *dst);

/** lkl_fs_copy_out() - The same from the image to the host */
LKL_API int lkl_fs_copy_out(struct lkl_fs *fs, const char *dst);

/**
 * lkl_fs_put() - Write a file of the image
 * @fs:		image, open for writing
 * @fd:		descriptor of the host that the contents are read from
 * @dst:	path of the file; what is there already is replaced
 */
LKL_API int lkl_fs_put(struct lkl_fs *fs, int fd, const char *dst);

/** lkl_fs_get() - Write the contents of the sources, files, to @fd */
LKL_API int lkl_fs_get(struct lkl_fs *fs, int fd);

/**
 * lkl_fs_messages() - What there is to say since the last call
 *
 * Return: lines, the first letter tells what each is about: "E" a failure, "N"
 * a notice, "K" a message of the kernel; valid until the next call
 */
LKL_API const char *lkl_fs_messages(struct lkl_fs *fs);

#ifdef __cplusplus
}
#endif

#endif /* LKL_FS_H */
