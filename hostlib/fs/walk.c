// SPDX-License-Identifier: GPL-2.0
/*
 * walk.c - Going through a tree
 *
 * A directory is read as a whole before its files are visited, so they may be
 * changed meanwhile, and in the order of inode numbers, which is about the
 * order of contents on a disk.
 */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "fs/fs.h"

/*
 * No sound tree is that deep. A damaged one can have a directory that contains
 * itself, and would never end.
 */
#define DEPTH_MAX	512

#define DENTS_SIZE	(32 << 10)

/**
 * struct walk - A walk
 * @fs:		image, for settings and messages
 * @side:	where
 * @v:		what to do
 * @path:	path of the current file
 * @path_len:	its length
 * @path_room:	room for it
 * @top:	length of the path of the start and its slash
 * @depth:	levels below the start
 */
struct walk {
	struct lkl_fs *fs;
	const struct side *side;
	struct visitor *v;
	char *path;
	size_t path_len;
	size_t path_room;
	size_t top;
	int depth;
};

/**
 * struct name - An entry of a directory
 * @ino:	number of its inode
 * @off:	where its name is
 */
struct name {
	unsigned long long ino;
	size_t off;
};

/**
 * struct listing - The entries of a directory
 * @names:	entries
 * @count:	their number
 * @text:	their names
 * @len:	length of that
 * @names_room:	bytes of room for @names
 * @text_room:	the same for @text
 */
struct listing {
	struct name *names;
	size_t count;
	char *text;
	size_t len;
	size_t names_room;
	size_t text_room;
};

static int by_inode(const void *a, const void *b)
{
	const struct name *x = a, *y = b;

	return x->ino < y->ino ? -1 : x->ino > y->ino;
}

/**
 * grow() - Make room in an array
 * @mem:	array, moved
 * @room:	bytes it has, doubled until they do
 * @want:	bytes it must have
 *
 * Return: the array, or NULL if there is no memory: then it is as before
 */
static void *grow(void *mem, size_t *room, size_t want)
{
	size_t size = *room ? *room : 1024;

	while (size < want)
		size *= 2;
	if (size == *room)
		return mem;
	mem = realloc(mem, size);
	if (mem)
		*room = size;
	return mem;
}

static int add_name(struct listing *l, const struct lkl_linux_dirent64 *d)
{
	size_t len = strlen(d->d_name) + 1;
	struct name *names;
	char *text;

	if (!strcmp(d->d_name, ".") || !strcmp(d->d_name, ".."))
		return 0;
	names = grow(l->names, &l->names_room,
		     (l->count + 1) * sizeof(*names));
	if (!names)
		return -LKL_ENOMEM;
	l->names = names;
	text = grow(l->text, &l->text_room, l->len + len);
	if (!text)
		return -LKL_ENOMEM;
	l->text = text;
	l->names[l->count++] = (struct name){ d->d_ino, l->len };
	memcpy(l->text + l->len, d->d_name, len);
	l->len += len;
	return 0;
}

static long list(struct walk *w, int dir, struct listing *l)
{
	char *dents = malloc(DENTS_SIZE);
	long len = dents ? 1 : -LKL_ENOMEM, err = 0;

	while (!err && len > 0) {
		len = CALL(w->side, getdents64, dir, dents, DENTS_SIZE);
		for (long pos = 0; !err && pos < len;) {
			struct lkl_linux_dirent64 *d = (void *)(dents + pos);

			err = add_name(l, d);
			pos += d->d_reclen;
		}
	}
	free(dents);
	if (l->count)
		qsort(l->names, l->count, sizeof(*l->names), by_inode);
	return err ? err : len;
}

static bool excluded(const struct walk *w, const char *name)
{
	for (int i = 0; i < w->fs->nexcludes; i++) {
		const char *pattern = w->fs->excludes[i];
		bool whole = strchr(pattern, '/');

		if (*pattern == '/')
			pattern++;
		if (!fnmatch(pattern, whole ? w->path + w->top : name,
			     whole ? FNM_PATHNAME : 0))
			return true;
	}
	return false;
}

/* Append to the path. Return: its length before, or -LKL_ENOMEM */
static long push(struct walk *w, const char *name)
{
	size_t len = strlen(name), before = w->path_len;
	char *path = grow(w->path, &w->path_room, before + len + 2);

	if (!path)
		return -LKL_ENOMEM;
	w->path = path;
	if (before)
		w->path[w->path_len++] = '/';
	memcpy(w->path + w->path_len, name, len + 1);
	w->path_len += len;
	return before;
}

static void pop(struct walk *w, size_t before)
{
	w->path_len = before;
	w->path[before] = '\0';
}

static int visit(struct walk *w, int parent, const char *name);

