// SPDX-License-Identifier: GPL-2.0
/*
 * statvfs.c - statvfs() of a file of the LKL kernel
 *
 * libc makes it from statfs(), inside.
 */
#include "names.h"

#include <sys/statvfs.h>

/* In f_flags of struct statfs: they are valid. */
#define FLAGS_VALID 0x20

/**
 * convert() - Make the result of statvfs() from that of statfs()
 * @ret:	of statfs()
 * @fs:		what it says
 * @st:		receives the same
 *
 * Return: @ret
 */
static int convert(int ret, const struct statfs *fs, struct statvfs *st)
{
	if (ret)
		return ret;
	*st = (struct statvfs){
		.f_bsize = fs->f_bsize,
		.f_frsize = fs->f_frsize ? fs->f_frsize : fs->f_bsize,
		.f_blocks = fs->f_blocks,
		.f_bfree = fs->f_bfree,
		.f_bavail = fs->f_bavail,
		.f_files = fs->f_files,
		.f_ffree = fs->f_ffree,
		.f_favail = fs->f_ffree,
		.f_flag = fs->f_flags & ~FLAGS_VALID,
		.f_namemax = fs->f_namelen,
	};
	memcpy(&st->f_fsid, &fs->f_fsid, sizeof(st->f_fsid));
	return 0;
}

/**
 * statvfs() - Get what is known of a file system
 * @path:	name of a file there
 * @st:		receives it
 *
 * Return: 0, or -1 with errno
 */
EXPORT int statvfs(const char *restrict path, struct statvfs *restrict st)
{
	struct statfs fs;

	if (likely(!name_is_net(path)))
		return HOST(statvfs)(path, st);
	return convert(statfs(path, &fs), &fs, st);
}

/**
 * fstatvfs() - Get what is known of a file system
 * @fd:	descriptor of a file there
 * @st:	receives it
 *
 * Return: 0, or -1 with errno
 */
EXPORT int fstatvfs(int fd, struct statvfs *st)
{
	struct statfs fs;

	if (likely(fdtab_get(fd) <= 0))
		return HOST(fstatvfs)(fd, st);
	return convert(fstatfs(fd, &fs), &fs, st);
}
