// SPDX-License-Identifier: GPL-2.0
/*
 * scratch.c - Disk backend: another one, whose changes are forgotten
 *
 * The disk below is only read. What the kernel writes goes to a file in memory
 * of the same size, nearly all of it holes, and a bitmap tells which sectors
 * are there. So a file system that was not unmounted can replay its journal
 * and be read as it should be, and its image stays as it is.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "disk/disk.h"
#include "posix/fds.h"
#include "posix/raw.h"
#include "virtio/mmio.h"

/* Buffers of one call, as many as a request of virtio-blk has. */
#define IOV_ROOM	128

/**
 * struct disk_scratch - The backend
 * @disk:	what the device sees
 * @below:	the disk that is not changed
 * @above:	what has been written, as a disk of a memory file
 * @fd:		that file
 * @map:	a bit per sector: it is in @above
 */
struct disk_scratch {
	struct disk disk;
	struct disk *below;
	struct disk *above;
	int fd;
	unsigned long *map;
};

static struct disk_scratch *scratch_of(struct disk *disk)
{
	return container_of(disk, struct disk_scratch, disk);
}

static size_t map_bytes(const struct disk_scratch *s)
{
	return ((s->disk.size >> SECTOR_SHIFT) / 64 + 1) * 8;
}

static bool is_above(const struct disk_scratch *s, unsigned long long sector)
{
	return s->map[sector / 64] >> sector % 64 & 1;
}

/* Return: length in sectors of the run of equal bits from @sector to @end */
static unsigned long long run(const struct disk_scratch *s,
			      unsigned long long sector,
			      unsigned long long end)
{
	bool above = is_above(s, sector);
	unsigned long same = above ? ~0UL : 0;
	unsigned long long i = sector + 1;

	while (i < end)
		if (!(i % 64) && s->map[i / 64] == same)
			i += 64;
		else if (is_above(s, i) == above)
			i++;
		else
			break;
	return (i < end ? i : end) - sector;
}

static void mark_above(struct disk_scratch *s, unsigned long long off,
		       unsigned long long len)
{
	unsigned long long sector = off >> SECTOR_SHIFT;
	unsigned long long end = sector + (len >> SECTOR_SHIFT);

	while (sector < end)
		if (!(sector % 64) && end - sector >= 64) {
			s->map[sector / 64] = ~0UL;
			sector += 64;
		} else {
			s->map[sector / 64] |= 1UL << sector % 64;
			sector++;
		}
}

static int scratch_read(struct disk *disk, const struct iovec *iov, int n,
			unsigned long long off)
{
	struct disk_scratch *s = scratch_of(disk);
	unsigned long long sector = off >> SECTOR_SHIFT;
	unsigned long long end = sector +
		(iov_bytes(iov, n) >> SECTOR_SHIFT);
	struct iovec part[IOV_ROOM];

	while (sector < end) {
		struct disk *from = is_above(s, sector) ? s->above : s->below;
		unsigned long long count = run(s, sector, end);
		unsigned long long pos = sector << SECTOR_SHIFT;
		int err, parts;

		parts = iov_slice(part, iov, pos - off, count << SECTOR_SHIFT);
		err = from->ops->read(from, part, parts, pos);
		if (err)
			return err;
		sector += count;
	}
	return 0;
}

static int scratch_write(struct disk *disk, const struct iovec *iov, int n,
			 unsigned long long off)
{
	struct disk_scratch *s = scratch_of(disk);
	int err = s->above->ops->write(s->above, iov, n, off);

	if (!err)
		mark_above(s, off, iov_bytes(iov, n));
	return err;
}

static int scratch_flush(struct disk *disk)
{
	(void)disk;
	return 0;
}

static int scratch_zero(struct disk *disk, unsigned long long off,
			unsigned long long len, bool unmap)
{
	struct disk_scratch *s = scratch_of(disk);
	int err = s->above->ops->discard(s->above, off, len);

	(void)unmap;
	if (!err)
		mark_above(s, off, len);
	return err;
}

static int scratch_discard(struct disk *disk, unsigned long long off,
			   unsigned long long len)
{
	return scratch_zero(disk, off, len, true);
}

static void scratch_close(struct disk *disk)
{
	struct disk_scratch *s = scratch_of(disk);

	if (s->above)
		s->above->ops->close(s->above);
	if (s->map)
		munmap(s->map, map_bytes(s));
	host_fd_drop(s->fd);
	s->below->ops->close(s->below);
	free(s);
}

static const struct disk_ops scratch_ops = {
	.read		= scratch_read,
	.write		= scratch_write,
	.flush		= scratch_flush,
	.discard	= scratch_discard,
	.zero		= scratch_zero,
	.close		= scratch_close,
};

static int prepare(struct disk_scratch *s)
{
	void *map;
	int err;

	s->fd = host_fd_keep(RAW(SYS_memfd_create, "lkl-disk", MFD_CLOEXEC));
	if (s->fd < 0)
		return s->fd;
	err = RAW(SYS_ftruncate, s->fd, s->disk.size);
	if (!err)
		err = disk_file_open(s->fd, false, s->disk.sector_size,
				     &s->above);
	if (err)
		return err;
	map = mmap(NULL, map_bytes(s), PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (map == MAP_FAILED)
		return -ENOMEM;
	s->map = map;
	return 0;
}

/**
 * disk_scratch_open() - Make a backend that keeps what is written to itself
 * @below:	disk that is only read; belongs to the new one, closed on failure
 * @disk:	receives the backend
 *
 * Return: 0 or a negative errno
 */
int disk_scratch_open(struct disk *below, struct disk **disk)
{
	struct disk_scratch *s = calloc(1, sizeof(*s));
	int err;

	if (!s) {
		below->ops->close(below);
		return -ENOMEM;
	}
	s->disk.ops = &scratch_ops;
	s->disk.size = below->size;
	s->disk.sector_size = below->sector_size;
	s->disk.discard = true;
	s->below = below;
	err = prepare(s);
	if (err) {
		scratch_close(&s->disk);
		return err;
	}
	*disk = &s->disk;
	return 0;
}
