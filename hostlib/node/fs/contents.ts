// SPDX-License-Identifier: GPL-2.0
// contents.ts - Whole files and directories, in one request if they are small

import { constants } from 'node:fs';

import { check, KernelError } from '../errors.js';
import { SYS } from '../numbers.js';
import { DATA_SIZE, OP, type Slot } from '../slot.js';
import { checkSignal, type PathLike, shown, toPath } from './arguments.js';
import { type Calls, failed } from './calls.js';
import { Dirent } from './stats.js';

/** LKL_ASYNC_IN_* */
const STEPS = ['open', 'read', 'write', 'fsync'] as const;
const GUESS = 65536;
/** What a read is told at most, so that it can be given up soon. */
const PART = 4 << 20;

function checkStep(result: number, slot: Slot, path: PathLike, more: Partial<Record<(typeof STEPS)[number], string>> = {}): void {
	if (result < 0) {
		const step = STEPS[slot.argument(6)] ?? 'open';
		throw new KernelError(result, failed(more[step] ?? step, step === 'open' ? path : undefined));
	}
}

/** What is left of a descriptor, behind what was read already. */
export async function readRest(calls: Calls, fd: number, beginning: Buffer, size: number, signal?: AbortSignal): Promise<Buffer> {
	let buffer = Buffer.allocUnsafeSlow(Math.max(size, beginning.length) + (size > 0 ? 1 : GUESS));
	let length = beginning.copy(buffer);

	for (;;) {
		checkSignal(signal);
		const room = buffer.subarray(length, length + PART);
		const got = await calls.readAll(fd, room);
		length += got;
		if (got < room.length) {
			return buffer.subarray(0, length);
		}
		if (length === buffer.length) {
			const larger = Buffer.allocUnsafeSlow(2 * length);
			buffer.copy(larger);
			buffer = larger;
		}
	}
}

/** Reads a file by path. */
export async function readWhole(calls: Calls, path: PathLike, flags: number, signal?: AbortSignal): Promise<Buffer> {
	const { bytes, fd, size } = await calls.queue.request((slot) => {
		slot.set(OP.readFile, slot.text(toPath(path)), flags);
	}, (result, slot) => {
		checkStep(result, slot, path);
		return { bytes: Buffer.from(slot.data.subarray(0, result)), fd: slot.argument(1), size: slot.argument(2) };
	});

	if (fd < 0) {
		return bytes;
	}
	try {
		return await readRest(calls, fd, bytes, size, signal);
	} finally {
		await calls.close(fd);
	}
}

/** Makes, or changes, a file by path. */
export async function writeWhole(calls: Calls, path: PathLike, bytes: Buffer, flags: number, mode: number, flush: boolean): Promise<void> {
	await calls.queue.request((slot) => {
		slot.set(OP.writeFile, slot.text(toPath(path)), flags, mode, bytes, bytes.length, Number(flush));
	}, (result, slot) => {
		checkStep(result, slot, path);
	});
}

/** An entry as the kernel has it. */
export interface Entry {
	readonly name: Buffer;
	/** DT_* */
	readonly type: number;
}

/** From struct linux_dirent64. */
function parse(bytes: Buffer, entries: Entry[]): void {
	for (let at = 0; at < bytes.length; at += bytes.readUInt16LE(at + 16)) {
		const name = Buffer.from(bytes.subarray(at + 19, bytes.indexOf(0, at + 19)));
		if (!(name[0] === 0x2e && (name.length === 1 || (name.length === 2 && name[1] === 0x2e)))) {
			entries.push({ name, type: bytes[at + 18] ?? 0 });
		}
	}
}

/** Reads a directory. */
export async function readEntries(calls: Calls, path: PathLike): Promise<Entry[]> {
	const entries: Entry[] = [];
	const fd = await calls.queue.request((slot) => {
		slot.set(OP.readDir, slot.text(toPath(path)));
	}, (result, slot) => {
		checkStep(result, slot, path, { open: 'scandir' });
		parse(slot.data.subarray(0, result), entries);
		return slot.argument(1);
	});

	if (fd >= 0) {
		try {
			let length;
			do {
				length = await calls.queue.request((slot) => {
					slot.set(OP.syscall, SYS.getdents64, fd, slot.address, DATA_SIZE);
				}, (result, slot) => {
					check(result, { syscall: 'scandir', path: shown(path) });
					parse(slot.data.subarray(0, result), entries);
					return result;
				});
			} while (length > 0);
		} finally {
			await calls.close(fd);
		}
	}
	return entries;
}

/** The file type of an entry: as stat() has it, shifted as in a directory. */
export function isDirectory({ type }: Entry): boolean {
	return type === constants.S_IFDIR >> 12;
}

export function toDirent(entry: Entry, parent: string): Dirent {
	return new Dirent(entry.name.toString(), parent, entry.type);
}
