// SPDX-License-Identifier: GPL-2.0
/* sources.c - What is to be copied: paths, with patterns in the last part */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "fs/fs.h"

/**
 * fs_open_dir() - Open a directory by path
 * @fs:		image
 * @side:	where it is; in the image, links lead to places in the image
 * @path:	its path; "" is the working directory, or the root of the image
 *
 * Return: descriptor, or a negative errno
 */
int fs_open_dir(struct lkl_fs *fs, const struct side *side, const char *path)
{
	struct lkl_open_how how = {
		.flags = LKL_O_RDONLY | LKL_O_DIRECTORY | LKL_O_CLOEXEC,
		.resolve = LKL_RESOLVE_IN_ROOT,
	};

	if (!*path)
		path = ".";
	if (side == &host_side)
		return CALL(side, openat, LKL_AT_FDCWD, path, how.flags, 0);
	return CALL(side, openat2, fs->root, path, &how, sizeof(how));
}

/* Add a source in the directory of the last one. Takes @dir if it is not. */
static int add(struct sources *s, int dir, const char *name)
{
	struct source *list = reallocarray(s->list, s->count + 1,
					   sizeof(*list));

	if (!list)
		return -LKL_ENOMEM;
	s->list = list;
	list[s->count].dir = dir;
	list[s->count].name = strdup(name);
	if (!list[s->count].name)
		return -LKL_ENOMEM;
	s->count++;
	return 0;
}

static bool is_pattern(const char *name)
{
	return strpbrk(name, "*?[");
}

static int by_name(const void *a, const void *b)
{
	const struct source *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/**
 * find_matches() - Add the files of a directory that match a pattern
 * @side:	where it is
 * @dir:	its descriptor
 * @pattern:	pattern
 * @s:		sources
 *
 * Return: 0 or a negative errno (-LKL_ENOENT: there are none)
 */
static int find_matches(const struct side *side, int dir, const char *pattern,
			struct sources *s)
{
	int first = s->count, err = 0;
	char dents[4096];
	long len;

	while ((len = CALL(side, getdents64, dir, dents, sizeof(dents))) > 0)
		for (long pos = 0; !err && pos < len;) {
			struct lkl_linux_dirent64 *d = (void *)(dents + pos);

			if (strcmp(d->d_name, ".") && strcmp(d->d_name, "..") &&
			    !fnmatch(pattern, d->d_name, FNM_PERIOD))
				err = add(s, dir, d->d_name);
			pos += d->d_reclen;
		}
	if (s->count > first)
		qsort(s->list + first, s->count - first, sizeof(*s->list),
		      by_name);
	if (!err)
		err = len < 0 ? len : s->count == first ? -LKL_ENOENT : 0;
	return err;
}

/**
 * find_one() - Add what a path stands for
 * @fs:		image
 * @side:	where it is
 * @path:	path
 * @s:		sources
 *
 * Return: 0 or a negative errno, which was told
 */
static int find_one(struct lkl_fs *fs, const struct side *side,
		    const char *path, struct sources *s)
{
	char *copy = strdup(path), *slash, *name;
	int dir, err, before = s->count;
	size_t len = strlen(path);

	if (!copy)
		return -LKL_ENOMEM;
	while (len > 1 && copy[len - 1] == '/')
		copy[--len] = '\0';
	slash = strrchr(copy, '/');
	name = slash ? slash + 1 : copy;
	if (!slash)
		dir = fs_open_dir(fs, side, "");
	else if (slash == copy)
		dir = fs_open_dir(fs, side, "/");
	else
		dir = (*slash = '\0', fs_open_dir(fs, side, copy));
	if (!*name)
		name = ".";
	err = dir < 0 ? dir : is_pattern(name) ?
	      find_matches(side, dir, name, s) : add(s, dir, name);
	if (err)
		fs_fail(fs, path, "copy it", err);
	if (dir >= 0 && s->count == before)
		CALL(side, close, dir);
	free(copy);
	return err;
}

/**
 * sources_find() - Find what is to be copied
 * @fs:		image, with its sources
 * @side:	where they are
 * @s:		receives them
 *
 * Return: 0 or a negative errno, which was told
 */
int sources_find(struct lkl_fs *fs, const struct side *side, struct sources *s)
{
	int err = 0;

	for (int i = 0; !err && i < fs->nsources; i++)
		err = find_one(fs, side, fs->sources[i], s);
	return err;
}

/**
 * sources_free() - Release what sources_find() found
 * @side:	where they are
 * @s:		sources
 */
void sources_free(const struct side *side, struct sources *s)
{
	for (int i = 0; i < s->count; i++) {
		/* Those that one pattern has found share their directory. */
		if (!i || s->list[i].dir != s->list[i - 1].dir)
			CALL(side, close, s->list[i].dir);
		free(s->list[i].name);
	}
	free(s->list);
}
