// SPDX-License-Identifier: GPL-2.0
// arguments.ts - Arguments of the calls of files, as Node takes them

import { constants } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { invalid } from '../errors.js';
import { O_CLOEXEC } from '../numbers.js';
import { OUT, type Slot } from '../slot.js';

/** A path inside the kernel: absolute, or relative to "/". */
export type PathLike = string | Buffer | URL;

/** A path as a text, or as bytes. */
export function toPath(path: PathLike, name = 'path'): string | Buffer {
	const plain = path instanceof URL ? fileURLToPath(path) : path;

	if (typeof plain !== 'string' && !Buffer.isBuffer(plain)) {
		throw Object.assign(new TypeError(`The "${name}" argument must be of type string or an instance of Buffer or URL`), { code: 'ERR_INVALID_ARG_TYPE' });
	}
	if (plain.includes('\0')) {
		throw invalid(name, 'a string or Buffer without null bytes', plain);
	}
	return plain;
}

/** As it is shown in errors. */
export function shown(path: PathLike): string {
	return path instanceof URL ? fileURLToPath(path) : path.toString();
}

const { O_RDONLY, O_RDWR, O_WRONLY, O_CREAT, O_TRUNC, O_APPEND, O_EXCL, O_SYNC } = constants;

const FLAGS: Readonly<Record<string, number>> = {
	r: O_RDONLY, rs: O_RDONLY | O_SYNC, 'r+': O_RDWR, 'rs+': O_RDWR | O_SYNC,
	w: O_WRONLY | O_CREAT | O_TRUNC, wx: O_WRONLY | O_CREAT | O_TRUNC | O_EXCL,
	'w+': O_RDWR | O_CREAT | O_TRUNC, 'wx+': O_RDWR | O_CREAT | O_TRUNC | O_EXCL,
	a: O_WRONLY | O_CREAT | O_APPEND, ax: O_WRONLY | O_CREAT | O_APPEND | O_EXCL, as: O_WRONLY | O_CREAT | O_APPEND | O_SYNC,
	'a+': O_RDWR | O_CREAT | O_APPEND, 'ax+': O_RDWR | O_CREAT | O_APPEND | O_EXCL, 'as+': O_RDWR | O_CREAT | O_APPEND | O_SYNC,
};

/** Flags of open(2). */
export function toFlags(flags: string | number): number {
	const number = typeof flags === 'number' ? flags : FLAGS[flags];
	if (number === undefined) {
		throw invalid('flags', `a number or one of ${Object.keys(FLAGS).join(', ')}`, flags);
	}
	return number | O_CLOEXEC;
}

/** Permissions: a number, or octal digits. */
export function toMode(mode: number | string): number {
	const number = typeof mode === 'number' ? mode : /^[0-7]+$/.test(mode) ? Number.parseInt(mode, 8) : Number.NaN;
	if (!(number >= 0 && number <= 0o7777_7777)) {
		throw invalid('mode', 'a number or a string of octal digits', mode);
	}
	return number;
}

/** Contents as bytes. */
export function toBytes(data: string | ArrayBufferView, encoding: BufferEncoding = 'utf8'): Buffer {
	if (typeof data === 'string') {
		return Buffer.from(data, encoding);
	}
	if (!ArrayBuffer.isView(data)) {
		throw Object.assign(new TypeError('The "data" argument must be of type string or an instance of Buffer, TypedArray or DataView'), { code: 'ERR_INVALID_ARG_TYPE' });
	}
	return Buffer.isBuffer(data) ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

/** Options that may be no more than an encoding. */
export function toOptions<T extends { encoding?: unknown }>(options: T | T['encoding'] | undefined): T {
	return (typeof options === 'string' ? { encoding: options } : options ?? {}) as T;
}

/** A time: a Date, seconds since 1970, or nanoseconds as a bigint. */
export type Time = Date | number | string | bigint;

const NS = 1_000_000_000n;

function toNanoseconds(time: Time, name: string): bigint {
	if (typeof time === 'bigint') {
		return time;
	}
	const seconds = time instanceof Date ? time.getTime() / 1000 : Number(time);
	if (!Number.isFinite(seconds)) {
		throw invalid(name, 'a Date, a number of seconds or a bigint of nanoseconds', time);
	}
	const whole = Math.floor(seconds);
	return BigInt(whole) * NS + BigInt(Math.round((seconds - whole) * 1e9));
}

/** Puts two struct timespec into a slot; their address. */
export function putTimes(slot: Slot, atime: Time, mtime: Time): number {
	for (const [index, ns] of [toNanoseconds(atime, 'atime'), toNanoseconds(mtime, 'mtime')].entries()) {
		const rest = ((ns % NS) + NS) % NS;
		slot.data.writeBigInt64LE((ns - rest) / NS, OUT + 16 * index);
		slot.data.writeBigInt64LE(rest, OUT + 16 * index + 8);
	}
	return slot.address + OUT;
}

/** Throws if a signal says so. */
export function checkSignal(signal: AbortSignal | undefined): void {
	if (signal?.aborted === true) {
		throw new AbortError(signal);
	}
}

/** As Node's own. */
export class AbortError extends Error {
	readonly code = 'ABORT_ERR';

	constructor(signal: AbortSignal) {
		super('The operation was aborted', { cause: signal.reason });
	}
}
AbortError.prototype.name = 'AbortError';
