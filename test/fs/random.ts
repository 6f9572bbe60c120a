// SPDX-License-Identifier: GPL-2.0
// random.ts - Numbers that look random, the same for the same seed

/** A function that returns a number below its argument: a linear congruential generator of 48 bits. */
export function random(seed: number): (limit: number) => number {
	let state = BigInt(seed) * 0x5DEECE66Dn + 0xBn;
	return (limit) => {
		state = (state * 0x5DEECE66Dn + 0xBn) & ((1n << 48n) - 1n);
		return Number((state >> 16n) * BigInt(limit) >> 32n);
	};
}
