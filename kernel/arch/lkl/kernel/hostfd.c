// SPDX-License-Identifier: GPL-2.0
/*
 * hostfd.c - Descriptors that stand for a host descriptor in poll and epoll
 *
 * So that one wait can be about sockets of this kernel and files of the host:
 * the file here is ready when the host's is. The host reports edges to the
 * source; every edge wakes the pollers, who then ask the host for the level.
 *
 * The descriptor of a guest is one of the guest's process; ours is a duplicate,
 * and goes with the file. A new guest gets copies of the files of the process
 * that forked, but these it must not have: there they go when the descriptor
 * does, and the copies would stay (lkl_hostfds_drop()).
 *
 * A report may still be on its way from another host thread when the file is
 * released, so records are recycled, never freed: a late report then wakes a
 * poller for nothing.
 */
#include <linux/anon_inodes.h>
#include <linux/fcntl.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include "engine.h"

struct hostfd {
	struct lkl_source src;
	wait_queue_head_t wait;
	struct hostfd *free;
	unsigned int watched;
	int fd;
	bool owned;
};

static struct hostfd *free_list;

static void hostfd_ready(struct lkl_source *src, unsigned int events)
{
	struct hostfd *h = container_of(src, struct hostfd, src);

	wake_up_poll(&h->wait, (__force __poll_t)events);
}

static __poll_t hostfd_poll(struct file *file, poll_table *pt)
{
	struct hostfd *h = file->private_data;
	unsigned int want = (__force unsigned int)poll_requested_events(pt);

	want &= LKL_EVENT_IN | LKL_EVENT_PRI | LKL_EVENT_OUT | LKL_EVENT_RDHUP;
	poll_wait(file, &h->wait, pt);
	if ((want | h->watched) != h->watched || !h->watched) {
		h->watched |= want | LKL_EVENT_ERR;
		lkl_host->watch(h->fd, h->watched, &h->src);
	}
	return (__force __poll_t)lkl_host->fd_poll(h->fd, want);
}

static int hostfd_release(struct inode *inode, struct file *file)
{
	struct hostfd *h = file->private_data;

	if (h->watched)
		lkl_host->unwatch(h->fd, &h->src);
	if (h->owned)
		lkl_host->guest_drop(h->fd);
	h->free = free_list;
	free_list = h;
	return 0;
}

static const struct file_operations hostfd_fops = {
	.poll		= hostfd_poll,
	.release	= hostfd_release,
};

/**
 * lkl_hostfd_create() - Make a stand-in for a host descriptor
 * @fd:	the host's descriptor; to be closed after this one
 *
 * Return: a descriptor, or a negative errno
 */
long lkl_hostfd_create(int fd)
{
	struct hostfd *h = free_list;
	int far = current->thread.far;
	int ret;

	if (far) {
		fd = lkl_host->guest_fd(far, fd);
		if (fd < 0)
			return fd;
	}
	if (h) {
		free_list = h->free;
	} else {
		h = kzalloc(sizeof(*h), GFP_KERNEL);
		if (!h) {
			if (far)
				lkl_host->guest_drop(fd);
			return -ENOMEM;
		}
		h->src.handler = hostfd_ready;
		init_waitqueue_head(&h->wait);
	}
	h->fd = fd;
	h->owned = far;
	h->watched = 0;
	ret = anon_inode_getfd("[hostfd]", &hostfd_fops, h, O_RDWR | O_CLOEXEC);
	if (ret < 0) {
		if (far)
			lkl_host->guest_drop(fd);
		h->free = free_list;
		free_list = h;
	}
	return ret;
}

static int drop(const void *data, struct file *file, unsigned int fd)
{
	return file->f_op == &hostfd_fops ? fd + 1 : 0;
}

/** lkl_hostfds_drop() - Close all stand-ins that the current task has */
void lkl_hostfds_drop(void)
{
	int fd = 0;

	while ((fd = iterate_fd(current->files, fd, drop, NULL)))
		close_fd(fd - 1);
}
