// SPDX-License-Identifier: GPL-2.0
/*
 * node_names.c - Names of nodes that go away or change
 *
 * nodes.c has the whole story.
 */
#include "fuse/nodes.h"

/**
 * hold_named() - The node that has a name, if there is one; node_names_lock held
 * @dir:	descriptor of the directory
 * @name:	name
 *
 * Return: the node, with its descriptor in use, or NULL
 */
static struct node *hold_named(int dir, const char *name)
{
	int fd = node_open_path(dir, name), spare = fd;
	struct node *n = NULL;
	struct stat st;

	if (fd < 0)
		return NULL;
	if (!nodes_stat(fd, &st)) {
		pthread_mutex_lock(&node_table_lock);
		n = node_find(st.st_dev, st.st_ino);
		if (n) {
			if (n->fd < 0) {
				n->fd = fd;
				spare = -1;
			}
			node_use(n);
		}
		pthread_mutex_unlock(&node_table_lock);
	}
	node_close_fd(spare);
	return n;
}

/* End the use of hold_named(); a name that is gone is forgotten. */
static void drop_named(struct node *n, struct node *parent, const char *name,
		       bool gone)
{
	if (!n)
		return;
	pthread_mutex_lock(&node_table_lock);
	if (gone && node_is_named(n, parent, name))
		node_set_name(n, NULL, NULL);
	pthread_mutex_unlock(&node_table_lock);
	node_drop(n);
}

/**
 * nodes_unlink() - Remove a name
 * @parent:	directory
 * @name:	name
 * @flags:	of unlinkat()
 *
 * Return: 0 or a negative errno
 */
int nodes_unlink(struct node *parent, const char *name, int flags)
{
	struct node *n;
	int dir, err;

	pthread_rwlock_wrlock(&node_names_lock);
	dir = node_hold_known(parent);
	err = dir;
	if (dir >= 0) {
		n = hold_named(dir, name);
		err = lkl_sys_unlinkat(dir, name, flags);
		drop_named(n, parent, name, !err);
		node_drop(parent);
	}
	pthread_rwlock_unlock(&node_names_lock);
	return err;
}

static void move(struct node *n, struct node *to, const char *name)
{
	if (!n)
		return;
	pthread_mutex_lock(&node_table_lock);
	node_set_name(n, to, name);
	pthread_mutex_unlock(&node_table_lock);
}

static int rename_held(struct node *parent, int dir, const char *name,
		       struct node *to, int to_dir, const char *new_name,
		       unsigned int flags)
{
	struct node *n = hold_named(dir, name);
	struct node *over = hold_named(to_dir, new_name);
	bool exchange = flags & LKL_RENAME_EXCHANGE;
	int err;

	err = lkl_sys_renameat2(dir, name, to_dir, new_name, flags);
	if (!err) {
		move(n, to, new_name);
		if (exchange)
			move(over, parent, name);
	}
	/* Of the same file, the new name is there. */
	drop_named(over, to, new_name, !err && !exchange && over != n);
	drop_named(n, parent, name, false);
	return err;
}

/**
 * nodes_rename() - Change a name
 * @parent:	directory
 * @name:	name
 * @to:		new directory
 * @new_name:	new name
 * @flags:	of renameat2()
 *
 * Return: 0 or a negative errno
 */
int nodes_rename(struct node *parent, const char *name, struct node *to,
		 const char *new_name, unsigned int flags)
{
	int dir, to_dir, err;

	pthread_rwlock_wrlock(&node_names_lock);
	dir = node_hold_known(parent);
	err = dir;
	if (dir >= 0) {
		to_dir = node_hold_known(to);
		err = to_dir;
		if (to_dir >= 0) {
			err = rename_held(parent, dir, name, to, to_dir,
					  new_name, flags);
			node_drop(to);
		}
		node_drop(parent);
	}
	pthread_rwlock_unlock(&node_names_lock);
	return err;
}
