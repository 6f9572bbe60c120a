// SPDX-License-Identifier: GPL-2.0
// elf.ts - Read what we need to know of a program's header; see elf(5)

const MAGIC = Buffer.from('\x7fELF');
const CLASS_64 = 2;
const PT_INTERP = 3;

const machines: Readonly<Record<number, string>> = { 3: 'i386', 40: 'arm', 62: 'x86-64', 183: 'aarch64', 243: 'riscv' };

/** A program or library. */
export interface Elf {
	/** Machine, and width in bits. */
	readonly architecture: string;
	/** Is it loaded by ld.so? Known for 64 bits only. */
	readonly dynamic: boolean;
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
		dynamic: wide && headers.some((offset) => head.readUInt32LE(offset) === PT_INTERP),
	};
}
