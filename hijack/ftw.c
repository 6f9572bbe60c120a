// SPDX-License-Identifier: GPL-2.0
/*
 * ftw.c - ftw() and nftw() where they see directories of the LKL kernel
 *
 * libc walks with system calls of its own. The walk is done here when it begins
 * at a name that is LKL's, or at a directory of the host above one.
 *
 * Without FTW_PHYS the walk follows links, which go in circles there: a directory
 * that has been seen is not entered, nor reported, again.
 */
#include "names.h"

#include <limits.h>
#include <search.h>

/**
 * struct place - A directory that has been seen
 * @dev:	device
 * @ino:	inode
 */
struct place {
	dev_t dev;
	ino_t ino;
};

/**
 * struct walk - A walk
 * @fn:		told of each file
 * @old_fn:	or this one: as ftw() wants it
 * @flags:	FTW_*
 * @dev:	where it began
 * @back:	the current directory of then, for FTW_CHDIR, else -1
 * @seen:	directories, a tree of tsearch()
 * @path:	name of the file it is at
 */
struct walk {
	__nftw_func_t fn;
	__ftw_func_t old_fn;
	int flags;
	dev_t dev;
	int back;
	void *seen;
	char path[PATH_MAX];
};

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct place));
}

/**
 * is_new() - Note that a directory has been seen
 * @w:	walk
 * @st:	what stat() says about it
 *
 * Return: 1: it had not been; 0: it had; -1 with errno
 */
static int is_new(struct walk *w, const struct stat *st)
{
	struct place *p = malloc(sizeof(*p)), **at;

	if (!p)
		return -1;
	*p = (struct place){ st->st_dev, st->st_ino };
	at = tsearch(p, &w->seen, compare);
	if (at && *at == p)
		return 1;
	free(p);
	return at ? 0 : -1;
}

/**
 * go_there() - Make the directory of a file the current one, for FTW_CHDIR
 * @w:		walk, at the file
 * @base:	where its name begins in the path
 *
 * Return: 0, or -1 with errno
 */
static int go_there(struct walk *w, int base)
{
	char kept = w->path[base];
	int ret;

	if (w->back < 0 || !base)
		return 0;
	w->path[base] = '\0';
	ret = chdir(w->path);
	w->path[base] = kept;
	return ret;
}

/**
 * tell() - Call the function of the program
 * @w:		walk
 * @st:		what stat() says about the file
 * @type:	FTW_*
 * @at:		base and level
 *
 * Between two calls we are where the walk began: its name may be relative.
 *
 * Return: its result
 */
static int tell(struct walk *w, const struct stat *st, int type, struct FTW *at)
{
	static const int old_type[] = {
		[FTW_F] = FTW_F, [FTW_D] = FTW_D, [FTW_DNR] = FTW_DNR,
		[FTW_NS] = FTW_NS, [FTW_SL] = FTW_F, [FTW_SLN] = FTW_NS,
	};
	int ret;

	if (go_there(w, at->base))
		return -1;
	if (w->old_fn)
		ret = w->old_fn(w->path, st, old_type[type]);
	else
		ret = w->fn(w->path, st, type, at);
	if (w->back >= 0 && fchdir(w->back))
		return -1;
	return ret;
}

static int visit(struct walk *w, struct FTW at);

/**
 * enter() - Visit what is in a directory
 * @w:		walk, at the directory
 * @dir:	the directory, open
 * @at:		its base and level
 *
 * Return: 0, or what is to end the walk
 */
static int enter(struct walk *w, DIR *dir, struct FTW at)
{
	size_t len = strlen(w->path);
	struct FTW in = { .level = at.level + 1 };
	struct dirent *d;
	int ret = 0;

	in.base = len + (w->path[len - 1] != '/');
	while (!ret) {
		errno = 0;
		d = readdir(dir);
		if (!d)
			return errno ? -1 : 0;
		if (!strcmp(d->d_name, ".") || !strcmp(d->d_name, ".."))
			continue;
		if (in.base + strlen(d->d_name) >= sizeof(w->path)) {
			errno = ENAMETOOLONG;
			return -1;
		}
		w->path[len] = '/';
		strcpy(w->path + in.base, d->d_name);
		ret = visit(w, in);
		w->path[len] = '\0';
	}
	if (w->flags & FTW_ACTIONRETVAL && ret == FTW_SKIP_SIBLINGS)
		return 0;
	return ret;
}

