// SPDX-License-Identifier: GPL-2.0
// file-handle.ts - An open file; as FileHandle of node:fs/promises

import { EventEmitter } from 'node:events';
import type { ReadStream, WriteStream } from 'node:fs';

import { SYS } from '../numbers.js';
import { putTimes, type Time, toBytes, toMode, toOptions } from './arguments.js';
import type { Calls } from './calls.js';
import { readRest } from './contents.js';
import { type ReadOptions, scatter, slice } from './parts.js';
import type { BigIntStats, Stats } from './stats.js';
import { readStream, type ReadStreamOptions, writeStream, type WriteStreamOptions } from './streams.js';

const READ_SIZE = 16384;

export class FileHandle extends EventEmitter<{ close: [] }> {
	private number: number;
	private busy = 0;
	private closing: Promise<void> | undefined;
	private idle: (() => void) | undefined;

	/** @internal */
	constructor(private readonly calls: Calls, fd: number) {
		super();
		this.number = fd;
	}

	/** Descriptor of the kernel, not of the host; -1 after close(). */
	get fd(): number {
		return this.number;
	}

	/** Counts what is under way: the descriptor is not closed before. */
	private async use<T>(work: (fd: number) => Promise<T>): Promise<T> {
		if (this.number < 0 || this.closing !== undefined) {
			throw Object.assign(new Error('file closed'), { code: 'EBADF', errno: -9, syscall: 'use' });
		}
		this.busy++;
		try {
			return await work(this.number);
		} finally {
			this.busy--;
			if (this.busy === 0) {
				this.idle?.();
			}
		}
	}

	/** Reads once; fewer bytes than asked for are not the end, 0 are. */
	read(options?: ReadOptions): Promise<{ bytesRead: number; buffer: Buffer }>;
	read(buffer: Buffer, offset?: number, length?: number, position?: number | bigint | null): Promise<{ bytesRead: number; buffer: Buffer }>;
	async read(first: Buffer | ReadOptions = {}, second = 0, third?: number, fourth: number | bigint | null = null): Promise<{ bytesRead: number; buffer: Buffer }> {
		const { buffer = Buffer.alloc(READ_SIZE), offset = 0, length, position = null } = Buffer.isBuffer(first)
			? { buffer: first, offset: second, length: third, position: fourth }
			: first;
		const part = slice(buffer, offset, length ?? buffer.length - offset);
		return { bytesRead: await this.use((fd) => this.calls.read(fd, part, position)), buffer };
	}

	/** Writes once; position as of read(). */
	async write(data: string | ArrayBufferView, offset = 0, length?: number, position: number | bigint | null = null): Promise<{ bytesWritten: number; buffer: typeof data }> {
		const bytes = toBytes(data);
		const part = slice(bytes, offset, length ?? bytes.length - offset);
		return { bytesWritten: await this.use((fd) => this.calls.write(fd, part, position)), buffer: data };
	}

	/** Reads into buffers, one after the other. */
	async readv(buffers: readonly Buffer[], position: number | null = null): Promise<{ bytesRead: number; buffers: readonly Buffer[] }> {
		const joined = Buffer.allocUnsafe(buffers.reduce((sum, { length }) => sum + length, 0));
		const { bytesRead } = await this.read(joined, 0, joined.length, position);
		scatter(joined.subarray(0, bytesRead), buffers);
		return { bytesRead, buffers };
	}

	/** Writes buffers, one after the other. */
	async writev(buffers: readonly ArrayBufferView[], position: number | null = null): Promise<{ bytesWritten: number; buffers: readonly ArrayBufferView[] }> {
		const bytes = Buffer.concat(buffers.map((buffer) => toBytes(buffer)));
		return { bytesWritten: await this.use((fd) => this.calls.writeAll(fd, bytes, position ?? -1)), buffers };
	}

