// SPDX-License-Identifier: GPL-2.0
// random-work.ts - The same random operations in two directories, which must have the same outcomes

import { closeSync, fdatasyncSync, fsyncSync, ftruncateSync, linkSync, mkdirSync, openSync, readFileSync, readlinkSync, readSync, readdirSync, renameSync, rmdirSync, statSync, symlinkSync, unlinkSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import { random } from './random.js';

const NAMES = ['a', 'b', 'c', 'd', 'a/x', 'a/y', 'b/x', 'b/y'];
const SIZE = 300_000;

type Work = (directory: string) => unknown;

/** What came of an operation: its result, or its error; POSIX leaves it open which one a directory with files makes. */
function outcome(work: () => unknown): string {
	try {
		return JSON.stringify([work()]);
	} catch (error) {
		return ((error as NodeJS.ErrnoException).code ?? String(error)).replace('ENOTEMPTY', 'EEXIST');
	}
}

/** Opens a file that is there already for as long as the work takes. */
function withFile(path: string, flags: string, work: (fd: number) => unknown): unknown {
	const fd = openSync(path, flags);
	try {
		return work(fd);
	} finally {
		closeSync(fd);
	}
}

/** A file that was opened once and may have been deleted since. */
class Kept {
	readonly #fds = new Map<string, number>();

	keep(directory: string, name: string): void {
		this.drop(directory);
		this.#fds.set(directory, openSync(join(directory, name), 'r+'));
	}

	drop(directory: string): void {
		const fd = this.#fds.get(directory);
		if (fd !== undefined) {
			closeSync(fd);
			this.#fds.delete(directory);
		}
	}

	get(directory: string): number {
		return this.#fds.get(directory) ?? -1;
	}
}

function choose(below: (limit: number) => number, kept: Kept): { name: string; work: Work } {
	const name = NAMES[below(NAMES.length)] ?? 'a';
	const other = NAMES[below(NAMES.length)] ?? 'a';
	const position = below(SIZE);
	const sync = below(2) === 0 ? fsyncSync : fdatasyncSync;
	const bytes = Buffer.alloc(1 + below(below(2) === 0 ? 500 : 70_000), below(256));
	const at = (directory: string): string => join(directory, name);
	const read = (fd: number): string => {
		const into = Buffer.alloc(bytes.length);
		return into.subarray(0, readSync(fd, into, 0, into.length, position)).toString('base64');
	};
	const works: Record<string, Work> = {
		create: (d) => {
			writeFileSync(at(d), bytes);
		},
		write: (d) => withFile(at(d), 'r+', (fd) => writeSync(fd, bytes, 0, bytes.length, position)),
		append: (d) => withFile(at(d), 'a', (fd) => writeSync(fd, bytes)),
		read: (d) => withFile(at(d), 'r', read),
		truncate: (d) => withFile(at(d), 'r+', (fd) => {
			ftruncateSync(fd, position);
		}),
		sync: (d) => withFile(at(d), 'r+', sync),
		unlink: (d) => {
			unlinkSync(at(d));
		},
		mkdir: (d) => {
			mkdirSync(at(d));
		},
		rmdir: (d) => {
			rmdirSync(at(d));
		},
		rename: (d) => {
			renameSync(at(d), join(d, other));
		},
		link: (d) => {
			linkSync(at(d), join(d, other));
		},
		symlink: (d) => {
			symlinkSync(other, at(d));
		},
		readlink: (d) => readlinkSync(at(d)),
		readdir: (d) => readdirSync(at(d)).sort(),
		times: (d) => {
			utimesSync(at(d), position, position);
			return statSync(at(d)).mtimeMs;
		},
		stat: (d) => {
			const stat = statSync(at(d));
			// File systems differ in what they tell of directories.
			return stat.isDirectory() ? stat.mode : [stat.mode, stat.nlink, stat.size];
		},
		keep: (d) => {
			kept.keep(d, name);
		},
		'write kept': (d) => writeSync(kept.get(d), bytes, 0, bytes.length, position),
		'read kept': (d) => read(kept.get(d)),
		'read all': (d) => readFileSync(at(d)).toString('base64'),
	};
	const kinds = Object.keys(works);
	const kind = kinds[below(kinds.length)] ?? '';
	const { [kind]: work = at } = works;

	return { name: `${kind} ${name} ${other} ${position} ${bytes.length}`, work };
}

/** Works at random in two directories; the operation whose outcomes differ, or `undefined`. */
export function workInBoth(one: string, other: string, count: number, seed: number): string | undefined {
	const below = random(seed);
	const kept = new Kept();
	try {
		for (let number = 0; number < count; number++) {
			const { name, work } = choose(below, kept);
			const got = outcome(() => work(one));
			const expected = outcome(() => work(other));
			if (got !== expected) {
				return `seed ${seed}, operation ${number}, ${name}: got ${got.slice(0, 200)}, expected ${expected.slice(0, 200)}`;
			}
		}
		return undefined;
	} finally {
		kept.drop(one);
		kept.drop(other);
	}
}
