/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fs.h - What the parts of liblkl-fs share
 *
 * Files are on one of two sides: in the image, which is the LKL kernel's, or on
 * the host. Both understand the same system calls with the same structures, so
 * a side is no more than the function that makes a call, and code that walks or
 * copies is written once.
 *
 * Work runs in a thread that shares neither working directory nor umask with
 * others, on both sides. So trees are walked by changing directories, and a
 * file is always a plain name: no path gets too long, no component can be a
 * symbolic link, and calls that take no directory descriptor do as well.
 */
#ifndef HOSTLIB_FS_H
#define HOSTLIB_FS_H

#include <stdbool.h>
#include <stddef.h>

#include <lkl.h>
#include <lkl_fs.h>
#include "posix/raw.h"

#define BUFFER_SIZE	(1 << 20)

/**
 * struct side - Where files are
 * @call:	make a system call; return its result or a negative errno
 */
struct side {
	long (*call)(long no, long *params);
};

extern const struct side image_side, host_side;

/* CALL(side, name, ...) - make the system call of that name */
#define CALL(side, name, ...) \
	((side)->call(__lkl__NR_##name, (long[6]) { ARGS6(__VA_ARGS__) }))

/**
 * struct lkl_fs - An image, and the settings of the work with it
 * @progress:	counters; those of the caller, or @own
 * @own:	used when the caller has none
 * @disk:	the image as a disk
 * @disk_id:	its id, negative: there is none
 * @part:	partition
 * @root:	LKL descriptor of the root of the file system, negative: not open
 * @totals:	find out the totals first
 * @kernel_log:	have the kernel print its messages
 * @numeric:	no names of users and groups
 * @memory:	MiB to boot with
 * @uid:	owner of copies, -1: that of the source
 * @gid:	the same
 * @label:	security.selinux of copies, or NULL
 * @labels_fd:	where labels are written, -1: nowhere
 * @excludes:	patterns
 * @nexcludes:	their number
 * @sources:	paths of what is to be copied
 * @nsources:	their number
 * @text:	messages that have not been read
 * @text_len:	their length
 * @shown:	messages that have been read
 * @buffer:	for contents, BUFFER_SIZE bytes
 */
struct lkl_fs {
	struct lkl_fs_progress *progress;
	struct lkl_fs_progress own;
	struct lkl_disk disk;
	int disk_id;
	unsigned int part;
	int root;
	bool totals;
	bool kernel_log;
	bool numeric;
	unsigned int memory;
	long long uid;
	long long gid;
	char *label;
	int labels_fd;
	char **excludes;
	int nexcludes;
	char **sources;
	int nsources;
	char *text;
	size_t text_len;
	char *shown;
	char *buffer;
};

/* messages.c */
void fs_say(struct lkl_fs *fs, char kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
int fs_fail(struct lkl_fs *fs, const char *path, const char *what, long err);
void fs_kernel_log_start(void);
void fs_kernel_log_take(struct lkl_fs *fs);

/* work.c */
int fs_work(struct lkl_fs *fs, int (*fn)(struct lkl_fs *fs, void *arg),
	    void *arg);
bool fs_cancelled(struct lkl_fs *fs);

/* walk.c */

/**
 * struct fs_entry - A file that a walk has come to
 * @name:	its name in the working directory
 * @path:	its path below the start of the walk
 * @st:		its status
 */
struct fs_entry {
	const char *name;
	const char *path;
	struct lkl_statx st;
};

/**
 * struct visitor - What to do on a walk
 * @visit:	called for every file, for directories before their contents;
 *		return: 0, 1: leave out what is below, a negative errno to end
 *		the walk
 * @leave:	called for a directory after its contents, may be NULL; return
 *		the same
 */
struct visitor {
	int (*visit)(struct visitor *v, const struct fs_entry *e);
	int (*leave)(struct visitor *v, const struct fs_entry *e);
};

int fs_walk(struct lkl_fs *fs, const struct side *side, const char *name,
	    const char *path, struct visitor *v);
int fs_count(struct lkl_fs *fs, const struct side *side, const char *name);

static inline bool is_type(const struct fs_entry *e, unsigned int type)
{
	return (e->st.stx_mode & LKL_S_IFMT) == type;
}

/* sources.c */

/**
 * struct source - Something to be copied
 * @dir:	descriptor of its directory
 * @name:	its name there
 */
struct source {
	int dir;
	char *name;
};

/**
 * struct sources - All that is to be copied
 * @list:	sources
 * @count:	their number
 */
struct sources {
	struct source *list;
	int count;
};

int fs_open_dir(struct lkl_fs *fs, const struct side *side, const char *path);
int sources_find(struct lkl_fs *fs, const struct side *side,
		 struct sources *s);
void sources_free(const struct side *side, struct sources *s);

/* attributes.c */

/**
 * struct keeper - Gives copies the attributes of their sources
 * @fs:		image, for settings and messages
 * @from:	where the sources are
 * @to:		where the copies are
 * @lost:	what the other side does not keep, and that was told
 */
struct keeper {
	struct lkl_fs *fs;
	const struct side *from;
	const struct side *to;
	unsigned int lost;
};

void keep_attributes(struct keeper *k, const struct fs_entry *e,
		     const char *to_name);

/* data.c */

/**
 * struct extent - A part of a file
 * @off:	where it begins
 * @len:	its length, 0: there is none
 * @next:	where to look for the next one
 */
struct extent {
	unsigned long long off;
	unsigned long long len;
	unsigned long long next;
};

int fs_next_data(const struct side *side, int fd, bool sparse,
		 unsigned long long size, struct extent *ext);
long fs_read(struct lkl_fs *fs, const struct side *side, int fd, size_t len,
	     unsigned long long off);
int fs_copy_data(struct lkl_fs *fs, const struct side *from, int in,
		 const struct side *to, int out, const struct lkl_statx *st);

static inline bool is_sparse(const struct lkl_statx *st)
{
	return st->stx_blocks * 512 < st->stx_size;
}

/* stream.c */
long fs_host_write(struct lkl_fs *fs, int fd, const char *data, size_t len);

/* xattr.c */

/**
 * struct xattr - An extended attribute
 * @name:	its name
 * @value:	its value
 * @size:	of the value
 */
struct xattr {
	const char *name;
	const void *value;
	size_t size;
};

int fs_xattrs(const struct side *side, const char *name,
	      int (*each)(void *arg, const struct xattr *x), void *arg);

/* links.c */

/* struct links - Files with several names that have been met */
struct links;

struct links *links_new(void);
void links_free(struct links *links);
const char *links_find(struct links *links, const struct lkl_statx *st);
int links_add(struct links *links, const struct lkl_statx *st,
	      const char *path);

/* users.c */

/* struct users - Names of the users and groups of an image */
struct users;

struct users *users_read(struct lkl_fs *fs);
void users_free(struct users *users);
const char *user_name(struct users *users, unsigned int uid);
const char *group_name(struct users *users, unsigned int gid);

/* tar_acl.c */
struct archive_entry;

int tar_acl(struct archive_entry *e, const struct xattr *x,
	    struct users *users);

#endif /* HOSTLIB_FS_H */
