// SPDX-License-Identifier: GPL-2.0
// elf.ts - Read what we need to know of a program's header; see elf(5)

const MAGIC = Buffer.from('\x7fELF');
const CLASS_64 = 2;
const PT_INTERP = 3;
const PT_NOTE = 4;

/** The note that Go's linker leaves begins so, after the length of its contents; see debug/buildinfo. */
const GO_NOTE = { nameSize: 4, type: 4, name: Buffer.from('Go\0\0') } as const;
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

/** Where the segments of a type begin in the file. */
function segments(head: Buffer, headers: readonly number[], type: number): number[] {
	return headers.filter((offset) => head.readUInt32LE(offset) === type).map((offset) => {
		const at = head.subarray(offset + 8, offset + 16);
		return at.length === 8 ? Number(at.readBigUInt64LE()) : head.length;
	});
}

function loaderOf(head: Buffer, headers: readonly number[]): string | undefined {
	const [start] = segments(head, headers, PT_INTERP);
	return start === undefined ? undefined : head.toString('latin1', start, start + LONGEST).split('\0', 1)[0];
}

function isGo(head: Buffer, headers: readonly number[]): boolean {
	return segments(head, headers, PT_NOTE).some((at) => at + 16 <= head.length && head.readUInt32LE(at) === GO_NOTE.nameSize
		&& head.readUInt32LE(at + 8) === GO_NOTE.type && head.subarray(at + 12, at + 16).equals(GO_NOTE.name));
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
		isGo: wide && isGo(head, headers),
	};
}
