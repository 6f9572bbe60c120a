// SPDX-License-Identifier: GPL-2.0
// file-systems.ts - The file systems that are tested: how they are made, what they keep, who checks them

import type { Kept } from './trees.js';

/** One that can be written to; the commands are for an image named IMAGE. */
export interface FileSystem {
	readonly type: string;
	/** If there are several of the type. */
	readonly name?: string;
	readonly make: string;
	/** Fails if there is anything wrong. */
	readonly check: string;
	readonly kept: Kept;
	readonly times?: 'ns' | 's' | undefined;
	/** The kernel cannot map pages side by side yet, and panics when it has to. */
	readonly needsVmap?: boolean;
}

/** Makes a sparse file first. */
function sized(size: string, make: string): string {
	return `truncate -s ${size} IMAGE && ${make} IMAGE > /dev/null 2>&1`;
}

export const WRITABLE: readonly FileSystem[] = [
	// Inodes of 256 bytes are what times to the nanosecond need.
	{ type: 'ext2', make: sized('200M', 'mkfs.ext2 -q -I 256'), check: 'e2fsck -fn IMAGE', kept: 'attributes', times: 'ns' },
	{ type: 'ext3', make: sized('200M', 'mkfs.ext3 -q -I 256'), check: 'e2fsck -fn IMAGE', kept: 'attributes', times: 'ns' },
	{ type: 'ext4', make: sized('200M', 'mkfs.ext4 -q'), check: 'e2fsck -fn IMAGE', kept: 'attributes', times: 'ns' },
	{ type: 'xfs', make: sized('400M', 'mkfs.xfs -q'), check: 'xfs_repair -n IMAGE', kept: 'attributes', times: 'ns' },
	{ type: 'xfs', name: 'xfs with large directory blocks', make: sized('400M', 'mkfs.xfs -q -n size=16384'), check: 'xfs_repair -n IMAGE', kept: 'attributes', times: 'ns', needsVmap: true },
	{ type: 'btrfs', make: sized('400M', 'mkfs.btrfs -q'), check: 'btrfs check IMAGE', kept: 'attributes', times: 'ns' },
	{ type: 'f2fs', make: sized('200M', 'mkfs.f2fs -q'), check: 'fsck.f2fs --dry-run IMAGE', kept: 'unix', times: 'ns' },
	{ type: 'vfat', make: sized('200M', 'mkfs.vfat'), check: 'fsck.vfat -n IMAGE', kept: 'basic' },
	{ type: 'exfat', make: sized('200M', 'mkfs.exfat'), check: 'fsck.exfat -n IMAGE', kept: 'basic' },
];

/** One that is made of a directory `tree`, as a whole. */
export interface ReadOnly extends Omit<FileSystem, 'check'> {
	/** Numbers of hard links. */
	readonly links?: boolean;
}

export const READ_ONLY: readonly ReadOnly[] = [
	{ type: 'squashfs', make: 'mksquashfs tree IMAGE -noappend -quiet -no-progress > /dev/null 2>&1', kept: 'unix', times: 's' },
	{ type: 'erofs', make: 'mkfs.erofs IMAGE tree > /dev/null 2>&1', kept: 'unix', times: 'ns', needsVmap: true },
	{ type: 'iso9660', make: 'genisoimage -quiet -R -o IMAGE tree > /dev/null 2>&1', kept: 'unix', links: false },
];

/** A command for an image. */
export function command(text: string, image: string): string {
	return text.replaceAll('IMAGE', `'${image}'`);
}
