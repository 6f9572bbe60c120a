// SPDX-License-Identifier: GPL-2.0
/*
 * tar.c - An image as a pax archive
 *
 * Names and attributes are written in the way that GNU tar and libarchive both
 * read: SCHILY.xattr, SCHILY.acl, GNU.sparse 1.0.
 */
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>

#include "fs/fs.h"

/* Written at a time; the end is filled up as tar does. */
#define BLOCK	(128 << 10)
#define RECORD	10240

/* More of a file than that is not made up. */
#define LOSS_MAX	(1ULL << 30)

/**
 * struct tar - An archive that is being written
 * @v:		visitor of the image
 * @fs:		image
 * @fd:		where the archive goes
 * @a:		archive
 * @e:		the current entry
 * @links:	files with several names
 * @users:	names of users and groups, or NULL
 * @path:	of the current entry, for messages
 */
struct tar {
	struct visitor v;
	struct lkl_fs *fs;
	int fd;
	struct archive *a;
	struct archive_entry *e;
	struct links *links;
	struct users *users;
	const char *path;
};

/* The archive cannot be written: the end. Return: negative errno */
static int broken(struct tar *t)
{
	int err = archive_errno(t->a);

	fs_say(t->fs, 'E', "cannot write the archive: %s",
	       err > 0 ? strerror(err) : archive_error_string(t->a));
	return err > 0 ? -err : -LKL_EIO;
}

static int write_label(struct tar *t, const struct xattr *x)
{
	return dprintf(t->fs->labels_fd, "%s %.*s\n",
		       *t->path == '.' ? t->path + 1 : t->path,
		       (int)strnlen(x->value, x->size),
		       (const char *)x->value) < 0 ? -errno : 0;
}

static int add_xattr(void *arg, const struct xattr *x)
{
	struct tar *t = arg;
	int ret = tar_acl(t->e, x, t->users);

	if (ret)
		return ret < 0 ? ret : 0;
	if (t->fs->labels_fd >= 0 && !strcmp(x->name, "security.selinux")) {
		ret = write_label(t, x);
		if (ret)
			return ret;
	}
	archive_entry_xattr_add_entry(t->e, x->name, x->value, x->size);
	return 0;
}

static void set_status(struct tar *t, const struct lkl_statx *st)
{
	struct archive_entry *e = t->e;
	const char *name;

	archive_entry_set_mode(e, st->stx_mode);
	archive_entry_set_uid(e, st->stx_uid);
	archive_entry_set_gid(e, st->stx_gid);
	name = user_name(t->users, st->stx_uid);
	if (name)
		archive_entry_copy_uname(e, name);
	name = group_name(t->users, st->stx_gid);
	if (name)
		archive_entry_copy_gname(e, name);
	archive_entry_set_mtime(e, st->stx_mtime.tv_sec, st->stx_mtime.tv_nsec);
	archive_entry_set_atime(e, st->stx_atime.tv_sec, st->stx_atime.tv_nsec);
	archive_entry_set_rdev(e, makedev(st->stx_rdev_major,
					  st->stx_rdev_minor));
}

static int set_symlink(struct tar *t, const struct fs_entry *f)
{
	char target[4096];
	long len = CALL(&image_side, readlink, f->name, target,
			sizeof(target) - 1);

	if (len < 0)
		return fs_fail(t->fs, f->path, "read the symbolic link", len);
	target[len] = '\0';
	archive_entry_copy_symlink(t->e, target);
	return 0;
}

static int write_header(struct tar *t)
{
	/* A warning is about a name that is not UTF-8; it is kept as it is. */
	return archive_write_header(t->a, t->e) < ARCHIVE_WARN ? broken(t) : 0;
}

