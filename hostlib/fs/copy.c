// SPDX-License-Identifier: GPL-2.0
/* copy.c - Copying trees from one side to the other */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fs/fs.h"

/**
 * struct copy - A copy
 * @v:		visitor of the source
 * @k:		keeper of attributes, knows the sides
 * @fs:		image
 * @top:	descriptor of the directory that is copied into
 * @links:	files with several names
 * @name:	name of the copy of the current source, NULL: as the source
 * @depth:	levels below it
 * @dirs:	descriptors of the directories of the copy, the working one last
 * @ndirs:	their number
 * @room:	how many fit into @dirs
 */
struct copy {
	struct visitor v;
	struct keeper k;
	struct lkl_fs *fs;
	int top;
	struct links *links;
	const char *name;
	int *dirs;
	int ndirs;
	int room;
};

/* Errors after which nothing else can be copied either. */
static bool is_fatal(long err)
{
	return err == -LKL_ENOSPC || err == -LKL_EDQUOT ||
	       err == -LKL_EROFS || err == -LKL_ECANCELED;
}

/* Tell a failure. Return: @err if it ends the copy, else 1: leave this out */
static int give_up(struct copy *c, const struct fs_entry *e, long err)
{
	if (err == -LKL_ECANCELED)
		return err;
	fs_fail(c->fs, e->path, "copy it", err);
	return is_fatal(err) ? err : 1;
}

/* The name that a file has on the other side. */
static const char *copy_name(struct copy *c, const struct fs_entry *e)
{
	return c->name && !c->ndirs ? c->name : e->name;
}

static int push_dir(struct copy *c, int dir)
{
	if (c->ndirs == c->room) {
		int room = c->room ? 2 * c->room : 64;
		int *dirs = reallocarray(c->dirs, room, sizeof(*dirs));

		if (!dirs)
			return -LKL_ENOMEM;
		c->dirs = dirs;
		c->room = room;
	}
	c->dirs[c->ndirs++] = dir;
	return 0;
}

/* Go back to the directory above. */
static void pop_dir(struct copy *c)
{
	CALL(c->k.to, close, c->dirs[--c->ndirs]);
	CALL(c->k.to, fchdir, c->ndirs ? c->dirs[c->ndirs - 1] : c->top);
}

/**
 * enter_dir() - Make a directory, or take the one that is there, and enter it
 * @c:		copy
 * @name:	its name
 *
 * Return: 0 or a negative errno
 */
static long enter_dir(struct copy *c, const char *name)
{
	long err = CALL(c->k.to, mkdirat, LKL_AT_FDCWD, name, 0700), dir;

	if (err && err != -LKL_EEXIST)
		return err;
	dir = CALL(c->k.to, openat, LKL_AT_FDCWD, name, LKL_O_RDONLY |
		   LKL_O_DIRECTORY | LKL_O_NOFOLLOW | LKL_O_CLOEXEC, 0);
	if (dir < 0)
		return dir;
	err = CALL(c->k.to, fchdir, dir);
	if (!err)
		err = push_dir(c, dir);
	if (err)
		CALL(c->k.to, close, dir);
	return err;
}

static long copy_contents(struct copy *c, const struct fs_entry *e,
			  const char *name)
{
	unsigned long long before = c->fs->progress->bytes;
	long in, out, err;

	in = CALL(c->k.from, openat, LKL_AT_FDCWD, e->name,
		  LKL_O_RDONLY | LKL_O_NOFOLLOW | LKL_O_CLOEXEC, 0);
	if (in < 0)
		return in;
	out = CALL(c->k.to, openat, LKL_AT_FDCWD, name, LKL_O_WRONLY |
		   LKL_O_CREAT | LKL_O_EXCL | LKL_O_CLOEXEC, 0600);
	err = out;
	if (out >= 0) {
		err = fs_copy_data(c->fs, c->k.from, in, c->k.to, out, &e->st);
		CALL(c->k.to, close, out);
		if (err) {
			CALL(c->k.to, unlinkat, LKL_AT_FDCWD, name, 0);
			c->fs->progress->bytes = before;
		}
	}
	CALL(c->k.from, close, in);
	return err;
}

static long copy_symlink(struct copy *c, const struct fs_entry *e,
			 const char *name)
{
	char target[4096];
	long len = CALL(c->k.from, readlink, e->name, target,
			sizeof(target) - 1);

	if (len < 0)
		return len;
	target[len] = '\0';
	return CALL(c->k.to, symlinkat, target, LKL_AT_FDCWD, name);
}

static long copy_node(struct copy *c, const struct fs_entry *e, const char *name)
{
	unsigned int minor = e->st.stx_rdev_minor;
	unsigned int dev = (minor & 0xff) | e->st.stx_rdev_major << 8 |
			   (minor & ~0xffU) << 12;

	return CALL(c->k.to, mknodat, LKL_AT_FDCWD, name,
		    (e->st.stx_mode & LKL_S_IFMT) | 0600, dev);
}

/**
 * copy_new() - Make the copy of what is no directory, where nothing is yet
 * @c:		copy
 * @e:		source
 * @name:	name of the copy
 *
 * Return: 0, 1: it is another name of a copy that is done, or a negative errno
 */
