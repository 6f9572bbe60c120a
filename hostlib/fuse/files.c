// SPDX-License-Identifier: GPL-2.0
/* files.c - Operations on the contents of files */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "fuse/lklfuse.h"


/* Requests of writing that are being executed. */
static unsigned int being_written;

/* Every thread has a buffer that is as large as the largest read so far. */
static __thread struct {
	char *mem;
	size_t size;
} buffer;

static pthread_key_t buffer_key;
static pthread_once_t buffer_once = PTHREAD_ONCE_INIT;

static void make_buffer_key(void)
{
	pthread_key_create(&buffer_key, free);
}

/* Return: the buffer, or NULL */
static char *get_buffer(size_t size)
{
	if (size <= buffer.size)
		return buffer.mem;
	pthread_once(&buffer_once, make_buffer_key);
	free(buffer.mem);
	buffer.mem = malloc(size);
	buffer.size = buffer.mem ? size : 0;
	/* To be freed with the thread. */
	pthread_setspecific(buffer_key, buffer.mem);
	return buffer.mem;
}

/**
 * open_flags() - How the LKL kernel is to open a file
 * @fi:	how the host's kernel was told to
 *
 * It is the host's that looks after O_SYNC, and does O_DIRECT through its own
 * memory. O_APPEND matters for files that can only be appended to.
 */
int open_flags(const struct fuse_file_info *fi)
{
	return fi->flags & (LKL_O_ACCMODE | LKL_O_APPEND | LKL_O_TRUNC);
}

void do_open(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	int fd = node_open(node_of(ino), open_flags(fi));

	if (fd < 0) {
		fuse_reply_err(req, -fd);
		return;
	}
	fi->fh = fd;
	fi->keep_cache = 1;
	if (fuse_reply_open(req, fi) == -LKL_ENOENT)
		lkl_sys_close(fd);	/* the sender was interrupted */
}

void do_release(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	(void)ino;
	lkl_sys_close(fi->fh);
	fuse_reply_err(req, 0);
}

void do_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
	     struct fuse_file_info *fi)
{
	char *buf = get_buffer(size);
	long len = buf ? lkl_sys_pread64(fi->fh, buf, size, off) : -LKL_ENOMEM;

	(void)ino;
	if (len < 0)
		fuse_reply_err(req, -len);
	else
		fuse_reply_buf(req, buf, len);
}

void do_write(fuse_req_t req, fuse_ino_t ino, const char *buf, size_t size,
	      off_t off, struct fuse_file_info *fi)
{
	long len;

	(void)ino;
	__atomic_add_fetch(&being_written, 1, __ATOMIC_SEQ_CST);
	len = lkl_sys_pwrite64(fi->fh, buf, size, off);
	if (len < 0)
		fuse_reply_err(req, -len);
	else
		fuse_reply_write(req, len);
	__atomic_sub_fetch(&being_written, 1, __ATOMIC_SEQ_CST);
}

/** files_being_written() - Return: number of requests that write now */
unsigned int files_being_written(void)
{
	return __atomic_load_n(&being_written, __ATOMIC_SEQ_CST);
}

void do_fsync(fuse_req_t req, fuse_ino_t ino, int datasync,
	      struct fuse_file_info *fi)
{
	long err = datasync ? lkl_sys_fdatasync(fi->fh) :
			      lkl_sys_fsync(fi->fh);

	(void)ino;
	fuse_reply_err(req, -err);
}

void do_fallocate(fuse_req_t req, fuse_ino_t ino, int mode, off_t off,
		  off_t len, struct fuse_file_info *fi)
{
	(void)ino;
	fuse_reply_err(req, -lkl_sys_fallocate(fi->fh, mode, off, len));
}

void do_lseek(fuse_req_t req, fuse_ino_t ino, off_t off, int whence,
	      struct fuse_file_info *fi)
{
	long pos = lkl_sys_lseek(fi->fh, off, whence);

	(void)ino;
	if (pos < 0)
		fuse_reply_err(req, -pos);
	else
		fuse_reply_lseek(req, pos);
}

void do_copy_file_range(fuse_req_t req, fuse_ino_t ino_in, off_t off_in,
			struct fuse_file_info *fi_in, fuse_ino_t ino_out,
			off_t off_out, struct fuse_file_info *fi_out,
			size_t len, int flags)
{
	lkl_loff_t from = off_in, to = off_out;
	long done = lkl_sys_copy_file_range(fi_in->fh, &from, fi_out->fh, &to,
					    len, flags);

	(void)ino_in;
	(void)ino_out;
	if (done < 0)
		fuse_reply_err(req, -done);
	else
		fuse_reply_write(req, done);
}

void do_ioctl(fuse_req_t req, fuse_ino_t ino, unsigned int cmd, void *arg,
	      struct fuse_file_info *fi, unsigned int flags, const void *in,
	      size_t in_size, size_t out_size)
{
	struct lkl_fsxattr x = { 0 };
	bool set = cmd == LKL_FS_IOC_SETFLAGS || cmd == LKL_FS_IOC_FSSETXATTR;
	size_t size = cmd == LKL_FS_IOC_GETFLAGS || cmd == LKL_FS_IOC_SETFLAGS ?
		      sizeof(int) : sizeof(x);
	int fd = flags & FUSE_IOCTL_DIR ? dir_fd(fi) : (int)fi->fh;
	long err;

	(void)ino;
	(void)arg;
	switch (cmd) {
	case LKL_FS_IOC_GETFLAGS:
	case LKL_FS_IOC_SETFLAGS:
	case LKL_FS_IOC_FSGETXATTR:
	case LKL_FS_IOC_FSSETXATTR:
		if (set ? in_size >= size : out_size >= size)
			break;
		/* fall through */
	default:
		fuse_reply_err(req, LKL_ENOTTY);
		return;
	}
	if (set)
		memcpy(&x, in, size);
	err = lkl_sys_ioctl(fd, cmd, (long)&x);
	if (err < 0)
		fuse_reply_err(req, -err);
	else
		fuse_reply_ioctl(req, 0, &x, set ? 0 : size);
}