/* Write @len bytes, or so many zeros if @data is NULL. */
static int write_data(struct tar *t, const void *data, unsigned long long len)
{
	static const char zeros[BUFFER_SIZE];

	while (len) {
		size_t part = len < BUFFER_SIZE ? len : BUFFER_SIZE;

		if (fs_cancelled(t->fs))
			return -LKL_ECANCELED;
		if (archive_write_data(t->a, data ? data : zeros, part) < 0)
			return broken(t);
		len -= part;
	}
	return 0;
}

/**
 * find_holes() - Tell the archive which parts of a file are not holes
 * @t:	archive
 * @f:	file
 * @fd:	its descriptor
 *
 * Return: 0 or a negative errno
 */
static int find_holes(struct tar *t, const struct fs_entry *f, int fd)
{
	struct extent ext = { };
	int err, count = 0;

	while (!(err = fs_next_data(&image_side, fd, true, f->st.stx_size,
				    &ext)) && ext.len) {
		archive_entry_sparse_add_entry(t->e, ext.off, ext.len);
		count++;
	}
	if (!err && !count)
		archive_entry_sparse_add_entry(t->e, f->st.stx_size, 0);
	return err;
}

/**
 * write_contents() - Write the contents of a file
 * @t:		archive
 * @f:		file
 * @fd:		its descriptor
 * @sparse:	with holes, as find_holes() has told: the archive leaves out
 *		the zeros that are given for them
 *
 * The size is in the archive already. So if a part cannot be read it is zeros,
 * which is told; if that is too much, the archive ends here.
 *
 * Return: 0 or a negative errno that ends the archive
 */
static int write_contents(struct tar *t, const struct fs_entry *f, int fd,
			  bool sparse)
{
	unsigned long long size = f->st.stx_size, pos = 0;
	struct extent ext = { };
	long err, n = 1;
	int ret = 0;

	while (!ret && n > 0 &&
	       !(err = fs_next_data(&image_side, fd, sparse, size, &ext)) &&
	       ext.len) {
		ret = write_data(t, NULL, ext.off - pos);
		pos = ext.off;
		while (!ret && n > 0 && pos < ext.off + ext.len) {
			n = fs_read(t->fs, &image_side, fd,
				    ext.off + ext.len - pos, pos);
			if (n <= 0)
				break;
			ret = write_data(t, t->fs->buffer, n);
			pos += n;
			t->fs->progress->bytes += n;
		}
	}
	if (n < 0 || (!n && pos < size) || err) {
		err = n < 0 ? n : err ? err : -LKL_EIO;
		fs_fail(t->fs, f->path, "read all of it", err);
		if (size - pos > LOSS_MAX)
			return err;
	}
	return ret ? ret : write_data(t, NULL, size - pos);
}

/**
 * read_ends() - Read the first and the last byte of a large file
 * @t:	archive
 * @f:	file
 * @fd:	its descriptor
 *
 * On a damaged image a size may be anything, and most of an archive zeros.
 *
 * Return: 0 or a negative errno
 */
static long read_ends(struct tar *t, const struct fs_entry *f, int fd)
{
	unsigned long long size = f->st.stx_size;
	long n = 1;

	if (size > BUFFER_SIZE)
		n = fs_read(t->fs, &image_side, fd, 1, 0);
	if (size > BUFFER_SIZE && n == 1)
		n = fs_read(t->fs, &image_side, fd, 1, size - 1);
	return n < 0 ? n : n == 1 ? 0 : -LKL_EIO;
}

static int write_file(struct tar *t, const struct fs_entry *f)
{
	bool sparse = is_sparse(&f->st);
	int fd, ret;
	long err;

	fd = CALL(&image_side, openat, LKL_AT_FDCWD, f->name,
		  LKL_O_RDONLY | LKL_O_NOFOLLOW | LKL_O_CLOEXEC, 0);
	if (fd < 0) {
		fs_fail(t->fs, f->path, "open it", fd);
		return 0;
	}
	err = read_ends(t, f, fd);
	if (err) {
		fs_fail(t->fs, f->path, "read it", err);
		CALL(&image_side, close, fd);
		return 0;
	}
	archive_entry_set_size(t->e, f->st.stx_size);
	if (sparse && find_holes(t, f, fd)) {
		archive_entry_sparse_clear(t->e);
		sparse = false;
	}
	ret = write_header(t);
	if (!ret)
		ret = write_contents(t, f, fd, sparse);
	CALL(&image_side, close, fd);
	return ret;
}

