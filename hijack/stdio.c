// SPDX-License-Identifier: GPL-2.0
/*
 * stdio.c - Streams on LKL descriptors, and on files that show the network
 *
 * libc's streams read and write with system calls of their own that no
 * preloaded library sees. But they all do so in five functions that are called
 * through two tables, one for bytes and one for wide characters. At start we put
 * functions of ours in there (streams_init()), which go by descriptor: to read(),
 * write() and so on for those of the LKL kernel, else to libc's. So a stream is
 * always libc's own, whatever its number is or becomes.
 *
 * What remains are functions that make streams: they ask the host about the
 * descriptor, or have it open a file by name.
 */
#include "exit.h"
#include "names.h"
#include "shell.h"

#include <link.h>
#include <sys/mman.h>

/* How libc lets others walk through all streams; in no header. */
typedef struct stream_iter *stream_iter;
stream_iter _IO_iter_begin(void);
stream_iter _IO_iter_end(void);
stream_iter _IO_iter_next(stream_iter i);
FILE *_IO_iter_file(stream_iter i);
void _IO_list_lock(void);
void _IO_list_unlock(void);

/* The tables, of about twenty words each; exported, but in no header. */
#define TABLE_WORDS	21
extern const void *_IO_file_jumps[TABLE_WORDS];
extern const void *_IO_wfile_jumps[TABLE_WORDS];

/* And what is in there. */
ssize_t _IO_file_read(FILE *f, void *buf, ssize_t n);
ssize_t _IO_file_write(FILE *f, const void *buf, ssize_t n);
off64_t _IO_file_seek(FILE *f, off64_t pos, int whence);
int _IO_file_close(FILE *f);
int _IO_file_stat(FILE *f, void *st);

/* Flags of glibc's streams; in no header any more. */
#define NO_READS	0x0004
#define NO_WRITES	0x0008
#define ERROR_SEEN	0x0020
#define APPENDING	0x1000

static bool is_lkl(const FILE *f)
{
	return unlikely(fdtab_get(f->_fileno) > 0);
}

static ssize_t stream_read(FILE *f, void *buf, ssize_t n)
{
	return is_lkl(f) ? read(f->_fileno, buf, n) : _IO_file_read(f, buf, n);
}

static ssize_t stream_write(FILE *f, const void *buf, ssize_t n)
{
	ssize_t done = 0, ret;

	if (!is_lkl(f))
		return _IO_file_write(f, buf, n);
	while (done < n) {
		ret = write(f->_fileno, buf + done, n - done);
		if (ret < 0) {
			f->_flags |= ERROR_SEEN;
			break;
		}
		done += ret;
	}
	if (f->_offset >= 0)
		f->_offset += done;
	return done;
}

static off64_t stream_seek(FILE *f, off64_t pos, int whence)
{
	return is_lkl(f) ? lseek(f->_fileno, pos, whence) :
			   _IO_file_seek(f, pos, whence);
}

static int stream_close(FILE *f)
{
	return fdtab_get(f->_fileno) ? close(f->_fileno) : _IO_file_close(f);
}

static int stream_stat(FILE *f, void *st)
{
	return is_lkl(f) ? fstat(f->_fileno, st) : _IO_file_stat(f, st);
}

/* What is replaced in the tables, and by what. */
static const struct {
	const void *libcs;
	const void *ours;
} functions[] = {
	{ _IO_file_read, stream_read },
	{ _IO_file_write, stream_write },
	{ _IO_file_seek, stream_seek },
	{ _IO_file_close, stream_close },
	{ _IO_file_stat, stream_stat },
};

static void redirect(const void **entry)
{
	for (size_t i = 0; i < ARRAY_SIZE(functions); i++)
		if (*entry == functions[i].libcs)
			*entry = functions[i].ours;
}

/* A part of memory that was made read-only after relocation. */
struct part {
	uintptr_t start;
	size_t size;
};

/* Find the part that the tables are in. Return: not 0 if this object has it */
static int find_part(struct dl_phdr_info *info, size_t size, void *part_)
{
	const uintptr_t page = sysconf(_SC_PAGESIZE);
	uintptr_t at = (uintptr_t)_IO_file_jumps, start;
	struct part *part = part_;

	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = info->dlpi_phdr + i;

		start = info->dlpi_addr + p->p_vaddr;
		if (p->p_type != PT_GNU_RELRO || at - start >= p->p_memsz)
			continue;
		part->start = start & ~(page - 1);
		part->size = ((start + p->p_memsz) & ~(page - 1)) - part->start;
		return 1;
	}
	return 0;
}

/**
 * streams_init() - Have libc's streams use functions of ours
 *
 * Where this does not work streams on LKL descriptors fail with EBADF.
 */
void streams_init(void)
{
	struct part part = { };

	if (dl_iterate_phdr(find_part, &part) &&
	    RAW(SYS_mprotect, part.start, part.size, PROT_READ | PROT_WRITE))
		return;
	for (int i = 0; i < TABLE_WORDS; i++) {
		redirect(_IO_file_jumps + i);
		redirect(_IO_wfile_jumps + i);
	}
	if (part.size)
		RAW(SYS_mprotect, part.start, part.size, PROT_READ);
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
 * stream_on() - Make a stream on an LKL descriptor
 * @fd:		descriptor
 * @flags:	O_*
 *
 * To libc it is one that can be read, which is what a placeholder says.
 *
 * Return: the stream, or NULL with errno
 */
static FILE *stream_on(int fd, int flags)
{
	int mode = flags & O_ACCMODE;
	FILE *f = HOST(fdopen)(fd, "r");

	if (f) {
		f->_flags &= ~NO_WRITES;
		f->_flags |= mode == O_RDONLY ? NO_WRITES :
			     mode == O_WRONLY ? NO_READS : 0;
		f->_flags |= flags & O_APPEND ? APPENDING : 0;
	}
	return f;
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
	int flags, can;

	if (fdtab_get(fd) <= 0)
		return HOST(fdopen)(fd, mode);
	flags = mode_flags(mode);
	can = fcntl(fd, F_GETFL) & O_ACCMODE;
	if (flags < 0 || (can != O_RDWR && can != (flags & O_ACCMODE))) {
		errno = EINVAL;
		return NULL;
	}
	return stream_on(fd, flags);
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
	f = stream_on(fd, flags);
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
 * reopen() - freopen() of a stream that is LKL's, or becomes so
 * @path:	name
 * @mode:	as of fopen()
 * @f:		stream
 *
 * libc opens a file of the host under the number, ours takes its place.
 *
 * Return: @f, or NULL with errno
 */
static FILE *reopen(const char *path, const char *mode, FILE *f)
{
	const char simple[] = { *mode, strchr(mode, '+') ? '+' : '\0', '\0' };
	int flags = mode_flags(mode), fd, err;

	fflush(f);
	fd = flags < 0 ? libc_result(-EINVAL) : open(path, flags, 0666);
	if (fd < 0 || !HOST(freopen)("/dev/null", simple, f) ||
	    dup3(fd, f->_fileno, flags & O_CLOEXEC) < 0) {
		err = errno;
		fclose(f);
		errno = err;
		f = NULL;
	}
	if (fd >= 0)
		close(fd);
	return f;
}

/**
 * freopen() - Close a stream and open another file as it
 * @path:	name
 * @mode:	as of fopen()
 * @f:		stream
 *
 * Return: @f, or NULL with errno
 */
EXPORT FILE *freopen(const char *restrict path, const char *restrict mode,
		     FILE *restrict f)
{
	if (f && path && f->_fileno >= 0 && (is_lkl(f) || name_is_net(path)))
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
