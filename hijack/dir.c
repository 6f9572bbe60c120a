// SPDX-License-Identifier: GPL-2.0
/*
 * dir.c - Directory streams of the LKL kernel
 *
 * libc reads directories with system calls of its own that no preloaded
 * library sees. A stream on an LKL descriptor is therefore ours, and so is every
 * call that takes one. Those of libc go on to libc.
 *
 * The two are told apart by a pointer of ours in the second word. libc's streams
 * have a size there, and no pointer to us anywhere. So there is no list to
 * search, and nothing that a fork could leave locked but the stream itself, as
 * with libc's.
 *
 * The directory of the program's own descriptors is read with such a stream as
 * well, which leaves those out that are none to the program.
 */
#include "names.h"

/* readdir_r(), which programs still use, is one of ours. */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

#define BUFFER 32768

/**
 * struct stream - A directory stream of ours
 * @fd:		descriptor, where libc has it as well
 * @mark:	address of ours; NULL once it is closed
 * @of_fds:	entries are numbers of the program's descriptors
 * @lock:	held by the thread that uses the rest
 * @at:		where the next entry is in @buf
 * @end:	how much there is
 * @pos:	of the directory, before the next entry
 * @buf:	entries
 */
struct stream {
	int fd;
	const void *mark;
	bool of_fds;
	pthread_mutex_t lock;
	size_t at;
	size_t end;
	off_t pos;
	char buf[BUFFER] __attribute__((aligned(__alignof__(struct dirent))));
};

static const char ours;

/**
 * stream_of() - Is a stream ours?
 * @dir:	stream
 *
 * Return: it, or NULL if it is libc's
 */
static struct stream *stream_of(DIR *dir)
{
	struct stream *s = (struct stream *)dir;

	return likely(s->mark != &ours) ? NULL : s;
}

/**
 * stream_on() - Make a stream of ours
 * @fd:		descriptor of a directory, on either kernel
 * @of_fds:	it is that of the program's descriptors
 *
 * Return: the stream, or NULL
 */
static DIR *stream_on(int fd, bool of_fds)
{
	struct stream *s = malloc(sizeof(*s));

	if (!s)
		return NULL;
	s->fd = fd;
	s->mark = &ours;
	s->of_fds = of_fds;
	pthread_mutex_init(&s->lock, NULL);
	s->at = 0;
	s->end = 0;
	s->pos = 0;
	return (DIR *)s;
}

/**
 * fdopendir() - Make a stream on a directory that is open
 * @fd:	descriptor, which is the stream's from then on
 *
 * Return: the stream, or NULL with errno
 */
EXPORT DIR *fdopendir(int fd)
{
	struct stat st;

	if (likely(fdtab_get(fd) <= 0))
		return HOST(fdopendir)(fd);
	if (fstat(fd, &st))
		return NULL;
	if (!S_ISDIR(st.st_mode)) {
		errno = ENOTDIR;
		return NULL;
	}
	return stream_on(fd, false);
}

/**
 * opendir() - Open a directory as a stream
 * @path:	name; one that shows the network is opened in the LKL kernel
 *
 * Return: the stream, or NULL with errno
 */
