// SPDX-License-Identifier: GPL-2.0
/* directories.c - Operations on directories that are being read */
#include <stdlib.h>
#include <string.h>

#include "fuse/lklfuse.h"

#define ENTRIES_SIZE	(32 << 10)

/**
 * struct directory - An open directory
 * @fd:		its descriptor in the LKL kernel
 * @pos:	position behind the entry before @at
 * @at:		next entry in @entries
 * @len:	bytes there are in @entries
 * @entries:	as getdents64() gives them
 */
struct directory {
	int fd;
	off_t pos;
	long at;
	long len;
	char entries[ENTRIES_SIZE] __attribute__((aligned(8)));
};

static struct directory *directory_of(const struct fuse_file_info *fi)
{
	return (struct directory *)(uintptr_t)fi->fh;
}

/** dir_fd() - Descriptor in the LKL kernel of an open directory */
int dir_fd(const struct fuse_file_info *fi)
{
	return directory_of(fi)->fd;
}

void do_opendir(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	struct directory *d = malloc(sizeof(*d));

	if (!d) {
		fuse_reply_err(req, LKL_ENOMEM);
		return;
	}
	d->fd = node_open(node_of(ino), LKL_O_RDONLY | LKL_O_DIRECTORY);
	if (d->fd < 0) {
		fuse_reply_err(req, -d->fd);
		free(d);
		return;
	}
	d->pos = 0;
	d->at = 0;
	d->len = 0;
	fi->fh = (uintptr_t)d;
	fi->keep_cache = 1;
	fi->cache_readdir = 1;
	if (fuse_reply_open(req, fi) == -LKL_ENOENT) {
		lkl_sys_close(d->fd);	/* the sender was interrupted */
		free(d);
	}
}

void do_releasedir(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	struct directory *d = directory_of(fi);

	(void)ino;
	lkl_sys_close(d->fd);
	free(d);
	fuse_reply_err(req, 0);
}

void do_fsyncdir(fuse_req_t req, fuse_ino_t ino, int datasync,
		 struct fuse_file_info *fi)
{
	int fd = dir_fd(fi);

	(void)ino;
	fuse_reply_err(req, -(datasync ? lkl_sys_fdatasync(fd) :
					 lkl_sys_fsync(fd)));
}

/**
 * peek() - The next entry
 * @d:		directory
 * @entry:	receives it, or NULL at the end
 *
 * Return: 0 or a negative errno
 */
static int peek(struct directory *d, struct lkl_linux_dirent64 **entry)
{
	*entry = NULL;
	if (d->at >= d->len) {
		long len = lkl_sys_getdents64(d->fd, (void *)d->entries,
					      sizeof(d->entries));

		if (len <= 0)
			return len;
		d->at = 0;
		d->len = len;
	}
	*entry = (void *)(d->entries + d->at);
	return 0;
}

static int seek(struct directory *d, off_t off)
{
	long pos;

	if (off == d->pos)
		return 0;
	pos = lkl_sys_lseek(d->fd, off, LKL_SEEK_SET);
	d->pos = off;
	d->at = 0;
	d->len = 0;
	return pos < 0 ? pos : 0;
}

static bool is_dots(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
}

/**
 * add_plus() - Add an entry with its attributes to the answer
 * @req:	request
 * @dir:	directory
 * @entry:	entry
 * @st:		what is known of it
 * @buf:	where it goes
 * @size:	room there
 *
 * One whose attributes cannot be had is there all the same. "." and ".." are
 * not looked up.
 *
 * Return: size of the entry; if that is more than @size, it has not been added
 */
static size_t add_plus(fuse_req_t req, struct node *dir,
		       const struct lkl_linux_dirent64 *entry,
		       const struct stat *st, char *buf, size_t size)
{
	const char *name = entry->d_name;
	struct fuse_entry_param e;
	size_t need = fuse_add_direntry_plus(req, NULL, 0, name, NULL, 0);

	if (need > size)
		return need;
	if (is_dots(name) || nodes_lookup(dir, name, &e)) {
		memset(&e, 0, sizeof(e));
		e.attr = *st;
	}
	return fuse_add_direntry_plus(req, buf, size, name, &e, entry->d_off);
}

static void read_entries(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
			 struct directory *d, bool plus)
{
	struct lkl_linux_dirent64 *entry;
	struct node *dir = node_of(ino);
	char *buf = malloc(size);
	size_t used = 0, need;
	int err;

	err = buf ? seek(d, off) : -LKL_ENOMEM;
	while (!err) {
		struct stat st = { 0 };

		err = peek(d, &entry);
		if (err || !entry)
			break;
		st.st_ino = node_show_ino(dir, entry->d_ino);
		st.st_mode = entry->d_type << 12;
		need = plus ? add_plus(req, dir, entry, &st, buf + used,
				       size - used) :
			      fuse_add_direntry(req, buf + used, size - used,
						entry->d_name, &st,
						entry->d_off);
		if (need > size - used)
			break;
		used += need;
		d->at += entry->d_reclen;
		d->pos = entry->d_off;
	}
	if (err && !used)
		fuse_reply_err(req, -err);
	else
		fuse_reply_buf(req, buf, used);
	free(buf);
}

void do_readdir(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
		struct fuse_file_info *fi)
{
	read_entries(req, ino, size, off, directory_of(fi), false);
}

void do_readdirplus(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
		    struct fuse_file_info *fi)
{
	read_entries(req, ino, size, off, directory_of(fi), true);
}
