// SPDX-License-Identifier: GPL-2.0
// paths.ts - What is done with files by their names, one call each

import { constants } from 'node:fs';

import { AT_FDCWD, AT_SYMLINK_NOFOLLOW, SYS } from '../numbers.js';
import type { Queue } from '../queue.js';
import { OUT } from '../slot.js';
import { type PathLike, putTimes, type Time, toMode, toPath } from './arguments.js';
import { Calls, FILLED } from './calls.js';
import { type BigIntStats, readStatFs, type StatFs, type Stats } from './stats.js';
import { Attributes, type LinkOptions } from './xattr.js';

const LINK_MAX = 3968;

/** The part of a FileSystem that needs no contents. */
export class Paths {
	/** @internal */
	protected readonly calls: Calls;
	private readonly attributes: Attributes;

	/** @internal */
	constructor(queue: Queue) {
		this.calls = new Calls(queue);
		this.attributes = new Attributes(this.calls);
	}

	stat(path: PathLike, options: { bigint: true }): Promise<BigIntStats>;
	stat(path: PathLike, options?: { bigint?: false }): Promise<Stats>;
	stat(path: PathLike, { bigint = false } = {}): Promise<Stats | BigIntStats> {
		return this.calls.stat('stat', path, 0, bigint);
	}

	lstat(path: PathLike, options: { bigint: true }): Promise<BigIntStats>;
	lstat(path: PathLike, options?: { bigint?: false }): Promise<Stats>;
	lstat(path: PathLike, { bigint = false } = {}): Promise<Stats | BigIntStats> {
		return this.calls.stat('lstat', path, AT_SYMLINK_NOFOLLOW, bigint);
	}

	statfs(path: PathLike): Promise<StatFs> {
		return this.calls.path('statfs', 'statfs', path, [FILLED], (_, slot) => readStatFs(slot));
	}

	rmdir(path: PathLike): Promise<void> {
		return this.calls.path('rmdir', 'rmdir', path);
	}

	unlink(path: PathLike): Promise<void> {
		return this.calls.path('unlink', 'unlink', path);
	}

	rename(oldPath: PathLike, newPath: PathLike): Promise<void> {
		return this.calls.paths('rename', oldPath, newPath);
	}

	link(existingPath: PathLike, newPath: PathLike): Promise<void> {
		return this.calls.paths('link', existingPath, newPath);
	}

	symlink(target: PathLike, path: PathLike): Promise<void> {
		return this.calls.paths('symlink', target, path);
	}

	readlink(path: PathLike): Promise<string> {
		return this.calls.path('readlink', 'readlink', path, [FILLED, LINK_MAX - 1], (length, slot) => slot.data.toString('utf8', OUT, OUT + length));
	}

	truncate(path: PathLike, length = 0): Promise<void> {
		return this.calls.path('truncate', 'truncate', path, [length]);
	}

	chmod(path: PathLike, mode: number | string): Promise<void> {
		return this.calls.path('chmod', 'chmod', path, [toMode(mode)]);
	}

	chown(path: PathLike, uid: number, gid: number): Promise<void> {
		return this.calls.path('chown', 'chown', path, [uid, gid]);
	}

	lchown(path: PathLike, uid: number, gid: number): Promise<void> {
		return this.calls.path('lchown', 'lchown', path, [uid, gid]);
	}

	/** Times are Dates, seconds as numbers, or nanoseconds as bigints. */
	utimes(path: PathLike, atime: Time, mtime: Time): Promise<void> {
		return this.setTimes('utime', path, atime, mtime, 0);
	}

	/** The same for a symbolic link itself. */
	lutimes(path: PathLike, atime: Time, mtime: Time): Promise<void> {
		return this.setTimes('lutime', path, atime, mtime, AT_SYMLINK_NOFOLLOW);
	}

	access(path: PathLike, mode: number = constants.F_OK): Promise<void> {
		return this.calls.call('access', path, (slot) => [SYS.faccessat, AT_FDCWD, slot.text(toPath(path)), mode]);
	}

	/** The value of an extended attribute: "user.comment". */
	getxattr(path: PathLike, name: string, options?: LinkOptions): Promise<Buffer> {
		return this.attributes.get(path, name, options);
	}

	/** Sets an attribute; `flag`: only if it is not there yet ("create"), or only if it is ("replace"). */
	setxattr(path: PathLike, name: string, value: string | ArrayBufferView, options?: LinkOptions & { flag?: 'create' | 'replace' }): Promise<void> {
		return this.attributes.set(path, name, value, options);
	}

	listxattr(path: PathLike, options?: LinkOptions): Promise<string[]> {
		return this.attributes.list(path, options);
	}

	removexattr(path: PathLike, name: string, options?: LinkOptions): Promise<void> {
		return this.attributes.remove(path, name, options);
	}

	private setTimes(name: string, path: PathLike, atime: Time, mtime: Time, flags: number): Promise<void> {
		return this.calls.call(name, path, (slot) => [SYS.utimensat, AT_FDCWD, slot.text(toPath(path)), putTimes(slot, atime, mtime), flags]);
	}
}
