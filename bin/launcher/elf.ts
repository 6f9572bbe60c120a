// SPDX-License-Identifier: GPL-2.0
// elf.ts - Read what we need to know of a program's header; see elf(5)

const MAGIC = Buffer.from('\x7fELF');
const CLASS_64 = 2;
const PT_INTERP = 3;
const PT_NOTE = 4;

const NOTE_HEADER = 12;

/** The note that Go's linker leaves; see debug/buildinfo. */
const GO_NOTE = { type: 4, name: 'Go\0' } as const;
const LONGEST = 256;

const machines: Readonly<Record<number, string>> = { 3: 'i386', 40: 'arm', 62: 'x86-64', 183: 'aarch64', 243: 'riscv' };

/** A program or library. */
export interface Elf {
	/** Machine, and width in bits. */
	readonly architecture: string;
	/** Path of the ld.so that loads it; undefined if it is linked statically. Known for 64 bits only. */
	readonly loader: string | undefined;
	/** Was it made by Go? Known for 64 bits only. */
	readonly isGo: boolean;
}

/** What is there of the segments of a type, to the end of the head if that comes first. */
function segments(head: Buffer, headers: readonly number[], type: number): Buffer[] {
	return headers.filter((offset) => offset + 40 <= head.length && head.readUInt32LE(offset) === type).map((offset) => {
		const at = Number(head.readBigUInt64LE(offset + 8));
		return head.subarray(at, at + Number(head.readBigUInt64LE(offset + 32)));
	});
}

function loaderOf(head: Buffer, headers: readonly number[]): string | undefined {
	return segments(head, headers, PT_INTERP)[0]?.toString('latin1', 0, LONGEST).split('\0', 1)[0];
}

function isGo(notes: Buffer): boolean {
	const padded = (at: number): number => (notes.readUInt32LE(at) + 3) & ~3;

	for (let at = 0; at + NOTE_HEADER + GO_NOTE.name.length <= notes.length; at += NOTE_HEADER + padded(at) + padded(at + 4)) {
		const name = at + NOTE_HEADER;
		if (notes.readUInt32LE(at + 8) === GO_NOTE.type && notes.toString('latin1', name, name + GO_NOTE.name.length) === GO_NOTE.name) {
			return true;
		}
	}
	return false;
}

/** Reads the beginning of a file; undefined if it is no ELF file. */
export function parseElf(head: Buffer): Elf | undefined {
	if (head.length < 64 || !head.subarray(0, 4).equals(MAGIC)) {
		return undefined;
	}
	const machine = head.readUInt16LE(18);
	const wide = head[4] === CLASS_64;
	const [at, size, count] = [Number(head.readBigUInt64LE(32)), head.readUInt16LE(54), head.readUInt16LE(56)];
	const headers = Array.from({ length: count }, (_, index) => at + index * size).filter((offset) => offset + 4 <= head.length);

	return {
		architecture: `${machines[machine] ?? `machine ${machine}`}, ${wide ? 64 : 32} bits`,
		loader: wide ? loaderOf(head, headers) : undefined,
		isGo: wide && segments(head, headers, PT_NOTE).some(isGo),
	};
}
