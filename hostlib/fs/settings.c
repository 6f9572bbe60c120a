// SPDX-License-Identifier: GPL-2.0
/* settings.c - The settings of the work with an image */
#include <stdlib.h>
#include <string.h>

#include "fs/fs.h"

#define DEFAULT_MEMORY	64

struct lkl_fs *lkl_fs_new(void)
{
	struct lkl_fs *fs = calloc(1, sizeof(*fs));

	if (!fs)
		return NULL;
	fs->buffer = malloc(BUFFER_SIZE);
	if (!fs->buffer) {
		free(fs);
		return NULL;
	}
	fs->progress = &fs->own;
	fs->memory = DEFAULT_MEMORY;
	fs->disk_id = -1;
	fs->root = -1;
	fs->disk.fd = -1;
	fs->labels_fd = -1;
	fs->uid = -1;
	fs->gid = -1;
	return fs;
}

static int append(char ***list, int *count, const char *text)
{
	char **more = reallocarray(*list, *count + 1, sizeof(*more));

	if (!more)
		return -LKL_ENOMEM;
	*list = more;
	more[*count] = strdup(text);
	return more[*count] ? (++*count, 0) : -LKL_ENOMEM;
}

static void free_list(char **list, int count)
{
	while (count)
		free(list[--count]);
	free(list);
}

void lkl_fs_free(struct lkl_fs *fs)
{
	free_list(fs->excludes, fs->nexcludes);
	free_list(fs->sources, fs->nsources);
	free(fs->label);
	free(fs->text);
	free(fs->shown);
	free(fs->buffer);
	free(fs);
}

void lkl_fs_set_progress(struct lkl_fs *fs, struct lkl_fs_progress *progress)
{
	fs->progress = progress;
}

void lkl_fs_set_totals(struct lkl_fs *fs)
{
	fs->totals = true;
}

void lkl_fs_set_kernel_log(struct lkl_fs *fs)
{
	fs->kernel_log = true;
}

void lkl_fs_set_memory(struct lkl_fs *fs, unsigned int mib)
{
	fs->memory = mib;
}

int lkl_fs_exclude(struct lkl_fs *fs, const char *pattern)
{
	return append(&fs->excludes, &fs->nexcludes, pattern);
}

int lkl_fs_add_source(struct lkl_fs *fs, const char *path)
{
	return append(&fs->sources, &fs->nsources, path);
}

void lkl_fs_set_owner(struct lkl_fs *fs, long long uid, long long gid)
{
	fs->uid = uid;
	fs->gid = gid;
}

int lkl_fs_set_label(struct lkl_fs *fs, const char *label)
{
	free(fs->label);
	fs->label = strdup(label);
	return fs->label ? 0 : -LKL_ENOMEM;
}

void lkl_fs_set_numeric(struct lkl_fs *fs)
{
	fs->numeric = true;
}

void lkl_fs_set_labels_fd(struct lkl_fs *fs, int fd)
{
	fs->labels_fd = fd;
}
