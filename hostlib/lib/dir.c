// SPDX-License-Identifier: GPL-2.0
/*
 * dir.c - Reading directories, in the manner of opendir(3)
 */
#include <lkl.h>

#include <stdlib.h>

/**
 * struct lkl_dir - A directory that is being read
 * @fd:		descriptor
 * @err:	of the last read, negative or 0
 * @pos:	next entry in @buf
 * @len:	bytes of entries in @buf
 * @buf:	entries as the kernel wrote them
 */
struct lkl_dir {
	int fd;
	int err;
	size_t pos;
	size_t len;
	char buf[4096] __attribute__((aligned(8)));
};

struct lkl_dir *lkl_fdopendir(int fd, int *err)
{
	struct lkl_dir *dir = malloc(sizeof(*dir));

	if (!dir) {
		*err = -LKL_ENOMEM;
		return NULL;
	}
	dir->fd = fd;
	dir->err = 0;
	dir->pos = 0;
	dir->len = 0;
	*err = 0;
	return dir;
}

struct lkl_dir *lkl_opendir(const char *path, int *err)
{
	long fd = lkl_sys_open(path, LKL_O_RDONLY | LKL_O_DIRECTORY |
			       LKL_O_CLOEXEC, 0);
	struct lkl_dir *dir;

	if (fd < 0) {
		*err = fd;
		return NULL;
	}
	dir = lkl_fdopendir(fd, err);
	if (!dir)
		lkl_sys_close(fd);
	return dir;
}

/**
 * fill() - Read more entries
 * @dir:	directory, all entries of its buffer used
 *
 * Return: number of bytes, 0 at the end or on an error
 */
static size_t fill(struct lkl_dir *dir)
{
	long len = lkl_sys_getdents64(dir->fd, (void *)dir->buf,
				      sizeof(dir->buf));

	dir->err = len < 0 ? len : 0;
	dir->len = len < 0 ? 0 : len;
	dir->pos = 0;
	return dir->len;
}

struct lkl_linux_dirent64 *lkl_readdir(struct lkl_dir *dir)
{
	struct lkl_linux_dirent64 *entry;

	if (dir->pos >= dir->len && !fill(dir))
		return NULL;
	entry = (void *)(dir->buf + dir->pos);
	dir->pos += entry->d_reclen;
	return entry;
}

int lkl_errdir(struct lkl_dir *dir)
{
	return dir->err;
}

void lkl_rewinddir(struct lkl_dir *dir)
{
	long pos = lkl_sys_lseek(dir->fd, 0, LKL_SEEK_SET);

	dir->err = pos < 0 ? pos : 0;
	dir->pos = 0;
	dir->len = 0;
}

int lkl_dirfd(struct lkl_dir *dir)
{
	return dir->fd;
}

int lkl_closedir(struct lkl_dir *dir)
{
	int err = lkl_sys_close(dir->fd);

	free(dir);
	return err;
}
