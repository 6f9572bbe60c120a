// SPDX-License-Identifier: GPL-2.0
/*
 * right.c - Files that are on their way in messages of the host
 *
 * A message between processes of the host can carry only what is the host's.
 * So one end of a socket pair is sent in place of a file of this kernel, which
 * keeps the file here under a number, and has the other end, the line. Who gets
 * the number with the message takes the file, as often as he likes.
 *
 * The host counts who has the end that was sent, messages that nobody has
 * received included: when there is none the line breaks, and the file goes.
 *
 * As in hostfd.c a report may be late, so records are used again, never freed,
 * and the line is asked before a report is believed. Nothing that touches them
 * sleeps, so there is no lock.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/hashtable.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include "engine.h"

/**
 * struct right - A file on its way
 * @src:	source of what happens to the line
 * @end:	looks at the line, where files may be closed
 * @node:	in the table; @free: in the list of unused ones
 * @number:	by which it is taken, positive
 * @line:	our descriptor on the host
 * @file:	the file, NULL: not in use
 */
struct right {
	struct lkl_source src;
	struct work_struct end;
	union {
		struct hlist_node node;
		struct right *free;
	};
	long number;
	int line;
	struct file *file;
};

static DEFINE_HASHTABLE(rights, 6);
static struct right *free_list;

static struct right *find(long number)
{
	struct right *r;

	hash_for_each_possible(rights, r, node, number)
		if (r->number == number)
			return r;
	return NULL;
}

static void let_go(struct right *r)
{
	struct file *file = r->file;

	hash_del(&r->node);
	lkl_host->unwatch(r->line, &r->src);
	lkl_host->guest_drop(r->line);
	r->file = NULL;
	r->free = free_list;
	free_list = r;
	fput(file);
}

static void look_at_line(struct work_struct *work)
{
	struct right *r = container_of(work, struct right, end);
	int life = 1;

	while (r->file && life > 0) {
		life = lkl_host->guest_life(r->line);
		if (life < 0)
			let_go(r);
	}
}

static void line_handler(struct lkl_source *src, unsigned int events)
{
	schedule_work(&container_of(src, struct right, src)->end);
}

/* A record that is not in use, NULL: there is no memory */
static struct right *new_right(void)
{
	struct right *r = free_list;

	if (r) {
		free_list = r->free;
		return r;
	}
	r = kzalloc(sizeof(*r), GFP_KERNEL);
	if (!r)
		return NULL;
	r->src.handler = line_handler;
	INIT_WORK(&r->end, look_at_line);
	return r;
}

/**
 * lkl_right_leave() - Keep a file for whom a message tells its number
 * @fd:		descriptor of the file
 * @line:	descriptor of the calling process on the host: the other end of
 *		what is sent
 *
 * Return: the number, or a negative errno
 */
long lkl_right_leave(int fd, int line)
{
	struct file *file = fget(fd);
	struct right *r;
	int err;

	if (!file)
		return -EBADF;
	r = new_right();
	line = r ? lkl_host->guest_fd(current->thread.far, line) : -ENOMEM;
	if (line < 0) {
		err = line;
		goto no_line;
	}
	do
		r->number = get_random_long() & LONG_MAX;
	while (!r->number || find(r->number));
	r->line = line;
	r->file = file;
	hash_add(rights, &r->node, r->number);
	err = lkl_host->watch(line, LKL_EVENT_HUP, &r->src);
	if (!err)
		return r->number;
	let_go(r);
	return err;
no_line:
	if (r) {
		r->free = free_list;
		free_list = r;
	}
	fput(file);
	return err;
}

/**
 * lkl_right_take() - Have a file that a message has told of
 * @number:	its number
 * @flags:	0 or O_CLOEXEC
 *
 * Return: descriptor, or a negative errno (-ENOENT: there is no such file)
 */
long lkl_right_take(long number, int flags)
{
	int fd = get_unused_fd_flags(flags & O_CLOEXEC);
	struct right *r = find(number);

	if (fd < 0)
		return fd;
	if (!r) {
		put_unused_fd(fd);
		return -ENOENT;
	}
	fd_install(fd, get_file(r->file));
	return fd;
}

/**
 * lkl_rights_drop() - Nobody will take anything any more
 *
 * Return: 0
 */
long lkl_rights_drop(void)
{
	struct hlist_node *next;
	struct right *r;
	int i;

	hash_for_each_safe(rights, i, next, r, node)
		let_go(r);
	return 0;
}
