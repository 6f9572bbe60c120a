/* SPDX-License-Identifier: GPL-2.0 */
/*
 * disk.h - What a disk backend is to the virtio-blk device
 *
 * A backend moves bytes between the device and something on the host. All its
 * operations return 0 or a negative errno, and do everything or report an
 * error: there are no short transfers. Offsets and lengths are bytes, multiples
 * of 512, and within @size.
 *
 * They run on a small kernel stack (use less than 4 KiB) with the virtual CPU
 * held, so no locks are needed, and nothing else in the kernel runs meanwhile.
 */
#ifndef HOSTLIB_DISK_H
#define HOSTLIB_DISK_H

#include <stdbool.h>
#include <sys/uio.h>

#define SECTOR_SHIFT	9

struct disk;

/**
 * struct disk_ops - The operations of a backend
 * @read:	fill the buffers from @off on
 * @write:	write them there
 * @flush:	what has been written survives a crash of the host
 * @discard:	the contents of a range are not wanted any more
 * @zero:	a range reads as zeros; @unmap: it need not keep its storage
 *		(-EOPNOTSUPP: the kernel writes the zeros)
 * @close:	release everything, the struct too
 */
struct disk_ops {
	int (*read)(struct disk *disk, const struct iovec *iov, int n,
		    unsigned long long off);
	int (*write)(struct disk *disk, const struct iovec *iov, int n,
		     unsigned long long off);
	int (*flush)(struct disk *disk);
	int (*discard)(struct disk *disk, unsigned long long off,
		       unsigned long long len);
	int (*zero)(struct disk *disk, unsigned long long off,
		    unsigned long long len, bool unmap);
	void (*close)(struct disk *disk);
};

/**
 * struct disk - A disk backend; embedded in the backend's own struct
 * @ops:	its operations
 * @size:	bytes, a multiple of @sector_size
 * @sector_size: what the kernel takes for the size of a sector
 * @read_only:	nothing of @write, @discard, @zero will be called
 * @discard:	@discard does something
 */
struct disk {
	const struct disk_ops *ops;
	unsigned long long size;
	unsigned int sector_size;
	bool read_only;
	bool discard;
};

int disk_file_open(int fd, bool read_only, unsigned int sector_size,
		   struct disk **disk);
int disk_scratch_open(struct disk *below, struct disk **disk);

long disk_kernel_id(int disk_id);
const char *detect_next(int fd, int *i);

size_t iov_bytes(const struct iovec *iov, int n);
int iov_slice(struct iovec *to, const struct iovec *from, size_t skip,
	      size_t len);

#endif /* HOSTLIB_DISK_H */
