// SPDX-License-Identifier: GPL-2.0
/*
 * nodes.c - The files that the host's kernel knows
 *
 * Theory of operation
 * -------------------
 * A node is a file that the host's kernel has looked up and not forgotten. It
 * is known by device and inode number, so that all hard links are one node. Its
 * descriptor in the LKL kernel (O_PATH) is what operations start from.
 *
 * The host's kernel remembers as much as it has memory for, the LKL kernel has
 * little, and an inode with a descriptor cannot leave its memory. So only some
 * descriptors stay open, those used last. Others are opened once more when
 * needed, by the name that the node was last seen under, in the directory that
 * is its parent node, which may have to be opened likewise.
 *
 * Invariants
 * - A node without a descriptor has a name, and the name is right: names change
 *   only in node_names.c. When the name goes away (unlink, or a rename over it)
 *   the node's descriptor is open by then, and stays open until the node is
 *   forgotten or seen under another name. So a file that was deleted is there
 *   while it is in use, and its number is not given to another one.
 * - A node lives as long as the host's kernel counts look-ups of it, or it is
 *   the parent of a node, or in use.
 *
 * Locks: node_names_lock is held for writing while names go away or change, and
 * for reading while a name is used to open something, so that both are one step.
 * node_table_lock, taken inside, guards all fields of all nodes; nothing that
 * takes long is done with it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "fuse/nodes.h"

/* Types of file systems: what statfs() tells. */
#define MAGIC_EXT	0xef53
#define MAGIC_XFS	0x58465342
#define MAGIC_BTRFS	0x9123683e
#define MAGIC_F2FS	0xf2f52010
#define MAGIC_SQUASHFS	0x73717368
#define MAGIC_EROFS	0xe0f5e1e2

/* Above all inode numbers: where the numbers of subvolumes go. */
#define SUBVOLUME_SHIFT	48

static bool is_unix;

/*
 * Subvolumes of btrfs have inode numbers of their own, and files in them could
 * be taken for hard links of others. So what distinguishes their devices is
 * added. Return: that
 */
static unsigned long long subvolume(unsigned long long dev)
{
	return (unsigned long long)(minor(dev) - minor(node_root.dev)) <<
	       SUBVOLUME_SHIFT;
}

/**
 * nodes_stat() - Attributes of a file, as the host's kernel is to see them
 * @fd:	descriptor in the LKL kernel
 * @st:	receives them
 *
 * Return: 0 or a negative errno
 */
int nodes_stat(int fd, struct stat *st)
{
	long err;

	_Static_assert(sizeof(struct lkl_stat) == sizeof(*st),
		       "both kernels have one ABI");
	err = lkl_sys_newfstatat(fd, "", (struct lkl_stat *)st,
				 LKL_AT_EMPTY_PATH);
	if (!err)
		st->st_ino += subvolume(st->st_dev);
	return err;
}

/**
 * node_show_ino() - What nodes_stat() would make of an inode number
 * @n:		directory that it is in
 * @ino:	number
 */
unsigned long long node_show_ino(struct node *n, unsigned long long ino)
{
	return ino + subvolume(n->dev);
}

/** node_open_path() - Return: a descriptor for what has a name, or an error */
int node_open_path(int dir, const char *name)
{
	return lkl_sys_openat(dir, name,
			      LKL_O_PATH | LKL_O_NOFOLLOW | LKL_O_CLOEXEC, 0);
}

/**
 * adopt() - Give a node that was closed its descriptor
 * @n:		node
 * @fd:		descriptor of what has its name
 *
 * Where inode numbers are made up when a file is used (vfat, exfat) the file
 * may have got another one.
 *
 * Return: descriptor, in use, or a negative errno (-ESTALE: this is another
 * file, as on a damaged file system)
 */
static int adopt(struct node *n, int fd)
{
	int spare = fd, ret;
	struct stat st;

	ret = nodes_stat(fd, &st);
	pthread_mutex_lock(&node_table_lock);
	if (!ret && n->fd < 0 && (st.st_dev != n->dev || st.st_ino != n->ino)) {
		if (is_unix || node_find(st.st_dev, st.st_ino)) {
			ret = -ESTALE;
		} else {
			node_unhash(n);
			n->ino = st.st_ino;
			node_hash(n);
		}
	}
	if (!ret) {
		if (n->fd < 0) {
			n->fd = fd;
			spare = -1;
		}
		node_use(n);
		ret = n->fd;
	}
	pthread_mutex_unlock(&node_table_lock);
	node_close_fd(spare);
	return ret;
}

/**
 * reopen() - Open the descriptor of a node by its name; node_names_lock held
 * @n:	node
 *
 * Return: descriptor, in use, or a negative errno
 */
static int reopen(struct node *n)
{
	struct node *parent;
	const char *name;
	int dir, fd;

	pthread_mutex_lock(&node_table_lock);
	parent = n->parent;
	name = n->name;
	pthread_mutex_unlock(&node_table_lock);
	if (!name)
		return -ESTALE;
	dir = node_hold_known(parent);
	if (dir < 0)
		return dir;
	fd = node_open_path(dir, name);
	node_drop(parent);
	if (fd < 0)
		return fd == -LKL_ENOENT ? -ESTALE : fd;
	return adopt(n, fd);
}

/* Use the descriptor of a node if it is open. Return: it, or -1 */
static int hold_open(struct node *n)
{
	int fd;

	pthread_mutex_lock(&node_table_lock);
	fd = n->fd;
	if (fd >= 0)
		node_use(n);
	pthread_mutex_unlock(&node_table_lock);
	return fd;
}

/** node_hold_known() - node_hold() with node_names_lock held */
int node_hold_known(struct node *n)
{
	int fd = hold_open(n);

	return fd >= 0 ? fd : reopen(n);
}