static long copy_new(struct copy *c, const struct fs_entry *e, const char *name)
{
	const char *first = links_find(c->links, &e->st);
	long err;

	if (first) {
		err = CALL(c->k.to, linkat, c->top, first, LKL_AT_FDCWD, name,
			   0);
		/* Some file systems have no links: then it is a copy. */
		if (!err || err == -LKL_EEXIST || is_fatal(err))
			return err ? err : 1;
	}
	if (is_type(e, LKL_S_IFREG))
		return copy_contents(c, e, name);
	if (is_type(e, LKL_S_IFLNK))
		return copy_symlink(c, e, name);
	return copy_node(c, e, name);
}

/* Remember under which name a file with several was copied first. */
static int remember(struct copy *c, const struct fs_entry *e)
{
	const char *below = strchr(e->path, '/');
	char *path = NULL;
	int err;

	if (!c->name)
		return links_add(c->links, &e->st, e->path);
	if (asprintf(&path, "%s%s", c->name, below ? below : "") < 0)
		return -LKL_ENOMEM;
	err = links_add(c->links, &e->st, path);
	free(path);
	return err;
}

static int copy_other(struct copy *c, const struct fs_entry *e)
{
	const char *name = copy_name(c, e);
	long err = copy_new(c, e, name);

	if (err == -LKL_EEXIST) {
		err = CALL(c->k.to, unlinkat, LKL_AT_FDCWD, name, 0);
		if (!err)
			err = copy_new(c, e, name);
	}
	if (err < 0)
		return give_up(c, e, err);
	c->fs->progress->files++;
	if (err)
		return 0;
	keep_attributes(&c->k, e, name);
	return remember(c, e);
}

static int visit(struct visitor *v, const struct fs_entry *e)
{
	struct copy *c = (struct copy *)v;
	long err;

	if (!is_type(e, LKL_S_IFDIR))
		return copy_other(c, e);
	err = enter_dir(c, copy_name(c, e));
	return err ? give_up(c, e, err) : 0;
}

static int leave(struct visitor *v, const struct fs_entry *e)
{
	struct copy *c = (struct copy *)v;

	pop_dir(c);
	c->fs->progress->files++;
	keep_attributes(&c->k, e, copy_name(c, e));
	return 0;
}

/**
 * open_top() - Open the directory to copy into
 * @c:		copy; its @top is set, and @name if the copy is to have it
 * @dst:	path of that directory, or of the copy of the one source
 * @count:	number of sources
 *
 * Return: 0 or a negative errno, which was told
 */
static int open_top(struct copy *c, char *dst, int count)
{
	size_t len = strlen(dst);
	char *slash;

	c->top = fs_open_dir(c->fs, c->k.to, dst);
	if (count == 1 && len && dst[len - 1] != '/' &&
	    (c->top == -LKL_ENOENT || c->top == -LKL_ENOTDIR)) {
		slash = strrchr(dst, '/');
		c->name = slash ? slash + 1 : dst;
		if (slash && slash != dst)
			*slash = '\0';
		c->top = fs_open_dir(c->fs, c->k.to, !slash ? "" :
				     slash == dst ? "/" : dst);
	}
	return c->top < 0 ? fs_fail(c->fs, dst, "copy to it", c->top) : 0;
}

static int copy_sources(struct copy *c, struct sources *s)
{
	const struct side *from = c->k.from;
	int ret = 0;

	for (int i = 0; !ret && c->fs->totals && i < s->count; i++) {
		CALL(from, fchdir, s->list[i].dir);
		ret = fs_count(c->fs, from, s->list[i].name);
	}
	for (int i = 0; !ret && i < s->count; i++) {
		const char *name = s->list[i].name;

		ret = CALL(from, fchdir, s->list[i].dir);
		if (!ret)
			ret = CALL(c->k.to, fchdir, c->top);
		if (!ret)
			ret = fs_walk(c->fs, from, name, name, &c->v);
		while (c->ndirs)
			pop_dir(c);
	}
	return ret;
}

/**
 * struct direction - From where to where
 * @from:	where the sources are
 * @to:		where the copies go
 * @dst:	their directory, or their name
 */
struct direction {
	const struct side *from;
	const struct side *to;
	const char *dst;
};

static int copy(struct lkl_fs *fs, void *arg)
{
	const struct direction *d = arg;
	struct copy c = {
		.v = { visit, leave },
		.k = { .fs = fs, .from = d->from, .to = d->to },
		.fs = fs,
		.links = links_new(),
		.top = -1,
	};
	char *dst = strdup(d->dst);
	struct sources s = { };
	int ret = c.links && dst ? 0 : -LKL_ENOMEM;

	if (!ret)
		ret = sources_find(fs, d->from, &s);
	if (!ret)
		ret = open_top(&c, dst, s.count);
	if (!ret)
		ret = copy_sources(&c, &s);
	sources_free(d->from, &s);
	if (c.top >= 0)
		CALL(d->to, close, c.top);
	links_free(c.links);
	free(c.dirs);
	free(dst);
	return ret;
}

int lkl_fs_copy_in(struct lkl_fs *fs, const char *dst)
{
	struct direction d = { &host_side, &image_side, dst };

	return fs->disk.flags & LKL_DISK_SCRATCH ? -LKL_EROFS :
	       fs_work(fs, copy, &d);
}

int lkl_fs_copy_out(struct lkl_fs *fs, const char *dst)
{
	struct direction d = { &image_side, &host_side, dst };

	return fs_work(fs, copy, &d);
}