/**
 * add_entry() - Add a file to the archive
 * @t:	archive, with an empty entry
 * @f:	file
 *
 * Return: 0 or a negative errno that ends the archive
 */
static int add_entry(struct tar *t, const struct fs_entry *f)
{
	const char *first = links_find(t->links, &f->st);
	int err;

	archive_entry_copy_pathname(t->e, f->path);
	set_status(t, &f->st);
	err = fs_xattrs(&image_side, f->name, add_xattr, t);
	if (err)
		fs_fail(t->fs, f->path, "read the attributes", err);
	if (first) {
		archive_entry_copy_hardlink(t->e, first);
		return write_header(t);
	}
	if (links_add(t->links, &f->st, f->path))
		return -LKL_ENOMEM;
	if (is_type(f, LKL_S_IFREG))
		return write_file(t, f);
	if (is_type(f, LKL_S_IFLNK) && set_symlink(t, f))
		return 0;
	return write_header(t);
}

static int visit(struct visitor *v, const struct fs_entry *f)
{
	struct tar *t = (struct tar *)v;
	int ret;

	if (is_type(f, LKL_S_IFSOCK)) {
		fs_say(t->fs, 'N', "%s: a socket, archives have none", f->path);
		return 0;
	}
	t->path = f->path;
	archive_entry_clear(t->e);
	ret = add_entry(t, f);
	t->fs->progress->files++;
	return ret;
}

static la_ssize_t write_out(struct archive *a, void *arg, const void *data,
			    size_t len)
{
	struct tar *t = arg;
	long err = fs_host_write(t->fs, t->fd, data, len);

	if (!err)
		return len;
	archive_set_error(a, -err, "%s", lkl_strerror(err));
	return -1;
}

static int open_archive(struct tar *t)
{
	t->a = archive_write_new();
	t->e = archive_entry_new();
	t->links = links_new();
	if (!t->a || !t->e || !t->links)
		return -LKL_ENOMEM;
	if (archive_write_set_format_pax(t->a) ||
	    archive_write_set_options(t->a, "pax:xattrheader=SCHILY") ||
	    archive_write_set_bytes_per_block(t->a, BLOCK) ||
	    archive_write_set_bytes_in_last_block(t->a, RECORD) ||
	    archive_write_open(t->a, t, NULL, write_out, NULL))
		return broken(t);
	return 0;
}

static int to_tar(struct lkl_fs *fs, void *arg)
{
	struct tar t = { .v.visit = visit, .fs = fs, .fd = *(int *)arg };
	/* For libarchive, which takes names to be in the locale's charset. */
	locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", NULL);
	int ret = lkl_sys_fchdir(fs->root);

	uselocale(utf8);
	if (!ret)
		ret = fs_count(fs, &image_side, ".");
	if (!ret)
		ret = open_archive(&t);
	if (!ret && !fs->numeric)
		t.users = users_read(fs);
	if (!ret)
		ret = fs_walk(fs, &image_side, ".", ".", &t.v);
	if (!ret && archive_write_close(t.a))
		ret = broken(&t);
	if (ret && t.a)
		archive_write_fail(t.a);
	archive_write_free(t.a);
	archive_entry_free(t.e);
	links_free(t.links);
	users_free(t.users);
	uselocale(LC_GLOBAL_LOCALE);
	if (utf8)
		freelocale(utf8);
	return ret;
}

int lkl_fs_to_tar(struct lkl_fs *fs, int fd)
{
	return fs_work(fs, to_tar, &fd);
}
