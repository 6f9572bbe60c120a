// SPDX-License-Identifier: GPL-2.0
/*
 * node_table.c - All nodes: found by number, closed when idle, released
 *
 * nodes.c has the whole story.
 */
#include <stdlib.h>
#include <string.h>

#include "fuse/nodes.h"

#define BUCKETS		(1 << 16)

pthread_rwlock_t node_names_lock =
	PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;
pthread_mutex_t node_table_lock = PTHREAD_MUTEX_INITIALIZER;
struct node node_root;
unsigned int node_idle_max;

static struct node *buckets[BUCKETS];

/* Nodes whose descriptor may be closed; the ends of the list are here. */
static struct node idle = { .newer = &idle, .older = &idle };
static unsigned int idle_count;

static struct node **bucket(unsigned long long dev, unsigned long long ino)
{
	unsigned long long x = (ino ^ dev << 32) * 0x9e3779b97f4a7c15ULL;

	return &buckets[x >> 48 & (BUCKETS - 1)];
}

/** node_find() - The node of a file, or NULL; node_table_lock is held */
struct node *node_find(unsigned long long dev, unsigned long long ino)
{
	struct node *n = *bucket(dev, ino);

	while (n && (n->dev != dev || n->ino != ino))
		n = n->next;
	return n;
}

/** node_hash() - Let a node be found; node_table_lock is held */
void node_hash(struct node *n)
{
	struct node **b = bucket(n->dev, n->ino);

	n->next = *b;
	*b = n;
}

/** node_unhash() - Let a node not be found; node_table_lock is held */
void node_unhash(struct node *n)
{
	struct node **b = bucket(n->dev, n->ino);

	while (*b != n)
		b = &(*b)->next;
	*b = n->next;
}

static void idle_remove(struct node *n)
{
	if (!n->newer)
		return;
	n->newer->older = n->older;
	n->older->newer = n->newer;
	n->newer = NULL;
	n->older = NULL;
	idle_count--;
}

/** node_use() - Use the descriptor of a node; node_table_lock is held */
void node_use(struct node *n)
{
	n->users++;
	idle_remove(n);
}

/**
 * node_settle() - Put a node where it belongs, after a change
 * @n:	node; node_table_lock is held
 *
 * Return: a descriptor to be closed when the lock is not held, or -1
 */
int node_settle(struct node *n)
{
	struct node *oldest;
	int fd;

	idle_remove(n);
	if (n->fd < 0 || !n->name || n->users)
		return -1;
	n->newer = &idle;
	n->older = idle.older;
	n->older->newer = n;
	idle.older = n;
	if (++idle_count <= node_idle_max)
		return -1;
	oldest = idle.newer;
	fd = oldest->fd;
	oldest->fd = -1;
	idle_remove(oldest);
	return fd;
}

/**
 * node_release() - Release a node, and its parents, if nobody needs it
 * @n:	node; node_table_lock is held
 */
void node_release(struct node *n)
{
	while (n && n != &node_root && !n->lookups && !n->children &&
	       !n->users) {
		struct node *parent = n->parent;
		int fd = n->fd;

		idle_remove(n);
		node_unhash(n);
		free(n->name);
		free(n);
		if (fd >= 0) {
			/* Of a deleted file, this can take its time. */
			pthread_mutex_unlock(&node_table_lock);
			lkl_sys_close(fd);
			pthread_mutex_lock(&node_table_lock);
		}
		if (parent)
			parent->children--;
		n = parent;
	}
}

/**
 * node_set_name() - Note where a node is; without memory it has no name
 * @n:		node; node_table_lock is held
 * @parent:	directory
 * @name:	name there, NULL for none
 */
void node_set_name(struct node *n, struct node *parent, const char *name)
{
	struct node *old = n->parent;

	if (n == &node_root)
		return;
	free(n->name);
	n->name = name ? strdup(name) : NULL;
	n->parent = n->name ? parent : NULL;
	if (n->parent)
		n->parent->children++;
	if (old) {
		old->children--;
		node_release(old);
	}
}

/** node_is_named() - Is this the name of a node? node_table_lock is held */
bool node_is_named(const struct node *n, const struct node *parent,
		   const char *name)
{
	return n->parent == parent && n->name && !strcmp(n->name, name);
}
