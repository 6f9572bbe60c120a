// SPDX-License-Identifier: GPL-2.0
/*
 * scan.c - scandir() and glob(), which read directories inside libc
 *
 * scandir() of a directory of the LKL kernel is done here. glob() may come from
 * one kernel's directories to the other's; libc has an interface for functions
 * of the caller's own, and gets ours.
 */
#include "names.h"

typedef int filter_fn(const struct dirent *d);
typedef int order_fn(const struct dirent **a, const struct dirent **b);

/* How many entries there is room for at first. */
#define ROOM 64

/**
 * struct list - What a directory has been found to hold
 * @all:	copies of the entries
 * @n:		how many there are
 * @room:	how many fit in
 */
struct list {
	struct dirent **all;
	size_t n;
	size_t room;
};

/**
 * add() - Add a copy of an entry to a list
 * @l:	list
 * @d:	entry
 *
 * Return: false: there is no memory
 */
static bool add(struct list *l, const struct dirent *d)
{
	size_t room = l->room ? 2 * l->room : ROOM;
	struct dirent **more;

	if (l->n == l->room) {
		more = reallocarray(l->all, room, sizeof(*more));
		if (!more)
			return false;
		l->all = more;
		l->room = room;
	}
	l->all[l->n] = malloc(d->d_reclen);
	if (!l->all[l->n])
		return false;
	memcpy(l->all[l->n++], d, d->d_reclen);
	return true;
}

/**
 * fill() - Read a directory into a list
 * @l:		list
 * @dir:	directory
 * @filter:	which to take, NULL for all
 *
 * Return: 0 or a negative errno
 */
static int fill(struct list *l, DIR *dir, filter_fn *filter)
{
	struct dirent *d;

	for (;;) {
		errno = 0;
		d = readdir(dir);
		if (!d)
			return -errno;
		if ((!filter || filter(d)) && !add(l, d))
			return -ENOMEM;
	}
}

/**
 * scan() - scandir() of an open directory
 * @fd:		descriptor, -1: there is none; closed at the end
 * @found:	receives the entries
 * @filter:	which to take, NULL for all
 * @order:	how to sort them, NULL for not at all
 *
 * Return: number of entries, or -1 with errno
 */
static int scan(int fd, struct dirent ***found, filter_fn *filter,
		order_fn *order)
{
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	struct list l = { 0 };
	int err, old = errno;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return -1;
	}
	err = fill(&l, dir, filter);
	closedir(dir);
	if (err) {
		while (l.n)
			free(l.all[--l.n]);
		free(l.all);
		return libc_result(err);
	}
	if (order && l.n)
		qsort(l.all, l.n, sizeof(*l.all), (__compar_fn_t)order);
	*found = l.all;
	errno = old;
	return l.n;
}

#define FLAGS (O_RDONLY | O_NONBLOCK | O_DIRECTORY | O_CLOEXEC)

/**
 * scandir() - Read a directory, select and sort
 * @path:	name
 * @found:	receives the entries, each and all to be freed
 * @filter:	which to take, NULL for all
 * @order:	how to sort them, NULL for not at all
 *
 * Return: number of entries, or -1 with errno
 */
EXPORT int scandir(const char *restrict path,
		   struct dirent ***restrict found, filter_fn *filter,
		   order_fn *order)
{
	if (likely(!name_is_net(path)))
		return HOST(scandir)(path, found, filter, order);
	return scan(open(path, FLAGS), found, filter, order);
}

/**
 * scandirat() - The same, relative to a directory
 * @fd:		directory
 * @path:	name
 * @found:	receives the entries, each and all to be freed
 * @filter:	which to take, NULL for all
 * @order:	how to sort them, NULL for not at all
 *
 * Return: number of entries, or -1 with errno
 */
EXPORT int scandirat(int fd, const char *restrict path,
		     struct dirent ***restrict found, filter_fn *filter,
		     order_fn *order)
{
	if (likely(!name_is_net_at(fd, path)))
		return HOST(scandirat)(fd, path, found, filter, order);
	return scan(openat(fd, path, FLAGS), found, filter, order);
}

static void close_dir(void *dir)
{
	closedir(dir);
}

/**
 * glob() - Find the files that a pattern matches
 * @pattern:	pattern
 * @flags:	GLOB_*
 * @error:	told of directories that cannot be read, may be NULL
 * @g:		receives their names
 *
 * Return: 0 or GLOB_*
 */
EXPORT int glob(const char *restrict pattern, int flags,
		int (*error)(const char *path, int err), glob_t *restrict g)
{
	int ret;

	if (flags & GLOB_ALTDIRFUNC)
		return HOST(glob)(pattern, flags, error, g);
	g->gl_opendir = (void *(*)(const char *))opendir;
	g->gl_readdir = (struct dirent *(*)(void *))readdir;
	g->gl_closedir = close_dir;
	g->gl_stat = stat;
	g->gl_lstat = lstat;
	ret = HOST(glob)(pattern, flags | GLOB_ALTDIRFUNC, error, g);
	g->gl_flags &= ~GLOB_ALTDIRFUNC;
	return ret;
}
