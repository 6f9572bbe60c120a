// SPDX-License-Identifier: GPL-2.0
/* links.c - Files with several names */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "fs/fs.h"

/**
 * struct links - Those that have been met
 * @tree:	of struct link, see tsearch(3)
 */
struct links {
	void *tree;
};

/**
 * struct link - A file
 * @major:	its device
 * @minor:	the same
 * @ino:	its inode
 * @path:	the name it was met under, behind the struct
 */
struct link {
	unsigned int major;
	unsigned int minor;
	unsigned long long ino;
	char *path;
};

static int compare(const void *a, const void *b)
{
	const struct link *x = a, *y = b;

	if (x->ino != y->ino)
		return x->ino < y->ino ? -1 : 1;
	if (x->major != y->major)
		return x->major < y->major ? -1 : 1;
	return x->minor < y->minor ? -1 : x->minor > y->minor;
}

/* The links of a directory are its own and those of its subdirectories. */
static bool has_names(const struct lkl_statx *st)
{
	return st->stx_nlink > 1 && (st->stx_mode & LKL_S_IFMT) != LKL_S_IFDIR;
}

static struct link key(const struct lkl_statx *st)
{
	return (struct link){ .major = st->stx_dev_major,
			      .minor = st->stx_dev_minor, .ino = st->stx_ino };
}

/** links_new() - Return: an empty set, or NULL */
struct links *links_new(void)
{
	return calloc(1, sizeof(struct links));
}

/** links_free() - Release a set, may be NULL */
void links_free(struct links *links)
{
	if (links)
		tdestroy(links->tree, free);
	free(links);
}

/**
 * links_find() - Was the file met under another name?
 * @links:	set
 * @st:		status of the file
 *
 * Return: that name, or NULL
 */
const char *links_find(struct links *links, const struct lkl_statx *st)
{
	struct link k = key(st), **found;

	if (!has_names(st))
		return NULL;
	found = tfind(&k, &links->tree, compare);
	return found ? (*found)->path : NULL;
}

/**
 * links_add() - Remember a file
 * @links:	set
 * @st:		its status
 * @path:	its name
 *
 * Return: 0 or -LKL_ENOMEM
 */
int links_add(struct links *links, const struct lkl_statx *st,
	      const char *path)
{
	struct link *link;

	if (!has_names(st))
		return 0;
	link = malloc(sizeof(*link) + strlen(path) + 1);
	if (!link)
		return -LKL_ENOMEM;
	*link = key(st);
	link->path = strcpy((char *)(link + 1), path);
	return tsearch(link, &links->tree, compare) ? 0 : -LKL_ENOMEM;
}