	/** Reads from where the last read has ended to the end. */
	readFile(options: { encoding: BufferEncoding; signal?: AbortSignal } | BufferEncoding): Promise<string>;
	readFile(options?: { encoding?: null; signal?: AbortSignal } | null): Promise<Buffer>;
	async readFile(options?: { encoding?: BufferEncoding | null; signal?: AbortSignal } | BufferEncoding | null): Promise<string | Buffer> {
		const { encoding, signal } = toOptions<{ encoding?: BufferEncoding | null; signal?: AbortSignal }>(options ?? undefined);
		const bytes = await this.use(async (fd) => readRest(this.calls, fd, Buffer.alloc(0), (await this.calls.fstat(fd, false) as Stats).size, signal));
		return encoding ? bytes.toString(encoding) : bytes;
	}

	/** Writes all, from where the last write has ended. */
	async writeFile(data: string | ArrayBufferView, options?: { encoding?: BufferEncoding } | BufferEncoding): Promise<void> {
		const bytes = toBytes(data, toOptions<{ encoding?: BufferEncoding }>(options).encoding);
		await this.use((fd) => this.calls.writeAll(fd, bytes));
	}

	appendFile(data: string | ArrayBufferView, options?: { encoding?: BufferEncoding } | BufferEncoding): Promise<void> {
		return this.writeFile(data, options);
	}

	stat(options: { bigint: true }): Promise<BigIntStats>;
	stat(options?: { bigint?: false }): Promise<Stats>;
	stat({ bigint = false } = {}): Promise<Stats | BigIntStats> {
		return this.use((fd) => this.calls.fstat(fd, bigint));
	}

	truncate(length = 0): Promise<void> {
		return this.use((fd) => this.calls.fd('ftruncate', 'ftruncate', fd, [length]));
	}

	/** The contents, and what is needed to find them, to the disk. */
	datasync(): Promise<void> {
		return this.use((fd) => this.calls.fd('fdatasync', 'fdatasync', fd));
	}

	sync(): Promise<void> {
		return this.use((fd) => this.calls.fd('fsync', 'fsync', fd));
	}

	chmod(mode: number | string): Promise<void> {
		return this.use((fd) => this.calls.fd('fchmod', 'fchmod', fd, [toMode(mode)]));
	}

	chown(uid: number, gid: number): Promise<void> {
		return this.use((fd) => this.calls.fd('fchown', 'fchown', fd, [uid, gid]));
	}

	/** Times as of FileSystem.utimes(). */
	utimes(atime: Time, mtime: Time): Promise<void> {
		return this.use((fd) => this.calls.call('futime', undefined, (slot) => [SYS.utimensat, fd, 0, putTimes(slot, atime, mtime), 0]));
	}

	/** A stream that closes this when it ends, unless `autoClose` is false. */
	createReadStream(options: ReadStreamOptions = {}): ReadStream {
		return this.closedBy(readStream(this.calls, '', { ...options, fd: this.number }), options);
	}

	createWriteStream(options: WriteStreamOptions = {}): WriteStream {
		return this.closedBy(writeStream(this.calls, '', { ...options, fd: this.number }), options);
	}

	/** Closes the file, when all that is under way is done. */
	async close(): Promise<void> {
		this.closing ??= (async () => {
			if (this.busy > 0) {
				await new Promise<void>((resolve) => {
					this.idle = resolve;
				});
			}
			const fd = this.number;
			if (fd >= 0) {
				this.number = -1;
				await this.calls.close(fd);
				this.emit('close');
			}
		})();
		await this.closing;
	}

	[Symbol.asyncDispose](): Promise<void> {
		return this.close();
	}

	private closedBy<Stream extends ReadStream | WriteStream>(stream: Stream, { autoClose = true }: { autoClose?: boolean | undefined }): Stream {
		if (autoClose) {
			stream.once('close', () => {
				this.number = -1;
				this.emit('close');
			});
		}
		return stream;
	}
}
