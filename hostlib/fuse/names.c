// SPDX-License-Identifier: GPL-2.0
/* names.c - Operations on names: look them up, make, change and remove them */
#include <errno.h>

#include "fuse/lklfuse.h"

static void reply_entry(fuse_req_t req, int err,
			const struct fuse_entry_param *e)
{
	if (err)
		fuse_reply_err(req, -err);
	else if (fuse_reply_entry(req, e) == -ENOENT)
		/* The sender was interrupted and has not got it. */
		node_forget(node_of(e->ino), 1);
}

void do_lookup(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	struct fuse_entry_param e;
	int err = nodes_lookup(node_of(parent), name, &e);

	if (err == -LKL_ENOENT && e.entry_timeout > 0)
		fuse_reply_entry(req, &e);	/* that there is none is known */
	else
		reply_entry(req, err, &e);
}

void do_forget(fuse_req_t req, fuse_ino_t ino, uint64_t count)
{
	node_forget(node_of(ino), count);
	fuse_reply_none(req);
}

void do_forget_multi(fuse_req_t req, size_t count,
		     struct fuse_forget_data *list)
{
	for (size_t i = 0; i < count; i++)
		node_forget(node_of(list[i].ino), list[i].nlookup);
	fuse_reply_none(req);
}

/**
 * struct making - What is to be made
 * @name:	its name
 * @mode:	type and permissions
 * @rdev:	device number
 * @target:	of a symbolic link
 * @flags:	of open(), for a file that is made to be used at once
 */
struct making {
	const char *name;
	mode_t mode;
	dev_t rdev;
	const char *target;
	int flags;
};

static long make_node(int dir, const struct making *m)
{
	return lkl_sys_mknodat(dir, m->name, m->mode, m->rdev);
}

static long make_dir(int dir, const struct making *m)
{
	return lkl_sys_mkdirat(dir, m->name, m->mode);
}

static long make_symlink(int dir, const struct making *m)
{
	return lkl_sys_symlinkat(m->target, dir, m->name);
}

static long make_file(int dir, const struct making *m)
{
	return lkl_sys_openat(dir, m->name, m->flags | LKL_O_CREAT |
			      LKL_O_NOFOLLOW | LKL_O_CLOEXEC, m->mode);
}

/**
 * make() - Make something and look it up
 * @req:	request
 * @ino:	directory
 * @fn:		what makes it
 * @m:		what to make
 * @e:		receives what is to be answered
 *
 * Return: what @fn returned, or a negative errno
 */
static long make(fuse_req_t req, fuse_ino_t ino,
		 long (*fn)(int dir, const struct making *m),
		 const struct making *m, struct fuse_entry_param *e)
{
	struct node *parent = node_of(ino);
	int dir = node_hold(parent);
	long ret, err;

	if (dir < 0)
		return dir;
	caller_become(req);
	ret = fn(dir, m);
	caller_leave(req);
	node_drop(parent);
	if (ret < 0)
		return ret;
	err = nodes_lookup(parent, m->name, e);
	if (!err)
		return ret;
	if (fn == make_file)
		lkl_sys_close(ret);
	return err;
}

void do_mknod(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode,
	      dev_t rdev)
{
	const struct making m = { .name = name, .mode = mode, .rdev = rdev };
	struct fuse_entry_param e;
	int err = make(req, parent, make_node, &m, &e);

	reply_entry(req, err, &e);
}

void do_mkdir(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode)
{
	const struct making m = { .name = name, .mode = mode };
	struct fuse_entry_param e;
	int err = make(req, parent, make_dir, &m, &e);

	reply_entry(req, err, &e);
}

void do_symlink(fuse_req_t req, const char *target, fuse_ino_t parent,
		const char *name)
{
	const struct making m = { .name = name, .target = target };
	struct fuse_entry_param e;
	int err = make(req, parent, make_symlink, &m, &e);

	reply_entry(req, err, &e);
}

void do_create(fuse_req_t req, fuse_ino_t parent, const char *name,
	       mode_t mode, struct fuse_file_info *fi)
{
	const struct making m = {
		.name = name,
		.mode = mode,
		.flags = open_flags(fi) | (fi->flags & LKL_O_EXCL),
	};
	struct fuse_entry_param e;
	long fd = make(req, parent, make_file, &m, &e);

	if (fd < 0) {
		fuse_reply_err(req, -fd);
		return;
	}
	fi->fh = fd;
	fi->keep_cache = 1;
	if (fuse_reply_create(req, &e, fi) == -ENOENT) {
		lkl_sys_close(fd);
		node_forget(node_of(e.ino), 1);
	}
}

void do_link(fuse_req_t req, fuse_ino_t ino, fuse_ino_t new_parent,
	     const char *name)
{
	struct node *n = node_of(ino), *parent = node_of(new_parent);
	struct fuse_entry_param e;
	int fd, dir;
	int err;

	fd = node_hold(n);
	err = fd;
	if (fd >= 0) {
		dir = node_hold(parent);
		err = dir;
		if (dir >= 0) {
			err = lkl_sys_linkat(fd, "", dir, name,
					     LKL_AT_EMPTY_PATH);
			node_drop(parent);
		}
		node_drop(n);
	}
	if (!err)
		err = nodes_lookup(parent, name, &e);
	reply_entry(req, err, &e);
}

void do_unlink(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	fuse_reply_err(req, -nodes_unlink(node_of(parent), name, 0));
}

void do_rmdir(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	fuse_reply_err(req, -nodes_unlink(node_of(parent), name,
					  LKL_AT_REMOVEDIR));
}

void do_rename(fuse_req_t req, fuse_ino_t parent, const char *name,
	       fuse_ino_t to, const char *new_name, unsigned int flags)
{
	fuse_reply_err(req, -nodes_rename(node_of(parent), name, node_of(to),
					  new_name, flags));
}
