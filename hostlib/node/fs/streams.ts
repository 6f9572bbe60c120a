// SPDX-License-Identifier: GPL-2.0
// streams.ts - Node's own streams, on files of the kernel

import { createReadStream, createWriteStream, type ReadStream, type WriteStream } from 'node:fs';

import { type PathLike, toFlags, toMode, toPath } from './arguments.js';
import type { Calls } from './calls.js';

/** Of fs.createReadStream(). */
export type ReadStreamOptions = Exclude<Parameters<typeof createReadStream>[1], string | undefined>;
/** Of fs.createWriteStream(). */
export type WriteStreamOptions = Exclude<Parameters<typeof createWriteStream>[1], string | undefined>;

type Callback<T, About = void> = (error: unknown, result?: T, about?: About) => void;

/** Calls back with what a promise gives, outside of it: what the callback throws is not its affair. */
function answer<T, About>(promise: Promise<T>, callback: Callback<T, About>, about?: About): void {
	promise.then((result) => {
		process.nextTick(callback, null, result, about);
	}, (error: unknown) => {
		process.nextTick(callback, error);
	});
}

/** What these streams call instead of the functions of node:fs. */
function functionsOf(calls: Calls) {
	return {
		open(path: PathLike, flags: string | number, mode: number | string | undefined, callback: Callback<number>) {
			answer(calls.open(path, toFlags(flags), toMode(mode ?? 0o666)), callback);
		},
		close(fd: number, callback: Callback<void>) {
			answer(calls.close(fd), callback);
		},
		read(fd: number, buffer: Buffer, offset: number, length: number, position: number | null | undefined, callback: Callback<number, Buffer>) {
			answer(calls.read(fd, buffer.subarray(offset, offset + length), position ?? null), callback, buffer);
		},
		write(fd: number, buffer: Buffer, offset: number, length: number, position: number | null | undefined, callback: Callback<number, Buffer>) {
			answer(calls.writeAll(fd, buffer.subarray(offset, offset + length), position ?? -1), callback, buffer);
		},
		writev(fd: number, buffers: readonly Buffer[], position: number | null | undefined, callback: Callback<number, readonly Buffer[]>) {
			answer(calls.writeAll(fd, Buffer.concat(buffers), position ?? -1), callback, buffers);
		},
		fsync(fd: number, callback: Callback<void>) {
			answer(calls.fd('fsync', 'fsync', fd), callback);
		},
	};
}

export function readStream(calls: Calls, path: PathLike, options: ReadStreamOptions): ReadStream {
	return createReadStream(toPath(path), { ...options, fs: functionsOf(calls) });
}

export function writeStream(calls: Calls, path: PathLike, options: WriteStreamOptions): WriteStream {
	return createWriteStream(toPath(path), { ...options, fs: functionsOf(calls) });
}
