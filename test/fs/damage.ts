// SPDX-License-Identifier: GPL-2.0
// damage.ts - Images with random damage, the same for the same seed, and what fs2tar makes of them

import { closeSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs';

import { sh, tool } from './tools.js';

/** How fs2tar ended; `changed`: it has written to the image, which it must not. */
export type Ending = 'ok' | 'error' | 'crash' | 'hang' | 'changed';

/** Longer than any of it should take on a busy machine. */
const TOO_LONG_MS = 30_000;

/** A pseudorandom number below `limit` for each call: a linear congruential generator of 48 bits. */
function random(seed: number): (limit: number) => number {
	let state = BigInt(seed) * 0x5DEECE66Dn + 0xBn;
	return (limit) => {
		state = (state * 0x5DEECE66Dn + 0xBn) & ((1n << 48n) - 1n);
		return Number((state >> 16n) * BigInt(limit) >> 32n);
	};
}

/** Blocks of an image that hold anything, 4 KiB each: damage elsewhere would be none. */
export function usedBlocks(image: string): number[] {
	const block = Buffer.alloc(4096);
	const used: number[] = [];
	const fd = openSync(image, 'r');
	for (let index = 0; readSync(fd, block, 0, block.length, index * block.length) === block.length; index++) {
		if (block.some((byte) => byte !== 0)) {
			used.push(index);
		}
	}
	closeSync(fd);
	return used;
}

/** Flips bits, 8 to 512 of them. */
function damage(image: string, used: readonly number[], seed: number): void {
	const below = random(seed);
	const byte = Buffer.alloc(1);
	const fd = openSync(image, 'r+');
	for (let count = 8 << below(7); count > 0; count--) {
		const position = (used[below(used.length)] ?? 0) * 4096 + below(4096);
		readSync(fd, byte, 0, 1, position);
		byte.writeUInt8(byte.readUInt8() ^ 1 << below(8));
		writeSync(fd, byte, 0, 1, position);
	}
	closeSync(fd);
}

/** Damages a copy of an image and archives it. */
export async function tryDamaged(image: string, used: readonly number[], seed: number): Promise<{ ending: Ending; stderr: string }> {
	const copy = `${image}.${seed}`;
	await sh(`cp --sparse=always '${image}' '${copy}'`, '/');
	damage(copy, used, seed);
	const before = statSync(copy, { bigint: true });
	const start = performance.now();
	const { exitCode, stderr } = await tool('fs2tar', [copy, '/dev/null']);
	const tookLong = performance.now() - start > TOO_LONG_MS;
	const changed = statSync(copy, { bigint: true }).mtimeNs !== before.mtimeNs;
	rmSync(copy);

	const ending = changed ? 'changed' : tookLong ? 'hang' : exitCode === 0 ? 'ok' : exitCode === 1 || exitCode === 2 ? 'error' : 'crash';
	return { ending, stderr };
}
