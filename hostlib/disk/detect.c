// SPDX-License-Identifier: GPL-2.0
/* detect.c - Which file system is on a disk? */
#include <string.h>

#include <lkl.h>
#include "disk/disk.h"

/**
 * struct magic - What a file system is told by
 * @type:	its type
 * @off:	offset in bytes
 * @len:	length of @bytes
 * @bytes:	what is there
 *
 * The driver of ext4 takes ext2 and ext3 as well. Discs may be udf and iso9660
 * at once: udf has the better names.
 */
static const struct magic {
	const char *type;
	unsigned int off;
	unsigned int len;
	const char *bytes;
} magics[] = {
#define MAGIC(type, off, bytes) { type, off, sizeof(bytes) - 1, bytes }
	MAGIC("ext4", 1080, "\x53\xef"),
	MAGIC("xfs", 0, "XFSB"),
	MAGIC("btrfs", 0x10040, "_BHRfS_M"),
	MAGIC("f2fs", 1024, "\x10\x20\xf5\xf2"),
	MAGIC("squashfs", 0, "hsqs"),
	MAGIC("erofs", 1024, "\xe2\xe1\xf5\xe0"),
	MAGIC("exfat", 3, "EXFAT   "),
	MAGIC("ntfs3", 3, "NTFS    "),
	MAGIC("vfat", 54, "FAT"),
	MAGIC("vfat", 82, "FAT32"),
	MAGIC("udf", 34817, "NSR0"),
	MAGIC("udf", 36865, "NSR0"),
	MAGIC("iso9660", 32769, "CD001"),
	MAGIC("hfsplus", 1024, "H+\0\4"),
	MAGIC("hfsplus", 1024, "HX\0\5"),
};

#define MAGICS	((int)(sizeof(magics) / sizeof(magics[0])))

/**
 * detect_next() - Find the next file system that may be on a disk
 * @fd:		LKL descriptor of its device node
 * @i:		where to go on, 0 to begin
 *
 * Return: type, or NULL if there is no other
 */
const char *detect_next(int fd, int *i)
{
	char bytes[8];

	while (*i < MAGICS) {
		const struct magic *m = &magics[(*i)++];

		if (lkl_sys_pread64(fd, bytes, m->len, m->off) == m->len &&
		    !memcmp(bytes, m->bytes, m->len))
			return m->type;
	}
	return NULL;
}
