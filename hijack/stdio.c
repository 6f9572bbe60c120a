// SPDX-License-Identifier: GPL-2.0
/*
 * stdio.c - Streams on LKL descriptors, and on files that show the network
 *
 * libc's streams read and write with system calls of their own that no
 * preloaded library sees. A stream on an LKL descriptor is therefore a stream
 * with functions of ours (fopencookie()) that call read() and write() by
 * descriptor. fileno() works: glibc returns the descriptor that a stream
 * records, and leaves everything else to the functions.
 *
 * Streams on the host's descriptors are libc's own; we only look when one is
 * closed, because the number it frees may have a proxy. So are the standard
 * streams, until their number is an LKL descriptor for the first time, as in a
 * program that inetd starts: from then on they are ours (streams_adopt()).
 */
#include "exit.h"
#include "names.h"
#include "shell.h"

#include <stdio_ext.h>

/* How libc lets others walk through all streams; in no header. */
typedef struct stream_iter *stream_iter;
stream_iter _IO_iter_begin(void);
stream_iter _IO_iter_end(void);
stream_iter _IO_iter_next(stream_iter i);
FILE *_IO_iter_file(stream_iter i);
void _IO_list_lock(void);
void _IO_list_unlock(void);

/* The cookie of a stream is its descriptor number. */
static ssize_t stream_read(void *cookie, char *buf, size_t n)
{
	return read((int)(intptr_t)cookie, buf, n);
}

static ssize_t stream_write(void *cookie, const char *buf, size_t n)
{
	ssize_t ret;

	do
		ret = write((int)(intptr_t)cookie, buf, n);
	while (ret < 0 && errno == EINTR);
	return ret < 0 ? 0 : ret;
}

static int stream_seek(void *cookie, off64_t *pos, int whence)
{
	off64_t ret = lseek((int)(intptr_t)cookie, *pos, whence);

	if (ret < 0)
		return -1;
	*pos = ret;
	return 0;
}

static int stream_close(void *cookie)
{
	return close((int)(intptr_t)cookie);
}

/* Flags of glibc's streams; in no header any more. */
#define UNBUFFERED	0x0002
#define LINE_BUFFERED	0x0200

/* Those of ours, once there is one. */
static const void *ours;

/* A stream, with what glibc calls its functions through behind it. */
struct stream {
	FILE f;
	const void *jumps;
};

/**
 * is_ours() - Is it a stream made by stream_on()?
 * @f:	stream
 *
 * Return: true if so; those that the program made with fopencookie() have no
 * descriptor
 */
static bool is_ours(const FILE *f)
{
	return ours && ((const struct stream *)f)->jumps == ours &&
	       f->_fileno >= 0;
}

/**
 * stream_on() - Make a stream on an LKL descriptor
 * @fd:		descriptor
 * @mode:	as of fopen(), known to be valid
 *
 * Return: the stream, or NULL with errno
 */
static FILE *stream_on(int fd, const char *mode)
{
	cookie_io_functions_t io = {
		.read = stream_read,
		.write = stream_write,
		.seek = stream_seek,
		.close = stream_close,
	};
	FILE *f = fopencookie((void *)(intptr_t)fd, mode, io);

	if (f) {
		f->_fileno = fd;
		ours = ((struct stream *)f)->jumps;
	}
	return f;
}

/**
 * streams_adopt() - A number becomes an LKL descriptor: have the stream be ours
 * @fd:	number; only those of the standard streams matter
 *
 * Its functions go by number, so it may become the host's again. What has been
 * written and not yet been flushed moves along.
 */
void streams_adopt(int fd)
{
	static FILE **const standard[] = { &stdin, &stdout, &stderr };
	FILE *old, *f;

	if (likely((unsigned int)fd >= ARRAY_SIZE(standard)))
		return;
	old = *standard[fd];
	if (!old || old->_fileno != fd || is_ours(old))
		return;
	f = stream_on(fd, fd == STDIN_FILENO ? "r" : "w");
	if (!f)
		return;
	if (old->_flags & (UNBUFFERED | LINE_BUFFERED))
		setvbuf(f, NULL, old->_flags & UNBUFFERED ? _IONBF : _IOLBF, 0);
	if (old->_IO_write_ptr > old->_IO_write_base) {
		fwrite_unlocked(old->_IO_write_base, 1,
				old->_IO_write_ptr - old->_IO_write_base, f);
		old->_IO_write_ptr = old->_IO_write_base;
	}
	*standard[fd] = f;
}

/**
 * mode_flags() - Flags of open() for a mode of fopen()
 * @mode:	"r", "w", "a", with "+", "e", "x" and others
 *
 * Return: O_*, or -1 if it is no mode
 */
static int mode_flags(const char *mode)
{
	bool plus = false;
	int flags = 0;

	for (const char *c = mode + !!*mode; *c && *c != ','; c++) {
		plus |= *c == '+';
		flags |= *c == 'e' ? O_CLOEXEC : 0;
		flags |= *c == 'x' ? O_EXCL : 0;
	}
	switch (*mode) {
	case 'r':
		return flags | (plus ? O_RDWR : O_RDONLY);
	case 'w':
		return flags | O_CREAT | O_TRUNC | (plus ? O_RDWR : O_WRONLY);
	case 'a':
		return flags | O_CREAT | O_APPEND | (plus ? O_RDWR : O_WRONLY);
	default:
		return -1;
	}
}

/**
 * fdopen() - Make a stream on a descriptor
 * @fd:		descriptor
 * @mode:	as of fopen()
 *
 * Return: the stream, or NULL with errno
 */
