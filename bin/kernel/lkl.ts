// SPDX-License-Identifier: GPL-2.0
// lkl.ts - The kernel library in this process: boot it, and read its files

import { ffi, ref } from '../../hostlib/node/ffi.js';

/** System calls by the numbers of the host's table: the kernel has the same. */
const CALLS: Readonly<Record<string, Readonly<Record<'read' | 'close' | 'openat' | 'getdents64', number>>>> = {
	x64: { read: 0, close: 3, openat: 257, getdents64: 217 },
	arm64: { read: 63, close: 57, openat: 56, getdents64: 61 },
};
const AT_FDCWD = -100;
const MAX_ARGS = 6;
const DT_DIR = 4;
const ROOM = 32768;

function load(path: string) {
	return ffi.Library(path, {
		lkl_init: ['int', ['pointer']],
		lkl_start_kernel: ['int', ['string']],
		lkl_mount_fs: ['int', ['string']],
		lkl_qdisc_add: ['int', ['int', 'string', 'string']],
		lkl_syscall: ['long', ['long', 'pointer']],
	});
}

/** An entry of a directory. */
export interface Entry {
	readonly name: string;
	readonly isDirectory: boolean;
}

/** A kernel that runs; there can be one in a process, which it lasts as long as. */
export class Kernel {
	private readonly lib: ReturnType<typeof load>;
	private readonly calls;

	constructor(path: string) {
		this.lib = load(path);
		this.calls = CALLS[process.arch] ?? { read: -1, close: -1, openat: -1, getdents64: -1 };
		this.expect('lkl_init', this.lib.lkl_init(ref.NULL));
		this.expect('lkl_start_kernel', this.lib.lkl_start_kernel('loglevel=1 mem=64M'));
		this.expect('mount of proc', this.lib.lkl_mount_fs('proc'));
	}

	/** Can a queueing discipline be put on an interface? Negative error number if not. */
	addQdisc(ifindex: number, kind: string): number {
		return this.lib.lkl_qdisc_add(ifindex, 'root', kind);
	}

	readFile(path: string): string {
		return this.withFile(path, (fd) => Buffer.concat(this.chunks(this.calls.read, fd)).toString());
	}

	readDirectory(path: string): Entry[] {
		return this.withFile(path, (fd) => this.chunks(this.calls.getdents64, fd).flatMap(parseEntries));
	}

	/** All that a call gives that fills a buffer, until it is at the end. */
	private chunks(call: number, fd: number): Buffer[] {
		const chunks: Buffer[] = [];
		for (;;) {
			const buffer = Buffer.alloc(ROOM);
			const length = this.call(call, fd, buffer, ROOM);
			if (length <= 0) {
				return chunks;
			}
			chunks.push(buffer.subarray(0, length));
		}
	}

	private withFile<T>(path: string, use: (fd: number) => T): T {
		const fd = this.call(this.calls.openat, AT_FDCWD, Buffer.from(`${path}\0`), 0);
		this.expect(path, fd);
		try {
			return use(fd);
		} finally {
			this.call(this.calls.close, fd);
		}
	}

	private call(number: number, ...args: (number | Buffer)[]): number {
		const params = Buffer.alloc(MAX_ARGS * ref.sizeof.long);
		for (const [index, arg] of args.entries()) {
			const value = typeof arg === 'number' ? BigInt(arg) : BigInt(ref.address(arg));
			params.writeBigInt64LE(value, index * ref.sizeof.long);
		}
		return Number(this.lib.lkl_syscall(number, params));
	}

	private expect(what: string, result: number): void {
		if (result < 0) {
			throw new Error(`${what}: error ${-result} of the kernel`);
		}
	}
}

/** struct linux_dirent64 */
function parseEntries(buffer: Buffer): Entry[] {
	const entries: Entry[] = [];
	for (let at = 0; at < buffer.length; at += buffer.readUInt16LE(at + 16)) {
		const name = buffer.toString('utf8', at + 19, buffer.indexOf(0, at + 19));
		if (name !== '.' && name !== '..') {
			entries.push({ name, isDirectory: buffer[at + 18] === DT_DIR });
		}
	}
	return entries;
}