EXPORT DIR *opendir(const char *path)
{
	bool of_fds = name_is_own_fds(path);
	DIR *dir;
	int fd;

	if (likely(!of_fds && !name_is_net(path)) || CALLED_BY_HOSTLIB())
		return HOST(opendir)(path);
	fd = open(path, O_RDONLY | O_NONBLOCK | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	dir = of_fds ? stream_on(fd, true) : fdopendir(fd);
	if (!dir)
		close(fd);
	return dir;
}

/**
 * next() - Take the next entry
 * @s:	stream, locked
 *
 * Return: the entry, or NULL: at the end, or with errno
 */
static struct dirent *next(struct stream *s)
{
	struct dirent *d;
	int err = errno;
	ssize_t n;

again:
	if (s->at >= s->end) {
		n = getdents64(s->fd, s->buf, BUFFER);
		if (n <= 0) {
			/* Of a directory that has been removed meanwhile. */
			if (n < 0 && errno == ENOENT)
				errno = err;
			return NULL;
		}
		s->at = 0;
		s->end = n;
	}
	d = (struct dirent *)(s->buf + s->at);
	s->at += d->d_reclen;
	s->pos = d->d_off;
	if (unlikely(s->of_fds) && d->d_name[0] != '.' &&
	    fdtab_private(atoi(d->d_name)))
		goto again;
	return d;
}

/**
 * readdir() - Read the next entry of a directory
 * @dir:	stream
 *
 * Return: the entry, until the next call; NULL at the end, or with errno
 */
EXPORT struct dirent *readdir(DIR *dir)
{
	struct stream *s = stream_of(dir);
	struct dirent *d;

	if (!s)
		return HOST(readdir)(dir);
	pthread_mutex_lock(&s->lock);
	d = next(s);
	pthread_mutex_unlock(&s->lock);
	return d;
}

/**
 * readdir_r() - Read the next entry of a directory into memory of the caller
 * @dir:	stream
 * @entry:	receives the entry
 * @result:	receives @entry, or NULL at the end or for an error
 *
 * Return: 0 or an error number
 */
EXPORT int readdir_r(DIR *restrict dir, struct dirent *restrict entry,
		     struct dirent **restrict result)
{
	struct stream *s = stream_of(dir);
	int old = errno, err;
	struct dirent *d;

	if (!s)
		return HOST(readdir_r)(dir, entry, result);
	pthread_mutex_lock(&s->lock);
	errno = 0;
	d = next(s);
	err = d ? 0 : errno;
	if (d)
		memcpy(entry, d, d->d_reclen);
	pthread_mutex_unlock(&s->lock);
	errno = old;
	*result = d ? entry : NULL;
	return err;
}

/**
 * seekdir() - Go on at another place of a directory
 * @dir:	stream
 * @pos:	from telldir()
 */
EXPORT void seekdir(DIR *dir, long pos)
{
	struct stream *s = stream_of(dir);

	if (!s) {
		HOST(seekdir)(dir, pos);
		return;
	}
	pthread_mutex_lock(&s->lock);
	lseek(s->fd, pos, SEEK_SET);
	s->pos = pos;
	s->at = 0;
	s->end = 0;
	pthread_mutex_unlock(&s->lock);
}

/**
 * rewinddir() - Begin again
 * @dir:	stream
 */
EXPORT void rewinddir(DIR *dir)
{
	if (stream_of(dir))
		seekdir(dir, 0);
	else
		HOST(rewinddir)(dir);
}

/**
 * telldir() - Find out where in a directory the next entry is
 * @dir:	stream
 *
 * Return: the place, for seekdir()
 */
EXPORT long telldir(DIR *dir)
{
	struct stream *s = stream_of(dir);
	long pos;

	if (!s)
		return HOST(telldir)(dir);
	pthread_mutex_lock(&s->lock);
	pos = s->pos;
	pthread_mutex_unlock(&s->lock);
	return pos;
}

/**
 * dirfd() - Get the descriptor of a stream
 * @dir:	stream
 *
 * Return: the descriptor
 */
EXPORT int dirfd(DIR *dir)
{
	struct stream *s = stream_of(dir);

	return s ? s->fd : HOST(dirfd)(dir);
}

/**
 * closedir() - Close a directory
 * @dir:	stream, or NULL
 *
 * Return: 0, or -1 with errno
 */
EXPORT int closedir(DIR *dir)
{
	struct stream *s = dir ? stream_of(dir) : NULL;
	int fd;

	if (!s) {
		if (dir)
			fdtab_forget(HOST(dirfd)(dir));
		return HOST(closedir)(dir);
	}
	fd = s->fd;
	s->mark = NULL;
	pthread_mutex_destroy(&s->lock);
	free(s);
	return close(fd);
}
