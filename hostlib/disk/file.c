// SPDX-License-Identifier: GPL-2.0
/* file.c - Disk backend: an image file or a block device of the host */
#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "disk/disk.h"
#include "posix/raw.h"
#include "virtio/mmio.h"

/* Largest image: offsets are signed on the host. */
#define SIZE_LIMIT	(1ULL << 62)

/**
 * struct disk_file - The backend
 * @disk:	what the device sees
 * @fd:		the caller's descriptor
 * @is_block:	of a block device
 */
struct disk_file {
	struct disk disk;
	int fd;
	bool is_block;
};

static struct disk_file *file_of(struct disk *disk)
{
	return container_of(disk, struct disk_file, disk);
}

/**
 * transfer() - Read or write all of the buffers
 * @fd:		descriptor
 * @nr:		SYS_preadv or SYS_pwritev
 * @iov:	buffers
 * @n:		their number
 * @off:	offset on the disk
 *
 * Return: 0 or a negative errno (-EIO: the file has become shorter)
 */
static int transfer(int fd, long nr, const struct iovec *iov, int n,
		    unsigned long long off)
{
	long done = RAW(nr, fd, iov, n, off, 0);
	size_t skip = 0;

	if (done < 0 && done != -EINTR)
		return done;
	if (done > 0)
		skip = done;
	if (skip == iov_bytes(iov, n))
		return 0;
	if (!done)
		return -EIO;

	/* A part only, which is rare: go on buffer by buffer. */
	off += skip;
	for (int i = 0; i < n; i++) {
		struct iovec rest = iov[i];

		if (skip >= rest.iov_len) {
			skip -= rest.iov_len;
			continue;
		}
		rest.iov_base = (char *)rest.iov_base + skip;
		rest.iov_len -= skip;
		skip = 0;
		while (rest.iov_len) {
			done = RAW(nr, fd, &rest, 1, off, 0);
			if (done == -EINTR)
				continue;
			if (done <= 0)
				return done ? done : -EIO;
			rest.iov_base = (char *)rest.iov_base + done;
			rest.iov_len -= done;
			off += done;
		}
	}
	return 0;
}

static int file_read(struct disk *disk, const struct iovec *iov, int n,
		     unsigned long long off)
{
	return transfer(file_of(disk)->fd, SYS_preadv, iov, n, off);
}

static int file_write(struct disk *disk, const struct iovec *iov, int n,
		      unsigned long long off)
{
	return transfer(file_of(disk)->fd, SYS_pwritev, iov, n, off);
}

static int file_flush(struct disk *disk)
{
	return RAW(SYS_fdatasync, file_of(disk)->fd);
}

static int block_range(int fd, unsigned long request, unsigned long long off,
		       unsigned long long len)
{
	unsigned long long range[2] = { off, len };

	return RAW(SYS_ioctl, fd, request, range);
}

static int file_discard(struct disk *disk, unsigned long long off,
			unsigned long long len)
{
	struct disk_file *f = file_of(disk);

	if (f->is_block)
		return block_range(f->fd, BLKDISCARD, off, len);
	return RAW(SYS_fallocate, f->fd,
		   FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, off, len);
}

static int file_zero(struct disk *disk, unsigned long long off,
		     unsigned long long len, bool unmap)
{
	struct disk_file *f = file_of(disk);

	if (f->is_block)
		return block_range(f->fd, BLKZEROOUT, off, len);
	if (unmap && disk->discard)
		return file_discard(disk, off, len);
	return RAW(SYS_fallocate, f->fd,
		   FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE, off, len);
}

static void file_close(struct disk *disk)
{
	free(file_of(disk));
}

static const struct disk_ops file_ops = {
	.read		= file_read,
	.write		= file_write,
	.flush		= file_flush,
	.discard	= file_discard,
	.zero		= file_zero,
	.close		= file_close,
};

/* Does the file, or the device, know holes? Asked where it changes nothing. */
static bool can_discard(struct disk_file *f)
{
	return !f->disk.read_only &&
	       file_discard(&f->disk, f->disk.size, f->is_block ? 0 : 4096) !=
	       -EOPNOTSUPP;
}

/**
 * guess_sector_size() - Which sector size was the image partitioned for?
 * @fd:	image file
 *
 * A GPT begins in the second sector. All else means the same with 512 bytes.
 *
 * Return: 512 or 4096
 */
static unsigned int guess_sector_size(int fd)
{
	char sig[8];

	if (RAW(SYS_pread64, fd, sig, sizeof(sig), 4096) == sizeof(sig) &&
	    !memcmp(sig, "EFI PART", sizeof(sig)) &&
	    RAW(SYS_pread64, fd, sig, sizeof(sig), 512) == sizeof(sig) &&
	    memcmp(sig, "EFI PART", sizeof(sig)))
		return 4096;
	return 512;
}

static int measure_block(struct disk_file *f)
{
	int sector = 0, read_only = 0;
	int err;

	f->is_block = true;
	err = RAW(SYS_ioctl, f->fd, BLKGETSIZE64, &f->disk.size);
	if (!err)
		err = RAW(SYS_ioctl, f->fd, BLKSSZGET, &sector);
	if (!err)
		err = RAW(SYS_ioctl, f->fd, BLKROGET, &read_only);
	f->disk.sector_size = sector;
	f->disk.read_only |= read_only;
	return err;
}

static int measure(struct disk_file *f)
{
	struct stat st;
	long flags = RAW(SYS_fcntl, f->fd, F_GETFL);
	int err;

	if (flags < 0)
		return flags;
	if ((flags & O_ACCMODE) == O_WRONLY)
		return -EBADF;
	f->disk.read_only |= (flags & O_ACCMODE) == O_RDONLY;
	err = RAW(SYS_fstat, f->fd, &st);
	if (err)
		return err;
	if (S_ISBLK(st.st_mode))
		return measure_block(f);
	if (!S_ISREG(st.st_mode))
		return -ENOTBLK;
	f->disk.size = st.st_size;
	f->disk.sector_size = guess_sector_size(f->fd);
	return 0;
}

/**
 * disk_file_open() - Make a backend of a descriptor
 * @fd:		image file or block device, open for reading at least; stays the
 *		caller's, and open as long as the backend lives
 * @read_only:	write nothing, even if it could be written
 * @sector_size: bytes, 0: that of the device, or what a GPT was made for
 * @disk:	receives the backend
 *
 * What follows the last whole sector of an image cannot be reached.
 *
 * Return: 0 or a negative errno (-ENOTBLK: neither of the two, -EINVAL: an
 * impossible sector size, or a device with larger sectors, -EBADF: not open for
 * reading)
 */
int disk_file_open(int fd, bool read_only, unsigned int sector_size,
		   struct disk **disk)
{
	struct disk_file *f = calloc(1, sizeof(*f));
	int err;

	if (!f)
		return -ENOMEM;
	f->disk.ops = &file_ops;
	f->disk.read_only = read_only;
	f->fd = fd;
	err = measure(f);
	if (!err && sector_size) {
		if ((sector_size != 512 && sector_size != 4096) ||
		    (f->is_block && sector_size < f->disk.sector_size))
			err = -EINVAL;
		f->disk.sector_size = sector_size;
	}
	if (err || f->disk.size > SIZE_LIMIT) {
		free(f);
		return err ? err : -EFBIG;
	}
	f->disk.size &= ~(f->disk.sector_size - 1ULL);
	f->disk.discard = can_discard(f);
	*disk = &f->disk;
	return 0;
}