/* Visit what is in a directory, which is the working one. */
static int visit_contents(struct walk *w, int dir)
{
	struct listing l = { };
	long err = list(w, dir, &l);
	int ret = 0;

	if (err < 0)
		fs_fail(w->fs, w->path, "read the directory", err);
	for (size_t i = 0; !ret && i < l.count; i++) {
		const char *name = l.text + l.names[i].off;
		long before = push(w, name);

		if (before < 0) {
			ret = before;
			break;
		}
		if (!excluded(w, name))
			ret = visit(w, dir, name);
		pop(w, before);
	}
	free(l.names);
	free(l.text);
	return ret;
}

/**
 * descend() - Visit what is in a directory
 * @w:		walk
 * @parent:	descriptor of the working directory
 * @name:	directory in it
 *
 * Return: 0 or a negative errno that ends the walk
 */
static int descend(struct walk *w, int parent, const char *name)
{
	int dir, ret;

	if (w->depth >= DEPTH_MAX)
		return fs_fail(w->fs, w->path, "go deeper", -LKL_ELOOP);
	dir = CALL(w->side, openat, LKL_AT_FDCWD, name, LKL_O_RDONLY |
		   LKL_O_DIRECTORY | LKL_O_NOFOLLOW | LKL_O_CLOEXEC, 0);
	ret = dir < 0 ? dir : CALL(w->side, fchdir, dir);
	if (ret < 0) {
		fs_fail(w->fs, w->path, "open the directory", ret);
		ret = 0;
	} else {
		w->depth++;
		ret = visit_contents(w, dir);
		w->depth--;
	}
	if (dir >= 0) {
		CALL(w->side, fchdir, parent);
		CALL(w->side, close, dir);
	}
	return ret;
}

static int visit(struct walk *w, int parent, const char *name)
{
	struct fs_entry e = { .name = name, .path = w->path };
	int ret;

	if (fs_cancelled(w->fs))
		return -LKL_ECANCELED;
	ret = CALL(w->side, statx, LKL_AT_FDCWD, name, LKL_AT_SYMLINK_NOFOLLOW |
		   LKL_AT_NO_AUTOMOUNT, LKL_STATX_BASIC_STATS, &e.st);
	if (ret) {
		fs_fail(w->fs, w->path, "look at it", ret);
		return 0;
	}
	ret = w->v->visit(w->v, &e);
	if (ret || !is_type(&e, LKL_S_IFDIR))
		return ret < 0 ? ret : 0;
	ret = descend(w, parent, name);
	e.path = w->path;
	if (!ret && w->v->leave)
		ret = w->v->leave(w->v, &e);
	return ret;
}

/**
 * fs_walk() - Go through a tree
 * @fs:		image, for settings and messages
 * @side:	where the tree is
 * @name:	its root, in the working directory
 * @path:	path of it as the visitor is to see it
 * @v:		what to do with each file
 *
 * Files that cannot be reached are told and counted; the walk goes on.
 *
 * Return: 0 or the negative errno that ended it
 */
int fs_walk(struct lkl_fs *fs, const struct side *side, const char *name,
	    const char *path, struct visitor *v)
{
	struct walk w = { .fs = fs, .side = side, .v = v };
	int here = CALL(side, openat, LKL_AT_FDCWD, ".", LKL_O_PATH |
			LKL_O_DIRECTORY | LKL_O_CLOEXEC, 0);
	int ret = here;

	if (here >= 0) {
		ret = push(&w, path) < 0 ? -LKL_ENOMEM : 0;
		w.top = w.path_len + 1;
		if (!ret)
			ret = visit(&w, here, name);
		CALL(side, close, here);
	}
	free(w.path);
	return ret;
}

/**
 * struct count - Counts what there is
 * @v:	the visitor
 * @fs:	whose totals
 */
struct count {
	struct visitor v;
	struct lkl_fs *fs;
};

static int count_one(struct visitor *v, const struct fs_entry *e)
{
	struct lkl_fs_progress *p = ((struct count *)v)->fs->progress;

	p->total_files++;
	if (is_type(e, LKL_S_IFREG))
		p->total_bytes += e->st.stx_size;
	return 0;
}

/**
 * fs_count() - Add a tree to the totals, if they are wanted
 * @fs:		image
 * @side:	where the tree is
 * @name:	its root, in the working directory
 *
 * Return: 0 or a negative errno
 */
int fs_count(struct lkl_fs *fs, const struct side *side, const char *name)
{
	struct count c = { .v.visit = count_one, .fs = fs };
	unsigned long long failed = fs->progress->failed;
	size_t len = fs->text_len;
	int ret;

	if (!fs->totals)
		return 0;
	ret = fs_walk(fs, side, name, name, &c.v);
	/* What fails now fails again when it matters. */
	fs->progress->failed = failed;
	fs->text_len = len;
	return ret == -LKL_ECANCELED ? ret : 0;
}
