/* SPDX-License-Identifier: GPL-2.0 */
/*
 * nodes.h - What the files about nodes have in common; nodes.c explains it
 */
#ifndef FUSE_NODES_H
#define FUSE_NODES_H

#include <pthread.h>

#include "fuse/lklfuse.h"

/**
 * struct node - A file that the host's kernel knows
 * @next:	in the hash chain
 * @newer:	in the list of descriptors that may be closed
 * @older:	the other direction
 * @parent:	directory that it was last seen in, or NULL
 * @name:	its name there, or NULL
 * @dev:	device number of the file, in the LKL kernel
 * @ino:	its inode number, as the host's kernel is told
 * @lookups:	how often the host's kernel has looked it up
 * @children:	how many nodes it is the parent of
 * @users:	how many use its descriptor now
 * @fd:		its descriptor in the LKL kernel, or negative
 */
struct node {
	struct node *next;
	struct node *newer;
	struct node *older;
	struct node *parent;
	char *name;
	unsigned long long dev;
	unsigned long long ino;
	unsigned long lookups;
	unsigned int children;
	unsigned int users;
	int fd;
};

/* node_table.c */
extern pthread_rwlock_t node_names_lock;
extern pthread_mutex_t node_table_lock;
extern struct node node_root;
extern unsigned int node_idle_max;

struct node *node_find(unsigned long long dev, unsigned long long ino);
void node_hash(struct node *n);
void node_unhash(struct node *n);
void node_use(struct node *n);
int node_settle(struct node *n);
void node_release(struct node *n);
void node_set_name(struct node *n, struct node *parent, const char *name);
bool node_is_named(const struct node *n, const struct node *parent,
		   const char *name);

/* nodes.c */
int node_open_path(int dir, const char *name);
int node_hold_known(struct node *n);

/** node_close_fd() - Close a descriptor of the LKL kernel, if it is one */
static inline void node_close_fd(int fd)
{
	if (fd >= 0)
		lkl_sys_close(fd);
}

#endif /* FUSE_NODES_H */
