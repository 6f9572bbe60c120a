// SPDX-License-Identifier: GPL-2.0
// slot.ts - A request in the memory that both sides see: struct lkl_async_slot

import { ref } from './ffi.js';

/** LKL_ASYNC_* */
export const OP = {
	syscall: 0, call: 1, readFile: 2, readDir: 3, writeFile: 4, read: 5, write: 6,
	connect: 7, accept: 8, recv: 9, send: 10, close: 11,
} as const;

export const SLOT_SIZE = 16384;
const DATA_AT = 128;

/** Bytes of contents that a slot has room for. */
export const DATA_SIZE = SLOT_SIZE - DATA_AT;

/** Where structures that calls fill are put, in the contents; before it there is room for two paths. */
export const OUT = 12288;

const PATH_MAX = 4096;
const ARGUMENTS = 8;
const WORD = 2 ** 32;

/** What an argument can be: a number, or what it is the address of. */
export type Argument = number | bigint | ArrayBufferView;

export class Slot {
	/** All of the slot as 32-bit words. */
	readonly words: Int32Array;
	readonly data: Buffer;
	/** Address of the contents. */
	readonly address: number;
	/** What the request points to, so that it stays. */
	private kept: ArrayBufferView[] = [];
	private used = 0;

	constructor(segment: Buffer, base: number, readonly id: number, index: number) {
		const at = index * SLOT_SIZE;
		this.words = new Int32Array(segment.buffer, segment.byteOffset + at, SLOT_SIZE / 4);
		this.data = segment.subarray(at + DATA_AT, at + SLOT_SIZE);
		this.address = base + at + DATA_AT;
	}

	/** Writes a request; all arguments after the last are 0. */
	set(op: number, ...args: readonly Argument[]): void {
		this.words[1] = op;
		for (let index = 0; index < ARGUMENTS; index++) {
			this.setArgument(index, args[index] ?? 0);
		}
	}

	private setArgument(index: number, argument: Argument): void {
		const value = typeof argument === 'number' ? argument : typeof argument === 'bigint' ? Number(argument) : this.keep(argument);
		const at = 4 + 2 * index;

		this.words[at] = value;
		this.words[at + 1] = Math.floor(value / WORD);
	}

	/** The address of a buffer that is to stay until the request is done. */
	private keep(buffer: ArrayBufferView): number {
		this.kept.push(buffer);
		return buffer.byteLength === 0 ? this.address : ref.address(Buffer.isBuffer(buffer) ? buffer : Buffer.from(buffer.buffer, buffer.byteOffset, buffer.byteLength));
	}

	/** What became of an argument. */
	argument(index: number): number {
		return this.long(4 + 2 * index);
	}

	get result(): number {
		return this.long(2);
	}

	/** 64 bits, as far as a number can hold them. */
	long(word: number): number {
		return (this.words[word + 1] ?? 0) * WORD + ((this.words[word] ?? 0) >>> 0);
	}

	/** Adds a path, or another text, to the contents; its address. */
	text(text: string | Buffer): number {
		const at = this.used;
		// A longer one is for the kernel to refuse.
		const length = typeof text === 'string'
			? this.data.write(text, at, PATH_MAX)
			: text.copy(this.data, at, 0, PATH_MAX);
		this.data[at + length] = 0;
		this.used = at + length + 1;
		return this.address + at;
	}

	/** Forgets the request. */
	clear(): void {
		this.used = 0;
		if (this.kept.length > 0) {
			this.kept = [];
		}
	}
}