/**
 * node_hold() - Use the descriptor of a node
 * @n:	node
 *
 * Return: descriptor, open until node_drop(); or a negative errno
 */
int node_hold(struct node *n)
{
	int fd = hold_open(n);

	if (fd >= 0)
		return fd;
	pthread_rwlock_rdlock(&node_names_lock);
	fd = reopen(n);
	pthread_rwlock_unlock(&node_names_lock);
	return fd;
}

/** node_drop() - End the use of what node_hold() has returned */
void node_drop(struct node *n)
{
	int spare;

	pthread_mutex_lock(&node_table_lock);
	n->users--;
	spare = node_settle(n);
	node_release(n);
	pthread_mutex_unlock(&node_table_lock);
	node_close_fd(spare);
}

/**
 * add() - Count a look-up of a file; node_names_lock held
 * @parent:	directory
 * @name:	its name there
 * @fd:		its descriptor, belongs to the node
 * @st:		its attributes
 *
 * Return: the node, or NULL: no memory
 */
static struct node *add(struct node *parent, const char *name, int fd,
			const struct stat *st)
{
	unsigned long long ino = st->st_ino;
	int spare = fd, other = -1;
	struct node *n;

	pthread_mutex_lock(&node_table_lock);
	n = node_find(st->st_dev, ino);
	if (!n) {
		n = calloc(1, sizeof(*n));
		if (n) {
			n->dev = st->st_dev;
			n->ino = ino;
			n->fd = -1;
			node_hash(n);
		}
	}
	if (n) {
		n->lookups++;
		if (n->fd < 0) {
			n->fd = fd;
			spare = -1;
		}
		/* One name is enough, and it may be in use. */
		if (!n->name)
			node_set_name(n, parent, name);
		other = node_settle(n);
	}
	pthread_mutex_unlock(&node_table_lock);
	node_close_fd(spare);
	node_close_fd(other);
	return n;
}

static int lookup(struct node *parent, const char *name,
		  struct fuse_entry_param *e)
{
	struct node *n;
	int dir, fd;
	int err;

	dir = node_hold_known(parent);
	if (dir < 0)
		return dir;
	fd = node_open_path(dir, name);
	node_drop(parent);
	if (fd < 0)
		return fd;
	err = nodes_stat(fd, &e->attr);
	if (err) {
		lkl_sys_close(fd);
		return err;
	}
	n = add(parent, name, fd, &e->attr);
	if (!n)
		return -ENOMEM;
	e->ino = (uintptr_t)n;
	return 0;
}

/**
 * nodes_lookup() - Look up a name for the host's kernel
 * @parent:	directory
 * @name:	name in it, neither "." nor ".."
 * @e:		receives what is to be answered
 *
 * Return: 0, and the look-up counts until node_forget(); or a negative errno
 */
int nodes_lookup(struct node *parent, const char *name,
		 struct fuse_entry_param *e)
{
	int err;

	memset(e, 0, sizeof(*e));
	e->attr_timeout = FOREVER;
	/* In others "a" and "A" can be one file, under two names for the host. */
	e->entry_timeout = is_unix ? FOREVER : 0;
	pthread_rwlock_rdlock(&node_names_lock);
	err = lookup(parent, name, e);
	pthread_rwlock_unlock(&node_names_lock);
	return err;
}

/** node_forget() - The host's kernel forgets @count look-ups of @n */
void node_forget(struct node *n, unsigned long count)
{
	pthread_mutex_lock(&node_table_lock);
	n->lookups -= count;
	node_release(n);
	pthread_mutex_unlock(&node_table_lock);
}

/** fd_path() - A path in the LKL kernel of what a descriptor there is for */
void fd_path(char path[FD_PATH_SIZE], int fd)
{
	snprintf(path, FD_PATH_SIZE, "/proc/self/fd/%d", fd);
}

/**
 * node_open() - Open a file to work with its contents
 * @n:		node
 * @flags:	of open()
 *
 * Return: descriptor in the LKL kernel, or a negative errno
 */
int node_open(struct node *n, int flags)
{
	char path[FD_PATH_SIZE];
	int fd = node_hold(n);

	if (fd < 0)
		return fd;
	fd_path(path, fd);
	fd = lkl_sys_open(path, flags | LKL_O_CLOEXEC, 0);
	node_drop(n);
	return fd;
}

/** node_of() - The node of a number of the host's kernel */
struct node *node_of(fuse_ino_t ino)
{
	return ino == FUSE_ROOT_ID ? &node_root : (struct node *)(uintptr_t)ino;
}

/** nodes_are_unix() - Return: names are bytes, and inode numbers last */
bool nodes_are_unix(void)
{
	return is_unix;
}

/**
 * nodes_init() - Begin with the root of the file system
 * @fd:		its descriptor in the LKL kernel, stays the caller's
 * @max_fds:	how many descriptors to keep open that are not in use
 *
 * Return: 0 or a negative errno
 */
int nodes_init(int fd, unsigned int max_fds)
{
	struct lkl_statfs fs;
	struct stat st;
	long err;

	err = lkl_sys_newfstatat(fd, "", (struct lkl_stat *)&st,
				 LKL_AT_EMPTY_PATH);
	if (!err)
		err = lkl_sys_fstatfs(fd, &fs);
	if (err)
		return err;
	switch (fs.f_type) {
	case MAGIC_EXT:
	case MAGIC_XFS:
	case MAGIC_BTRFS:
	case MAGIC_F2FS:
	case MAGIC_SQUASHFS:
	case MAGIC_EROFS:
		is_unix = true;
	}
	node_root.dev = st.st_dev;
	node_root.ino = st.st_ino;
	node_root.fd = fd;
	node_hash(&node_root);
	node_idle_max = max_fds;
	return 0;
}
