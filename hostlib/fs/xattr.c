// SPDX-License-Identifier: GPL-2.0
/* xattr.c - Reading extended attributes */
#include <string.h>

#include "fs/fs.h"

/* The kernel's own limits of a list and of a value. */
#define LIST_MAX	65536
#define VALUE_MAX	65536

/*
 * Is it something that is told otherwise, in a form of the file system's own?
 * XFS lists an ACL a second time; NTFS keeps owners and permissions like this.
 */
static bool is_twin(const char *name)
{
	return !strncmp(name, "trusted.SGI_ACL_", 16) ||
	       !strncmp(name, "$LX", 3);
}

/**
 * fs_xattrs() - Read all attributes of a file
 * @side:	where the file is
 * @name:	its name in the working directory
 * @each:	called for every attribute; not 0 ends it
 * @arg:	for @each
 *
 * Return: 0, also if the file system has none, what @each returned, or a
 * negative errno
 */
int fs_xattrs(const struct side *side, const char *name,
	      int (*each)(void *arg, const struct xattr *x), void *arg)
{
	char list[LIST_MAX], value[VALUE_MAX];
	long len, size;
	int ret = 0;

	len = CALL(side, llistxattr, name, list, sizeof(list));
	/* HFS+ has no data for a directory without any. */
	if (len == -LKL_EOPNOTSUPP || len == -LKL_ENODATA)
		return 0;
	if (len < 0)
		return len;
	for (char *x = list; !ret && x < list + len; x += strlen(x) + 1) {
		if (is_twin(x))
			continue;
		size = CALL(side, lgetxattr, name, x, value, sizeof(value));
		/* Some are listed that this file does not have. */
		if (size == -LKL_ENODATA || size == -LKL_EOPNOTSUPP)
			continue;
		if (size < 0)
			return size;
		ret = each(arg, &(struct xattr){ x, value, size });
	}
	return ret;
}
