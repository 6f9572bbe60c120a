// SPDX-License-Identifier: GPL-2.0
// file-systems.ts - The file systems that are tested: how they are made, what they keep, who checks them

import type { Kept, Look } from './trees.js';

/** One that can be written to; the commands are for an image named IMAGE. */
export interface FileSystem {
	readonly type: string;
	/** If there are several of the type. */
	readonly name?: string;
	readonly make: string;
	/** Mount options to write with. */
	readonly options?: string;
	/** Fails if there is anything wrong; there is no such program for all. */
	readonly check?: string;
	readonly kept: Kept;
	/** Digits of the fraction of a second. */
	readonly times?: number;
	/** What is not kept: holes, hard links of all files, device numbers. */
	readonly loses?: Pick<Look, 'holes' | 'links' | 'devices'>;
	/** What is in a text is not to be found in the image. */
	readonly compressed?: boolean;
}

/** Makes a sparse file first. */
function sized(size: string, make: string): string {
	return `truncate -s ${size} IMAGE && ${make} IMAGE > /dev/null 2>&1`;
}

const EXT = { check: 'e2fsck -fn IMAGE', kept: 'attributes', times: 9 } as const;
const XFS = { type: 'xfs', check: 'xfs_repair -n IMAGE', kept: 'attributes', times: 9 } as const;
const BTRFS = { type: 'btrfs', make: sized('400M', 'mkfs.btrfs -q'), check: 'btrfs check IMAGE', kept: 'attributes', times: 9 } as const;
const F2FS = { type: 'f2fs', check: 'fsck.f2fs --dry-run IMAGE', kept: 'attributes', times: 9 } as const;

/** A name that is not ASCII is what it is to others, too. */
const UTF16 = String.raw`LC_ALL=C grep -qaP '\xfc\0n\0\xef\0 \0\x03\x26' IMAGE`;

export const WRITABLE: readonly FileSystem[] = [
	// Inodes of 256 bytes are what times to the nanosecond need.
	{ ...EXT, type: 'ext2', make: sized('200M', 'mkfs.ext2 -q -I 256') },
	{ ...EXT, type: 'ext3', make: sized('200M', 'mkfs.ext3 -q -I 256') },
	{ ...EXT, type: 'ext4', make: sized('200M', 'mkfs.ext4 -q') },
	{ ...XFS, make: sized('400M', 'mkfs.xfs -q') },
	{ ...XFS, name: 'xfs with large directory blocks', make: sized('400M', 'mkfs.xfs -q -n size=16384') },
	BTRFS,
	{ ...BTRFS, name: 'btrfs with compression', options: 'compress-force=zstd', compressed: true },
	{ ...F2FS, make: sized('200M', 'mkfs.f2fs -q') },
	{ ...F2FS, name: 'f2fs with compression', make: sized('200M', 'mkfs.f2fs -q -O extra_attr,compression'), options: 'compress_algorithm=lz4,compress_extension=*', compressed: true },
	{ type: 'vfat', make: sized('200M', 'mkfs.vfat'), check: `fsck.vfat -n IMAGE && ${UTF16}`, kept: 'basic' },
	{ type: 'exfat', make: sized('200M', 'mkfs.exfat'), check: `fsck.exfat -n IMAGE && ${UTF16}`, kept: 'basic' },
	{ type: 'ntfs3', make: sized('200M', 'mkfs.ntfs -F -Q'), check: `ntfsfix -n IMAGE && export LC_ALL=C.UTF-8 && for name in text 'ünï ☃'; do ntfscat IMAGE "$name" | cmp - "tree/$name"; done`, kept: 'posix', times: 7, loses: { holes: false, devices: false } },
	{ type: 'udf', make: sized('200M', 'mkudffs --media-type=hd'), kept: 'posix', times: 6, loses: { holes: false } },
	{ type: 'hfsplus', make: sized('200M', 'mkfs.hfsplus'), check: 'fsck.hfsplus -fn IMAGE', kept: 'posix', times: 0, loses: { holes: false, links: false } },
];

/** One that is made of a directory `tree`, as a whole. */
export type ReadOnly = Omit<FileSystem, 'check' | 'options'>;

const EROFS = { type: 'erofs', kept: 'unix', times: 9 } as const;
const SQUASHFS = { type: 'squashfs', kept: 'unix', times: 0 } as const;

function squash(options: string): string {
	return `mksquashfs tree IMAGE -noappend -quiet -no-progress ${options} > /dev/null 2>&1`;
}

export const READ_ONLY: readonly ReadOnly[] = [
	{ ...SQUASHFS, make: squash('') },
	{ ...SQUASHFS, name: 'squashfs with zstd', make: squash('-comp zstd -b 1M'), compressed: true },
	{ ...EROFS, make: 'mkfs.erofs IMAGE tree > /dev/null 2>&1' },
	{ ...EROFS, name: 'erofs with lz4', make: 'mkfs.erofs -zlz4 IMAGE tree > /dev/null 2>&1', compressed: true },
	{ ...EROFS, name: 'erofs with large clusters', make: 'mkfs.erofs -zlz4hc -C262144 IMAGE tree > /dev/null 2>&1', compressed: true },
	{ type: 'iso9660', make: 'genisoimage -quiet -R -o IMAGE tree > /dev/null 2>&1', kept: 'unix', loses: { links: false } },
	{ type: 'iso9660', name: 'iso9660 with Joliet', make: 'mv tree/xxx* tree/x && genisoimage -quiet -J -o IMAGE tree > /dev/null 2>&1', kept: 'basic' },
	{
		type: 'ntfs3',
		name: 'ntfs3 with compressed files',
		make: `${sized('200M', 'mkfs.ntfs -F -Q')} && mkdir fuse && mount -t ntfs-3g -o loop,compression IMAGE fuse && {
			setfattr -n system.ntfs_attrib_be -v 0x00000800 fuse; cp -r --preserve=timestamps tree/. fuse; umount fuse; }`,
		kept: 'basic',
		compressed: true,
	},
];

/** A command for an image. */
export function command(text: string, image: string): string {
	return text.replaceAll('IMAGE', `'${image}'`);
}
