// SPDX-License-Identifier: GPL-2.0
// stats.ts - What stat() tells, from struct statx

import { constants } from 'node:fs';

import { OUT, type Slot } from '../slot.js';

/** Of struct statx, in 32-bit words. */
const AT = 32 + OUT / 4;
const [BLKSIZE, NLINK, UID, GID, MODE, INO, SIZE, BLOCKS, ATIME, BIRTHTIME, CTIME, MTIME, RDEV, DEV] = [1, 4, 5, 6, 7, 8, 10, 12, 16, 20, 24, 28, 32, 34];

function makeDevice(major: number, minor: number): number {
	return ((major & 0xfff) << 8 | minor & 0xff | (minor & ~0xff) << 12) >>> 0;
}

abstract class Type {
	protected abstract readonly bits: number;

	isFile(): boolean { return this.bits === constants.S_IFREG; }
	isDirectory(): boolean { return this.bits === constants.S_IFDIR; }
	isSymbolicLink(): boolean { return this.bits === constants.S_IFLNK; }
	isBlockDevice(): boolean { return this.bits === constants.S_IFBLK; }
	isCharacterDevice(): boolean { return this.bits === constants.S_IFCHR; }
	isFIFO(): boolean { return this.bits === constants.S_IFIFO; }
	isSocket(): boolean { return this.bits === constants.S_IFSOCK; }
}

/** An entry of a directory; as Node's. */
export class Dirent<Name extends string | Buffer = string> extends Type {
	protected readonly bits: number;

	/** @param type - of struct linux_dirent64 */
	constructor(readonly name: Name, readonly parentPath: string, type: number) {
		super();
		this.bits = type << 12;
	}
}

/** Status of a file; times in milliseconds. */
export class Stats extends Type {
	readonly dev: number;
	readonly ino: number;
	readonly mode: number;
	readonly nlink: number;
	readonly uid: number;
	readonly gid: number;
	readonly rdev: number;
	readonly size: number;
	readonly blksize: number;
	readonly blocks: number;
	readonly atimeMs: number;
	readonly mtimeMs: number;
	readonly ctimeMs: number;
	readonly birthtimeMs: number;

	constructor(slot: Slot) {
		super();
		const word = (at: number): number => (slot.words[AT + at] ?? 0) >>> 0;
		const time = (at: number): number => slot.long(AT + at) * 1000 + word(at + 2) / 1e6;

		this.dev = makeDevice(word(DEV), word(DEV + 1));
		this.ino = slot.long(AT + INO);
		this.mode = word(MODE) & 0xffff;
		this.nlink = word(NLINK);
		this.uid = word(UID);
		this.gid = word(GID);
		this.rdev = makeDevice(word(RDEV), word(RDEV + 1));
		this.size = slot.long(AT + SIZE);
		this.blksize = word(BLKSIZE);
		this.blocks = slot.long(AT + BLOCKS);
		this.atimeMs = time(ATIME);
		this.mtimeMs = time(MTIME);
		this.ctimeMs = time(CTIME);
		this.birthtimeMs = time(BIRTHTIME);
	}

	protected get bits(): number { return this.mode & constants.S_IFMT; }
	get atime(): Date { return new Date(this.atimeMs); }
	get mtime(): Date { return new Date(this.mtimeMs); }
	get ctime(): Date { return new Date(this.ctimeMs); }
	get birthtime(): Date { return new Date(this.birthtimeMs); }
}

/** The same in bigints, with times in nanoseconds as well. */
export class BigIntStats extends Type {
	readonly dev: bigint;
	readonly ino: bigint;
	readonly mode: bigint;
	readonly nlink: bigint;
	readonly uid: bigint;
	readonly gid: bigint;
	readonly rdev: bigint;
	readonly size: bigint;
	readonly blksize: bigint;
	readonly blocks: bigint;
	readonly atimeNs: bigint;
	readonly mtimeNs: bigint;
	readonly ctimeNs: bigint;
	readonly birthtimeNs: bigint;

	constructor(slot: Slot) {
		super();
		const long = (at: number): bigint => slot.data.readBigInt64LE(OUT + 4 * at);
		const word = (at: number): number => slot.data.readUInt32LE(OUT + 4 * at);
		const time = (at: number): bigint => long(at) * 1_000_000_000n + BigInt(word(at + 2));

		this.dev = BigInt(makeDevice(word(DEV), word(DEV + 1)));
		this.ino = BigInt.asUintN(64, long(INO));
		this.mode = BigInt(word(MODE) & 0xffff);
		this.nlink = BigInt(word(NLINK));
		this.uid = BigInt(word(UID));
		this.gid = BigInt(word(GID));
		this.rdev = BigInt(makeDevice(word(RDEV), word(RDEV + 1)));
		this.size = long(SIZE);
		this.blksize = BigInt(word(BLKSIZE));
		this.blocks = long(BLOCKS);
		this.atimeNs = time(ATIME);
		this.mtimeNs = time(MTIME);
		this.ctimeNs = time(CTIME);
		this.birthtimeNs = time(BIRTHTIME);
	}

	protected get bits(): number { return Number(this.mode) & constants.S_IFMT; }
	get atimeMs(): bigint { return this.atimeNs / 1_000_000n; }
	get mtimeMs(): bigint { return this.mtimeNs / 1_000_000n; }
	get ctimeMs(): bigint { return this.ctimeNs / 1_000_000n; }
	get birthtimeMs(): bigint { return this.birthtimeNs / 1_000_000n; }
	get atime(): Date { return new Date(Number(this.atimeMs)); }
	get mtime(): Date { return new Date(Number(this.mtimeMs)); }
	get ctime(): Date { return new Date(Number(this.ctimeMs)); }
	get birthtime(): Date { return new Date(Number(this.birthtimeMs)); }
}

/** Of a file system, in blocks of `bsize` bytes. */
export interface StatFs {
	readonly type: number;
	readonly bsize: number;
	readonly blocks: number;
	readonly bfree: number;
	readonly bavail: number;
	readonly files: number;
	readonly ffree: number;
}

/** From struct statfs. */
export function readStatFs(slot: Slot): StatFs {
	const long = (index: number): number => Number(slot.data.readBigInt64LE(OUT + 8 * index));
	return { type: long(0), bsize: long(1), blocks: long(2), bfree: long(3), bavail: long(4), files: long(5), ffree: long(6) };
}
