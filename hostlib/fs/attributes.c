// SPDX-License-Identifier: GPL-2.0
/*
 * attributes.c - Giving copies the attributes of their sources
 *
 * Some file systems do not keep all of them, and some need root to set them.
 * That is told once for each kind, and is no failure.
 */
#include <string.h>

#include "fs/fs.h"

#define OWNERS		1
#define PERMISSIONS	2
#define XATTRS		4
#define TIMES		8

static const char *kind_name(unsigned int kind)
{
	return kind == OWNERS ? "owners" : kind == PERMISSIONS ?
	       "permissions" : kind == TIMES ? "times" : "extended attributes";
}

/**
 * settle() - Deal with the result of setting an attribute
 * @k:		keeper
 * @e:		source
 * @kind:	OWNERS and so on
 * @err:	0 or a negative errno
 *
 * Return: true if the attribute was set
 */
static bool settle(struct keeper *k, const struct fs_entry *e, unsigned int kind,
		   long err)
{
	if (!err)
		return true;
	if (err != -LKL_EPERM && err != -LKL_EOPNOTSUPP) {
		fs_fail(k->fs, e->path, "set all attributes", err);
	} else if (!(k->lost & kind)) {
		k->lost |= kind;
		fs_say(k->fs, 'N', "%s: %s cannot be kept: %s", e->path,
		       kind_name(kind), lkl_strerror(err));
	}
	return false;
}

/**
 * struct target - Where extended attributes go
 * @k:		keeper
 * @e:		source
 * @name:	name of the copy
 */
struct target {
	struct keeper *k;
	const struct fs_entry *e;
	const char *name;
};

static int set_xattr(void *arg, const struct xattr *x)
{
	struct target *t = arg;

	if (t->k->fs->label && !strcmp(x->name, "security.selinux"))
		return 0;
	settle(t->k, t->e, XATTRS, CALL(t->k->to, lsetxattr, t->name, x->name,
					x->value, x->size, 0));
	return 0;
}

static void keep_xattrs(struct keeper *k, const struct fs_entry *e,
			const char *name)
{
	struct target t = { k, e, name };
	const char *label = k->fs->label;
	long err = fs_xattrs(k->from, e->name, set_xattr, &t);

	if (err)
		fs_fail(k->fs, e->path, "read the attributes", err);
	if (label)
		settle(k, e, XATTRS, CALL(k->to, lsetxattr, name,
					  "security.selinux", label,
					  strlen(label) + 1, 0));
}

/* Is the file the caller's already? Then there is nothing to set. */
static bool owned_by(struct keeper *k, const char *name, unsigned int uid,
		     unsigned int gid)
{
	struct lkl_statx st;

	return !CALL(k->to, statx, LKL_AT_FDCWD, name,
		     LKL_AT_SYMLINK_NOFOLLOW, LKL_STATX_BASIC_STATS, &st) &&
	       st.stx_uid == uid && st.stx_gid == gid;
}

/**
 * keep_attributes() - Give a copy the attributes of its source
 * @k:		keeper
 * @e:		source
 * @name:	the copy, in the working directory of its side
 *
 * In this order: a change of the owner takes away set-user-id bits and
 * capabilities, and anything changes times. A file whose owner cannot be kept
 * does not run with the rights of another one.
 */
void keep_attributes(struct keeper *k, const struct fs_entry *e, const char *name)
{
	unsigned int uid = k->fs->uid >= 0 ? k->fs->uid : e->st.stx_uid;
	unsigned int gid = k->fs->gid >= 0 ? k->fs->gid : e->st.stx_gid;
	unsigned int mode = e->st.stx_mode & 07777;
	struct __lkl__kernel_timespec times[2] = {
		{ e->st.stx_atime.tv_sec, e->st.stx_atime.tv_nsec },
		{ e->st.stx_mtime.tv_sec, e->st.stx_mtime.tv_nsec },
	};

	if (!owned_by(k, name, uid, gid) &&
	    !settle(k, e, OWNERS, CALL(k->to, fchownat, LKL_AT_FDCWD, name, uid,
				       gid, LKL_AT_SYMLINK_NOFOLLOW)))
		mode &= 01777;
	if (!is_type(e, LKL_S_IFLNK))
		settle(k, e, PERMISSIONS, CALL(k->to, fchmodat, LKL_AT_FDCWD,
					       name, mode));
	keep_xattrs(k, e, name);
	settle(k, e, TIMES, CALL(k->to, utimensat, LKL_AT_FDCWD, name, times,
				 LKL_AT_SYMLINK_NOFOLLOW));
}
