// SPDX-License-Identifier: GPL-2.0
/*
 * xattrs.c - Operations on extended attributes, ACLs among them
 *
 * These calls take paths. That of a descriptor leads to the very file, also if
 * it is a symbolic link.
 */
#include <stdlib.h>

#include "fuse/lklfuse.h"

/**
 * hold_path() - Use a node, by a path in the LKL kernel
 * @n:		node
 * @path:	receives the path, valid until node_drop()
 *
 * Return: 0 or a negative errno
 */
static int hold_path(struct node *n, char path[FD_PATH_SIZE])
{
	int fd = node_hold(n);

	if (fd < 0)
		return fd;
	fd_path(path, fd);
	return 0;
}

void do_setxattr(fuse_req_t req, fuse_ino_t ino, const char *name,
		 const char *value, size_t size, int flags)
{
	struct node *n = node_of(ino);
	char path[FD_PATH_SIZE];
	int err = hold_path(n, path);

	if (!err) {
		err = lkl_sys_setxattr(path, name, value, size, flags);
		node_drop(n);
	}
	fuse_reply_err(req, -err);
}

void do_removexattr(fuse_req_t req, fuse_ino_t ino, const char *name)
{
	struct node *n = node_of(ino);
	char path[FD_PATH_SIZE];
	int err = hold_path(n, path);

	if (!err) {
		err = lkl_sys_removexattr(path, name);
		node_drop(n);
	}
	fuse_reply_err(req, -err);
}

/**
 * get() - Get a value, or the list of names
 * @req:	request
 * @ino:	file
 * @name:	attribute, NULL: all names
 * @size:	room for the answer; 0: only its size is wanted
 */
static void get(fuse_req_t req, fuse_ino_t ino, const char *name, size_t size)
{
	struct node *n = node_of(ino);
	char *value = size ? malloc(size) : NULL;
	char path[FD_PATH_SIZE];
	long len = hold_path(n, path);

	if (!len) {
		if (size && !value)
			len = -LKL_ENOMEM;
		else if (name)
			len = lkl_sys_getxattr(path, name, value, size);
		else
			len = lkl_sys_listxattr(path, value, size);
		node_drop(n);
	}
	if (len < 0)
		fuse_reply_err(req, -len);
	else if (!size)
		fuse_reply_xattr(req, len);
	else
		fuse_reply_buf(req, value, len);
	free(value);
}

void do_getxattr(fuse_req_t req, fuse_ino_t ino, const char *name, size_t size)
{
	get(req, ino, name, size);
}

void do_listxattr(fuse_req_t req, fuse_ino_t ino, size_t size)
{
	get(req, ino, NULL, size);
}
