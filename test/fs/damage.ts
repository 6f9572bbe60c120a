// SPDX-License-Identifier: GPL-2.0
// damage.ts - Images with random damage in their metadata, and what the engine of fs2tar makes of them

import { closeSync, copyFileSync, mkdirSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import { execa } from 'execa';

import { command, type FileSystem, READ_ONLY, WRITABLE } from './file-systems.js';
import { random } from './random.js';
import { testProgram } from '../helpers/paths.js';
import { sh, tool } from './commands.js';
import { makeTree } from './trees.js';

/** How it ended; `changed`: it has written to the image, which it must not. */
export const ENDINGS = ['ok', 'error', 'crash', 'hang', 'changed'] as const;
export type Ending = (typeof ENDINGS)[number];

/** What is damaged: those of Linux with and without checksums, those of others, those that are never written. */
export const DAMAGEABLE: readonly FileSystem[] = [
	// The driver of udf goes through all of a directory for each name, also if its size is wrong: that may take hours.
	...WRITABLE.filter(({ type, name }) => type !== 'udf' && name === undefined),
	...READ_ONLY.filter(({ type, name }) => type !== 'ntfs3' && (name === undefined || name === 'erofs with lz4')),
];

/** Longer than any of it should take on a busy machine. */
const TOO_LONG_MS = 30_000;

const BLOCK = 4096;
/** A block that holds less is the contents of one of the small files. */
const LEAST_BYTES = 16;
/** Most of what a file system knows is not zero. */
const TRIES = 8;

/** An image to damage, and the numbers of its blocks that hold something. */
export interface Subject {
	readonly type: string;
	readonly image: string;
	readonly used: readonly number[];
}

function usedBlocks(image: string): number[] {
	const block = Buffer.alloc(BLOCK);
	const used: number[] = [];
	const fd = openSync(image, 'r');
	for (let index = 0; readSync(fd, block, 0, BLOCK, index * BLOCK) > 0; index++) {
		if (block.filter((byte) => byte !== 0).length >= LEAST_BYTES) {
			used.push(index);
		}
	}
	closeSync(fd);
	return used;
}

/** Makes an image with many small files in a new folder. */
export async function makeSubject(fileSystem: FileSystem, folder: string): Promise<Subject> {
	const { type, name = type, make, kept } = fileSystem;
	const place = join(folder, name);
	const image = join(place, 'image');
	mkdirSync(place);
	await makeTree(place, kept);
	await sh(`rm tree/big tree/text; ${command(make.replace('200M', '64M'), image)}`, place);
	if (WRITABLE.includes(fileSystem)) {
		await tool('cptofs', ['-t', type, '-i', image, join(place, 'tree/*'), '/']);
	}
	return { type, image, used: usedBlocks(image) };
}

/** Flips bits, 1 to 128 of them; where, and what was there. */
function flipBits(fd: number, used: readonly number[], seed: number): { position: number; byte: Buffer }[] {
	const below = random(seed);
	const flipped = [];
	for (let count = 1 << below(8); count > 0; count--) {
		const byte = Buffer.alloc(1);
		let position = 0;
		for (let tries = 0; tries < TRIES && byte.readUInt8() === 0; tries++) {
			position = (used[below(used.length)] ?? 0) * BLOCK + below(BLOCK);
			readSync(fd, byte, 0, 1, position);
		}
		flipped.push({ position, byte });
		writeSync(fd, Buffer.of(byte.readUInt8() ^ 1 << below(8)), 0, 1, position);
	}
	return flipped;
}

/** The end of what archives it. */
async function archive({ type, image }: Subject): Promise<{ ending: Ending; stderr: string }> {
	const { mtimeNs } = statSync(image, { bigint: true });
	const { exitCode, timedOut, stderr } = await execa(testProgram('fs/archive'), [type, image], { reject: false, stdin: 'ignore', timeout: TOO_LONG_MS, killSignal: 'SIGKILL' });
	const changed = statSync(image, { bigint: true }).mtimeNs !== mtimeNs;
	const error = exitCode === 1 || exitCode === 2;

	return { ending: changed ? 'changed' : timedOut ? 'hang' : exitCode === 0 ? 'ok' : error ? 'error' : 'crash', stderr };
}

/** Tries several; the numbers of endings. What ends badly is reported, and kept in a folder if there is one for it. */
export async function tryAll(subject: Subject, seeds: Iterable<number>, report: (line: string) => void, keep?: string): Promise<Record<Ending, number>> {
	const counts: Record<Ending, number> = { ok: 0, error: 0, crash: 0, hang: 0, changed: 0 };
	const fd = openSync(subject.image, 'r+');
	for (const seed of seeds) {
		const flipped = flipBits(fd, subject.used, seed);
		const { ending, stderr } = await archive(subject);
		counts[ending] += 1;
		if (ending !== 'ok' && ending !== 'error') {
			report(`${subject.type}, seed ${seed}: ${ending}: ${stderr.slice(0, 2000)}`);
			if (keep !== undefined) {
				copyFileSync(subject.image, join(keep, `${subject.type}-${seed}`));
			}
		}
		for (const { position, byte } of flipped.reverse()) {
			writeSync(fd, byte, 0, 1, position);
		}
	}
	closeSync(fd);
	return counts;
}