/**
 * visit_dir() - Visit a directory
 * @w:	walk, at the directory
 * @st:	what stat() says about it
 * @at:	its base and level
 *
 * Return: 0, or what is to end the walk
 */
static int visit_dir(struct walk *w, const struct stat *st, struct FTW at)
{
	int ret = w->flags & FTW_PHYS ? 1 : is_new(w, st);
	DIR *dir;

	if (ret <= 0)
		return ret;
	dir = opendir(w->path);
	if (!dir)
		return errno == EACCES ? tell(w, st, FTW_DNR, &at) : -1;
	ret = w->flags & FTW_DEPTH ? 0 : tell(w, st, FTW_D, &at);
	if (!ret)
		ret = enter(w, dir, at);
	else if (w->flags & FTW_ACTIONRETVAL && ret == FTW_SKIP_SUBTREE)
		ret = 0;
	closedir(dir);
	if (!ret && w->flags & FTW_DEPTH)
		ret = tell(w, st, FTW_DP, &at);
	return ret;
}

/**
 * visit() - Visit a file, and what is below it
 * @w:	walk, at the file
 * @at:	its base and level
 *
 * Return: 0, or what is to end the walk
 */
static int visit(struct walk *w, struct FTW at)
{
	struct stat st = { 0 };
	int type = FTW_F;

	if ((w->flags & FTW_PHYS ? lstat : stat)(w->path, &st)) {
		if (!at.level || (errno != EACCES && errno != ENOENT))
			return -1;
		type = lstat(w->path, &st) || !S_ISLNK(st.st_mode) ?
		       FTW_NS : FTW_SLN;
	} else if (S_ISLNK(st.st_mode)) {
		type = FTW_SL;
	}
	if (!at.level)
		w->dev = st.st_dev;
	if (w->flags & FTW_MOUNT && st.st_dev != w->dev)
		return 0;
	if (S_ISDIR(st.st_mode))
		return visit_dir(w, &st, at);
	return tell(w, &st, type, &at);
}

/**
 * walk() - Visit all there is below a name
 * @w:		walk
 * @path:	name
 *
 * Return: 0, what the function of the program has ended the walk with, or -1
 * with errno
 */
static int walk(struct walk *w, const char *path)
{
	size_t len = strlen(path);
	struct FTW at = { 0 };
	const char *slash;
	int ret;

	while (len > 1 && path[len - 1] == '/')
		len--;
	if (len >= sizeof(w->path))
		return libc_result(-ENAMETOOLONG);
	memcpy(w->path, path, len);
	slash = memrchr(w->path, '/', len);
	at.base = slash ? slash + 1 - w->path : 0;
	w->back = -1;
	if (w->flags & FTW_CHDIR) {
		w->back = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (w->back < 0)
			return -1;
	}
	ret = visit(w, at);
	tdestroy(w->seen, free);
	if (w->back >= 0)
		close(w->back);
	return ret;
}

/**
 * nftw() - Walk through a tree of files
 * @path:	where it begins
 * @fn:		told of each file
 * @fds:	how many descriptors may be used; in the LKL kernel one per level
 * @flags:	FTW_*
 *
 * Return: 0, what @fn has ended the walk with, or -1 with errno
 */
EXPORT int nftw(const char *path, __nftw_func_t fn, int fds, int flags)
{
	struct walk w = { .fn = fn, .flags = flags };

	if (likely(!name_is_net(path) && !name_is_above(path)))
		return HOST(nftw)(path, fn, fds, flags);
	return walk(&w, path);
}

/**
 * ftw() - Walk through a tree of files
 * @path:	where it begins
 * @fn:		told of each file
 * @fds:	as for nftw()
 *
 * Return: as nftw()
 */
EXPORT int ftw(const char *path, __ftw_func_t fn, int fds)
{
	struct walk w = { .old_fn = fn };

	if (likely(!name_is_net(path) && !name_is_above(path)))
		return HOST(ftw)(path, fn, fds);
	return walk(&w, path);
}