EXPORT FILE *fdopen(int fd, const char *mode)
{
	if (fdtab_get(fd) <= 0)
		return HOST(fdopen)(fd, mode);
	if (mode_flags(mode) < 0) {
		errno = EINVAL;
		return NULL;
	}
	return stream_on(fd, mode);
}

/**
 * fopen() - Open a file as a stream
 * @path:	name; one that shows the network is opened in the LKL kernel
 * @mode:	"r", "w", "a", ...
 *
 * Return: the stream, or NULL with errno
 */
EXPORT FILE *fopen(const char *restrict path, const char *restrict mode)
{
	int flags, fd;
	FILE *f;

	if (likely(!name_is_net(path)) || CALLED_BY_HOSTLIB())
		return HOST(fopen)(path, mode);
	flags = mode_flags(mode);
	if (flags < 0) {
		errno = EINVAL;
		return NULL;
	}
	fd = open(path, flags, 0666);
	if (fd < 0)
		return NULL;
	f = stream_on(fd, mode);
	if (!f)
		close(fd);
	return f;
}

/**
 * fclose() - Close a stream
 * @f:	stream
 *
 * Return: 0, or EOF with errno
 */
EXPORT int fclose(FILE *f)
{
	if (unlikely(shell_has(f)))
		return pclose(f);
	if (f)
		fdtab_forget(f->_fileno);
	return HOST(fclose)(f);
}

/**
 * reopen() - freopen() of a stream of ours, which stays one
 * @path:	name
 * @mode:	as of fopen()
 * @f:		stream; it can be read or written as before
 *
 * Return: @f, or NULL with errno
 */
static FILE *reopen(const char *path, const char *mode, FILE *f)
{
	int flags = mode_flags(mode), fd;

	fflush(f);
	fd = flags < 0 ? libc_result(-EINVAL) : open(path, flags, 0666);
	if (fd < 0 || dup3(fd, f->_fileno, flags & O_CLOEXEC) < 0) {
		flags = errno;
		fclose(f);
		errno = flags;
		f = NULL;
	} else {
		__fpurge(f);
		clearerr(f);
	}
	if (fd >= 0)
		close(fd);
	return f;
}

/**
 * freopen() - Close a stream and open another file as it
 * @path:	name; if the stream is libc's, it is always a host file
 * @mode:	as of fopen()
 * @f:		stream
 *
 * Return: @f, or NULL with errno
 */
EXPORT FILE *freopen(const char *restrict path, const char *restrict mode,
		     FILE *restrict f)
{
	if (f && path && is_ours(f))
		return reopen(path, mode, f);
	if (f)
		fdtab_forget(f->_fileno);
	return HOST(freopen)(path, mode, f);
}

/**
 * streams_flush() - Write what all streams hold, at the end of the program
 *
 * What another thread uses is left alone, as it may wait there for ever;
 * fflush(NULL) would, too.
 */
void streams_flush(void)
{
	stream_iter i;
	FILE *f;

	_IO_list_lock();
	for (i = _IO_iter_begin(); i != _IO_iter_end(); i = _IO_iter_next(i)) {
		f = _IO_iter_file(i);
		if (ftrylockfile(f))
			continue;
		if (f->_IO_write_ptr > f->_IO_write_base || f->_mode > 0)
			fflush_unlocked(f);
		funlockfile(f);
	}
	_IO_list_unlock();
}

/**
 * write_all() - Write a formatted text to an LKL descriptor
 * @fd:		descriptor
 * @format:	as of printf()
 * @ap:		arguments
 *
 * Return: bytes written, or -1 with errno
 */
static int write_all(int fd, const char *format, va_list ap)
{
	char *text;
	int len = vasprintf(&text, format, ap);
	ssize_t n = 0;

	for (int done = 0; done < len; done += n) {
		n = write(fd, text + done, len - done);
		if (n < 0)
			break;
	}
	if (len >= 0)
		free(text);
	return n < 0 ? -1 : len;
}

/**
 * vdprintf() - Print to a descriptor
 * @fd:		descriptor
 * @format:	as of printf()
 * @ap:		arguments
 *
 * Return: bytes written, or -1 with errno
 */
EXPORT int vdprintf(int fd, const char *restrict format, va_list ap)
{
	if (fdtab_get(fd) <= 0)
		return HOST(vdprintf)(fd, format, ap);
	return write_all(fd, format, ap);
}

/**
 * dprintf() - Print to a descriptor
 * @fd:		descriptor
 * @format:	as of printf()
 *
 * Return: bytes written, or -1 with errno
 */
EXPORT int dprintf(int fd, const char *restrict format, ...)
{
	va_list ap;
	int ret;

	va_start(ap, format);
	ret = vdprintf(fd, format, ap);
	va_end(ap);
	return ret;
}

/* The same with _FORTIFY_SOURCE: @flag asks for checks that are libc's. */
EXPORT int __vdprintf_chk(int fd, int flag, const char *format, va_list ap);
EXPORT int __vdprintf_chk(int fd, int flag, const char *format, va_list ap)
{
	return vdprintf(fd, format, ap);
}

EXPORT int __dprintf_chk(int fd, int flag, const char *format, ...);
EXPORT int __dprintf_chk(int fd, int flag, const char *format, ...)
{
	va_list ap;
	int ret;

	va_start(ap, format);
	ret = vdprintf(fd, format, ap);
	va_end(ap);
	return ret;
}
