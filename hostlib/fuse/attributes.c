// SPDX-License-Identifier: GPL-2.0
/* attributes.c - Operations on attributes of files */
#include <limits.h>
#include <string.h>
#include <sys/statvfs.h>

#include "fuse/lklfuse.h"

static void reply_attr(fuse_req_t req, int err, const struct stat *st)
{
	if (err)
		fuse_reply_err(req, -err);
	else
		fuse_reply_attr(req, st, FOREVER);
}

void do_getattr(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	struct node *n = node_of(ino);
	int fd = node_hold(n);
	struct stat st;
	int err = fd;

	(void)fi;
	if (fd >= 0) {
		err = nodes_stat(fd, &st);
		node_drop(n);
	}
	reply_attr(req, err, &st);
}

static long set_owner(int fd, const struct stat *st, int set)
{
	uid_t uid = set & FUSE_SET_ATTR_UID ? st->st_uid : -1U;
	gid_t gid = set & FUSE_SET_ATTR_GID ? st->st_gid : -1U;

	return lkl_sys_fchownat(fd, "", uid, gid, LKL_AT_EMPTY_PATH);
}

static long set_size(int fd, off_t size, struct fuse_file_info *fi)
{
	char path[FD_PATH_SIZE];

	if (fi)
		return lkl_sys_ftruncate(fi->fh, size);
	fd_path(path, fd);
	return lkl_sys_truncate(path, size);
}

static struct __lkl__kernel_timespec set_time(const struct timespec *t, int set,
					      int value, int now)
{
	struct __lkl__kernel_timespec ts = {
		.tv_sec = t->tv_sec,
		.tv_nsec = set & now ? UTIME_NOW :
			   set & value ? t->tv_nsec : UTIME_OMIT,
	};

	return ts;
}

static long set_times(int fd, const struct stat *st, int set)
{
	struct __lkl__kernel_timespec times[2] = {
		set_time(&st->st_atim, set, FUSE_SET_ATTR_ATIME,
			 FUSE_SET_ATTR_ATIME_NOW),
		set_time(&st->st_mtim, set, FUSE_SET_ATTR_MTIME,
			 FUSE_SET_ATTR_MTIME_NOW),
	};

	return lkl_sys_utimensat(fd, "", times, LKL_AT_EMPTY_PATH);
}

/* The mode comes after what can take set-user-id bits away. */
static long set_all(int fd, const struct stat *st, int set,
		    struct fuse_file_info *fi)
{
	long err = 0;

	if (set & (FUSE_SET_ATTR_UID | FUSE_SET_ATTR_GID))
		err = set_owner(fd, st, set);
	if (!err && set & FUSE_SET_ATTR_SIZE)
		err = set_size(fd, st->st_size, fi);
	if (!err && set & FUSE_SET_ATTR_MODE)
		err = lkl_sys_fchmodat2(fd, "", st->st_mode & 07777,
					LKL_AT_EMPTY_PATH);
	if (!err && set & (FUSE_SET_ATTR_ATIME | FUSE_SET_ATTR_MTIME |
			   FUSE_SET_ATTR_ATIME_NOW | FUSE_SET_ATTR_MTIME_NOW))
		err = set_times(fd, st, set);
	return err;
}

void do_setattr(fuse_req_t req, fuse_ino_t ino, struct stat *st, int set,
		struct fuse_file_info *fi)
{
	struct node *n = node_of(ino);
	int fd = node_hold(n);
	struct stat now;
	int err = fd;

	if (fd >= 0) {
		err = set_all(fd, st, set, fi);
		if (!err)
			err = nodes_stat(fd, &now);
		node_drop(n);
	}
	reply_attr(req, err, &now);
}

void do_readlink(fuse_req_t req, fuse_ino_t ino)
{
	struct node *n = node_of(ino);
	char target[PATH_MAX];
	int fd = node_hold(n);
	long len = fd;

	if (fd >= 0) {
		len = lkl_sys_readlinkat(fd, "", target, sizeof(target) - 1);
		node_drop(n);
	}
	if (len < 0) {
		fuse_reply_err(req, -len);
		return;
	}
	target[len] = '\0';
	fuse_reply_readlink(req, target);
}

void do_statfs(fuse_req_t req, fuse_ino_t ino)
{
	struct node *n = node_of(ino);
	struct lkl_statfs fs;
	struct statvfs st;
	int fd = node_hold(n);
	int err = fd;

	if (fd >= 0) {
		err = lkl_sys_fstatfs(fd, &fs);
		node_drop(n);
	}
	if (err) {
		fuse_reply_err(req, -err);
		return;
	}
	memset(&st, 0, sizeof(st));
	st.f_bsize = fs.f_bsize;
	st.f_frsize = fs.f_frsize ? fs.f_frsize : fs.f_bsize;
	st.f_blocks = fs.f_blocks;
	st.f_bfree = fs.f_bfree;
	st.f_bavail = fs.f_bavail;
	st.f_files = fs.f_files;
	st.f_ffree = fs.f_ffree;
	st.f_favail = fs.f_ffree;
	st.f_namemax = fs.f_namelen;
	fuse_reply_statfs(req, &st);
}
