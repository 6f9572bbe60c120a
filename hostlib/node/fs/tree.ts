// SPDX-License-Identifier: GPL-2.0
// tree.ts - Whole trees: make the directories of a path, list, remove

import { posix } from 'node:path';

import { hasCode, KernelError } from '../errors.js';
import { AT_SYMLINK_NOFOLLOW } from '../numbers.js';
import { type PathLike, shown } from './arguments.js';
import type { Calls } from './calls.js';
import { type Entry, isDirectory, readEntries } from './contents.js';
import type { Stats } from './stats.js';

/** Makes a directory and those above it; the first that was not there. */
export async function makeDirectories(calls: Calls, path: string, mode: number): Promise<string | undefined> {
	try {
		await calls.path('mkdir', 'mkdir', path, [mode]);
		return path;
	} catch (error) {
		if (hasCode(error, 'ENOENT') && posix.dirname(path) !== path) {
			const first = await makeDirectories(calls, posix.dirname(path), mode);
			return await makeDirectories(calls, path, mode) === undefined ? first : first ?? path;
		}
		if (hasCode(error, 'EEXIST') && (await calls.stat('stat', path, 0, false) as Stats).isDirectory()) {
			return undefined;
		}
		throw error;
	}
}

/** An entry somewhere below. */
export interface Found extends Entry {
	/** Its directory, relative to the start; "" is the start. */
	readonly below: string;
}

/** All that is below a directory. */
export async function walk(calls: Calls, path: string, below = ''): Promise<Found[]> {
	const found: Found[] = [];

	for (const entry of await readEntries(calls, posix.join(path, below))) {
		found.push({ ...entry, below });
		if (isDirectory(entry)) {
			found.push(...await walk(calls, path, posix.join(below, entry.name.toString())));
		}
	}
	return found;
}

/** Directory and name, as bytes. */
function join(directory: Buffer, name: Buffer): Buffer {
	return Buffer.concat([directory, Buffer.from('/'), name]);
}

async function removeDirectory(calls: Calls, path: Buffer): Promise<void> {
	await Promise.all((await readEntries(calls, path)).map((entry) => {
		const name = join(path, entry.name);
		return isDirectory(entry) ? removeDirectory(calls, name) : calls.path('unlink', 'unlink', name);
	}));
	await calls.path('rmdir', 'rmdir', path);
}

/** Removes a file, or with `recursive` a directory with all that is in it. */
export async function remove(calls: Calls, path: PathLike, { recursive = false, force = false }: { recursive?: boolean; force?: boolean }): Promise<void> {
	try {
		const stats = await calls.stat('rm', path, AT_SYMLINK_NOFOLLOW, false) as Stats;
		if (!stats.isDirectory()) {
			await calls.path('unlink', 'rm', path);
		} else if (recursive) {
			await removeDirectory(calls, Buffer.from(shown(path)));
		} else {
			throw new KernelError(21, { syscall: 'rm', path: shown(path) });
		}
	} catch (error) {
		if (!(force && hasCode(error, 'ENOENT'))) {
			throw error;
		}
	}
}
