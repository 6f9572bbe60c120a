// SPDX-License-Identifier: GPL-2.0
// xattr.ts - Extended attributes

import { check } from '../errors.js';
import { SYS } from '../numbers.js';
import { OP } from '../slot.js';
import { type PathLike, shown, toBytes, toPath } from './arguments.js';
import type { Calls } from './calls.js';

/** Of a symbolic link itself, or of what it leads to? */
export interface LinkOptions {
	/** Follow a symbolic link; default: true. */
	readonly follow?: boolean;
}

/** Room for results: names and values have 64 KiB at most. */
const MAX_SIZE = 65536;
/** XATTR_CREATE, XATTR_REPLACE */
const FLAGS = { create: 1, replace: 2 } as const;

export class Attributes {
	constructor(private readonly calls: Calls) {}

	/** The value of an attribute: "user.comment". */
	get(path: PathLike, name: string, { follow = true }: LinkOptions = {}): Promise<Buffer> {
		return this.read(follow ? 'getxattr' : 'lgetxattr', path, name);
	}

	/** The names of all attributes. */
	async list(path: PathLike, { follow = true }: LinkOptions = {}): Promise<string[]> {
		return (await this.read(follow ? 'listxattr' : 'llistxattr', path)).toString().split('\0').slice(0, -1);
	}

	/** Sets an attribute; `flag`: only if it is not there yet, or only if it is. */
	async set(path: PathLike, name: string, value: string | ArrayBufferView, { follow = true, flag }: LinkOptions & { flag?: keyof typeof FLAGS } = {}): Promise<void> {
		const call = follow ? 'setxattr' : 'lsetxattr';
		const bytes = toBytes(value);
		await this.calls.queue.request((slot) => {
			slot.set(OP.syscall, SYS[call], slot.text(toPath(path)), slot.text(name), bytes, bytes.length, flag === undefined ? 0 : FLAGS[flag]);
		}, (result) => check(result, { syscall: call, path: shown(path) }));
	}

	async remove(path: PathLike, name: string, { follow = true }: LinkOptions = {}): Promise<void> {
		const call = follow ? 'removexattr' : 'lremovexattr';
		await this.calls.queue.request((slot) => {
			slot.set(OP.syscall, SYS[call], slot.text(toPath(path)), slot.text(name));
		}, (result) => check(result, { syscall: call, path: shown(path) }));
	}

	private async read(call: 'getxattr' | 'lgetxattr' | 'listxattr' | 'llistxattr', path: PathLike, name?: string): Promise<Buffer> {
		const buffer = Buffer.allocUnsafe(MAX_SIZE);
		const length = await this.calls.queue.request((slot) => {
			const named = name === undefined ? [] : [slot.text(name)];
			slot.set(OP.syscall, SYS[call], slot.text(toPath(path)), ...named, buffer, MAX_SIZE);
		}, (result) => check(result, { syscall: call, path: shown(path) }));
		return Buffer.from(buffer.subarray(0, length));
	}
}
