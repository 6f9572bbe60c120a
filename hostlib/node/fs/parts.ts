// SPDX-License-Identifier: GPL-2.0
// parts.ts - Parts of buffers

import { invalid } from '../errors.js';

/** Where and how much to read. */
export interface ReadOptions {
	readonly buffer?: Buffer;
	/** Where in the buffer. */
	readonly offset?: number;
	readonly length?: number;
	/** Where in the file; null or not given: where the last read or write has ended. */
	readonly position?: number | bigint | null;
}

/** A part of a buffer, which shares its memory. */
export function slice(buffer: Buffer, offset: number, length: number): Buffer {
	if (!(Number.isInteger(offset) && offset >= 0 && offset <= buffer.length)) {
		throw invalid('offset', `an integer from 0 to ${buffer.length}`, offset);
	}
	if (!(Number.isInteger(length) && length >= 0 && offset + length <= buffer.length)) {
		throw invalid('length', `an integer from 0 to ${buffer.length - offset}`, length);
	}
	return buffer.subarray(offset, offset + length);
}

/** Fills buffers, one after the other, from one. */
export function scatter(bytes: Buffer, buffers: readonly Buffer[]): void {
	let at = 0;
	for (const buffer of buffers) {
		at += bytes.copy(buffer, 0, at);
	}
}
