// SPDX-License-Identifier: GPL-2.0
/* stream.c - Contents of files from and to descriptors of the host */
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fs/fs.h"

/* How often a wait for the other end looks whether the work was cancelled. */
#define POLL_MS	200

/*
 * Wait until a pipe that does not block is ready: node makes its own so, and
 * so may whoever else has it open. Return: whether it is worth another try
 */
static bool wait_ready(struct lkl_fs *fs, long err, int fd, short events)
{
	struct pollfd end = { fd, events, 0 };

	if (err == -LKL_EAGAIN)
		poll(&end, 1, POLL_MS);
	return (err == -LKL_EAGAIN || err == -LKL_EINTR) && !fs_cancelled(fs);
}

/**
 * fs_host_write() - Write all of a buffer to a descriptor of the host
 * @fs:		image
 * @fd:		descriptor
 * @data:	buffer
 * @len:	its length
 *
 * Return: 0 or a negative errno
 */
long fs_host_write(struct lkl_fs *fs, int fd, const char *data, size_t len)
{
	long n;

	for (; len; data += n, len -= n) {
		do {
			n = CALL(&host_side, write, fd, data, len);
		} while (n < 0 && wait_ready(fs, n, fd, POLLOUT));
		if (n < 0)
			return n;
	}
	return 0;
}

static long host_read(struct lkl_fs *fs, int fd)
{
	long n;

	do {
		n = CALL(&host_side, read, fd, fs->buffer, BUFFER_SIZE);
	} while (n < 0 && wait_ready(fs, n, fd, POLLIN));
	return n;
}

/* Write what comes from the host's @in to the image's @out. */
static long fill(struct lkl_fs *fs, int in, int out)
{
	long n, done, ret;

	while ((n = host_read(fs, in)) > 0) {
		if (fs_cancelled(fs))
			return -LKL_ECANCELED;
		for (done = 0; done < n; done += ret) {
			ret = lkl_sys_write(out, fs->buffer + done, n - done);
			if (ret <= 0)
				return ret ? ret : -LKL_EIO;
		}
		fs->progress->bytes += n;
	}
	return n;
}

/* The settings for copies, and the caller for what they leave open. */
static long set_owner(struct lkl_fs *fs, int fd)
{
	long err = lkl_sys_fchown(fd, fs->uid >= 0 ? fs->uid : geteuid(),
				  fs->gid >= 0 ? fs->gid : getegid());

	if (!err && fs->label)
		err = lkl_sys_fsetxattr(fd, "security.selinux", fs->label,
					strlen(fs->label) + 1, 0);
	return err == -LKL_EPERM || err == -LKL_EOPNOTSUPP ? 0 : err;
}

/* Make a file of that name in the working directory of the image. */
static long put_file(struct lkl_fs *fs, int in, const char *name)
{
	long out, err = lkl_sys_unlink(name);

	if (err && err != -LKL_ENOENT)
		return err;
	out = lkl_sys_open(name, LKL_O_WRONLY | LKL_O_CREAT | LKL_O_EXCL, 0644);
	if (out < 0)
		return out;
	err = fill(fs, in, out);
	if (!err)
		err = set_owner(fs, out);
	lkl_sys_close(out);
	if (err)
		lkl_sys_unlink(name);
	return err;
}

/**
 * struct stream - The two ends
 * @fd:		descriptor of the host
 * @path:	path in the image
 */
struct stream {
	int fd;
	const char *path;
};

static int put(struct lkl_fs *fs, void *arg)
{
	const struct stream *s = arg;
	const char *slash = strrchr(s->path, '/');
	const char *name = slash ? slash + 1 : s->path;
	char *parent = strndup(s->path, name - s->path);
	long dir, err = -LKL_ENOMEM;

	if (parent) {
		dir = fs_open_dir(fs, &image_side, parent);
		err = dir < 0 ? dir : lkl_sys_fchdir(dir);
		if (!err)
			err = *name ? put_file(fs, s->fd, name) : -LKL_EISDIR;
		if (dir >= 0)
			lkl_sys_close(dir);
	}
	free(parent);
	if (err)
		return fs_fail(fs, s->path, "write it", err);
	fs->progress->files++;
	return 0;
}

int lkl_fs_put(struct lkl_fs *fs, int fd, const char *dst)
{
	struct stream s = { fd, dst };

	return fs->disk.flags & LKL_DISK_SCRATCH ? -LKL_EROFS :
	       fs_work(fs, put, &s);
}

/* Write the contents of an open file to the host. */
static long get_contents(struct lkl_fs *fs, int in, int out)
{
	unsigned long long off = 0;
	long n, err;

	while ((n = fs_read(fs, &image_side, in, BUFFER_SIZE, off)) > 0) {
		err = fs_cancelled(fs) ? -LKL_ECANCELED :
		      fs_host_write(fs, out, fs->buffer, n);
		if (err)
			return err;
		off += n;
		fs->progress->bytes += n;
	}
	return n;
}

static int get_file(struct lkl_fs *fs, const struct source *s, int out)
{
	struct lkl_statx st;
	long err, in;

	err = lkl_sys_statx(s->dir, s->name, 0, LKL_STATX_TYPE, &st);
	if (!err && (st.stx_mode & LKL_S_IFMT) != LKL_S_IFREG)
		err = (st.stx_mode & LKL_S_IFMT) == LKL_S_IFDIR ?
		      -LKL_EISDIR : -LKL_EINVAL;
	if (!err) {
		in = lkl_sys_openat(s->dir, s->name, LKL_O_RDONLY, 0);
		err = in < 0 ? in : get_contents(fs, in, out);
		if (in >= 0)
			lkl_sys_close(in);
	}
	if (err)
		return fs_fail(fs, s->name, "read it", err);
	fs->progress->files++;
	return 0;
}

/* Links lead to places in the image for a thread that has nothing else. */
static long enter_image(struct lkl_fs *fs)
{
	long err = lkl_sys_fchdir(fs->root);

	return err ? err : lkl_sys_chroot(".");
}

static int get(struct lkl_fs *fs, void *arg)
{
	const struct stream *s = arg;
	long outside = lkl_sys_open("/", LKL_O_PATH, 0);
	struct sources found = { };
	long ret = outside < 0 ? outside : enter_image(fs);

	if (!ret)
		ret = sources_find(fs, &image_side, &found);
	for (int i = 0; !ret && i < found.count; i++)
		ret = get_file(fs, &found.list[i], s->fd);
	sources_free(&image_side, &found);
	/* Or the image would be in use until the thread is gone. */
	lkl_sys_fchdir(outside);
	lkl_sys_chroot(".");
	lkl_sys_close(outside);
	return ret;
}

int lkl_fs_get(struct lkl_fs *fs, int fd)
{
	struct stream s = { .fd = fd };

	return fs_work(fs, get, &s);
}
