// SPDX-License-Identifier: GPL-2.0
// disk.ts - Disks of the kernel, and the file systems on them

import { callFunction, cString } from './call.js';
import { copyIn, type CopyOptions, copyOut, type CopyResult, fs2tar, type TarOptions } from './copy.js';
import { check } from './errors.js';
import { addressOf } from './library.js';
import { DISK_READONLY, DISK_SCRATCH, MS_NOATIME, MS_RDONLY } from './numbers.js';
import type { Queue } from './queue.js';
import { OP } from './slot.js';

/** Of kernel.addDisk(). */
export interface DiskOptions {
	/** An image file or a block device of the host. */
	readonly image: string;
	/** The kernel cannot write to it. Default: false */
	readonly readOnly?: boolean;
	/** The kernel can write, but what it writes is kept in memory, and lost. Default: false */
	readonly scratch?: boolean;
	/** 512 or 4096 bytes; default: what fits. */
	readonly sectorSize?: 512 | 4096;
}

/** Of disk.mount(). */
export interface MountOptions {
	/** 0: the whole disk. Default: 0 */
	readonly partition?: number;
	/** A type of the kernel's, such as ext4; default: what it looks like */
	readonly type?: string;
	/** Default: that of the disk */
	readonly readOnly?: boolean;
	/** Of the file system, as of mount -o. */
	readonly options?: string;
}

const UNMOUNT_MS = 1000;
const MOUNT_POINT = 16;

/** A file system that is mounted. */
export class Mount {
	private gone = false;

	/** @internal */
	constructor(private readonly queue: Queue, readonly disk: Disk, readonly partition: number, readonly path: string) {}

	/** Writes all files and directories to a pax archive: a path of the host, or a descriptor. */
	fs2tar(archive: string | number, options?: TarOptions): Promise<CopyResult> {
		return fs2tar(this.queue, this.path, archive, options);
	}

	/** Copies files of the host to a directory, or a name, in this file system; as cptofs does. */
	copyIn(sources: string | readonly string[], target: string, options?: CopyOptions): Promise<CopyResult> {
		return copyIn(this.queue, this.path, sources, target, options);
	}

	/** Copies files of this file system to a directory, or a name, of the host; as cpfromfs does. */
	copyOut(sources: string | readonly string[], target: string, options?: CopyOptions): Promise<CopyResult> {
		return copyOut(this.queue, this.path, sources, target, options);
	}

	/** Writes all back and unmounts; fails with EBUSY after a second in which files are still open. */
	async unmount(): Promise<void> {
		if (!this.gone) {
			const args = [this.disk.id, this.partition, 0, UNMOUNT_MS];
			check(await callFunction(this.queue, 'lkl_umount_dev', args), { syscall: 'umount', path: this.path });
			this.forget();
		}
	}

	/** @internal At the end of the process. */
	unmountNow(): void {
		if (!this.gone) {
			this.queue.wait((slot) => {
				slot.set(OP.call, addressOf('lkl_umount_dev'), this.disk.id, this.partition, 0, 0);
			}, () => undefined);
		}
	}

	[Symbol.asyncDispose](): Promise<void> {
		return this.unmount();
	}

	private forget(): void {
		this.gone = true;
		this.disk.mounts.delete(this);
	}
}

/** Of struct lkl_disk. */
const DISK_SIZE = 24;
const FLAGS_AT = 12;
const SECTOR_AT = 16;

export class Disk {
	/** @internal */
	readonly mounts = new Set<Mount>();
	private gone = false;

	private constructor(private readonly queue: Queue, readonly image: string, readonly id: number, private readonly readOnly: boolean, private readonly memory: Buffer, private readonly disks: Set<Disk>) {
		disks.add(this);
	}

	/** @internal */
	static async add(queue: Queue, disks: Set<Disk>, { image, readOnly = false, scratch = false, sectorSize }: DiskOptions): Promise<Disk> {
		const memory = Buffer.alloc(DISK_SIZE);
		const failed = { syscall: 'open', path: image };

		memory.writeUInt32LE(scratch ? DISK_SCRATCH : readOnly ? DISK_READONLY : 0, FLAGS_AT);
		memory.writeUInt32LE(sectorSize ?? 0, SECTOR_AT);
		check(await callFunction(queue, 'lkl_disk_open', [memory, cString(image)]), failed);
		const id = await callFunction(queue, 'lkl_disk_add', [memory]);
		if (id < 0) {
			await callFunction(queue, 'lkl_disk_close', [memory]);
		}
		return new Disk(queue, image, check(id, { ...failed, syscall: 'disk' }), readOnly, memory, disks);
	}

	/** Mounts the disk, or a partition. */
	async mount({ partition = 0, type = 'auto', readOnly = this.readOnly, options = '' }: MountOptions = {}): Promise<Mount> {
		const path = Buffer.alloc(MOUNT_POINT);
		const flags = readOnly ? MS_RDONLY : MS_NOATIME;
		const args = [this.id, partition, cString(type), flags, cString(options), path, MOUNT_POINT];
		check(await callFunction(this.queue, 'lkl_mount_dev', args), { syscall: 'mount', path: this.image });
		const mount = new Mount(this.queue, this, partition, path.toString('utf8', 0, path.indexOf(0)));
		this.mounts.add(mount);
		return mount;
	}

	/** Unmounts what is mounted, and takes the disk away. */
	async remove(): Promise<void> {
		if (this.gone) {
			return;
		}
		for (const mount of [...this.mounts]) {
			await mount.unmount();
		}
		check(await callFunction(this.queue, 'lkl_disk_close', [this.memory]), { syscall: 'disk', path: this.image });
		this.gone = true;
		this.disks.delete(this);
	}

	[Symbol.asyncDispose](): Promise<void> {
		return this.remove();
	}
}
