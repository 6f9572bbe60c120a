// SPDX-License-Identifier: GPL-2.0
// file-system.ts - The files of the kernel; as node:fs/promises

import { constants, type ReadStream, type WriteStream } from 'node:fs';
import { posix } from 'node:path';

import { hasCode } from '../errors.js';
import { checkSignal, type PathLike, shown, toBytes, toFlags, toMode, toOptions } from './arguments.js';
import { readEntries, readWhole, toDirent, writeWhole } from './contents.js';
import { FileHandle } from './file-handle.js';
import { Paths } from './paths.js';
import type { Dirent } from './stats.js';
import { readStream, type ReadStreamOptions, writeStream, type WriteStreamOptions } from './streams.js';
import { makeDirectories, remove, walk } from './tree.js';

/** An encoding: the result is a string then. */
export interface Encoding {
	readonly encoding: BufferEncoding;
}

/** Of readFile(). */
export interface ReadFileOptions {
	readonly encoding?: BufferEncoding | null;
	readonly flag?: string | number;
	readonly signal?: AbortSignal;
}

/** Of writeFile() and appendFile(). */
export interface WriteFileOptions {
	readonly encoding?: BufferEncoding;
	/** Permissions of a new file, less those of the umask; default: 0o666. */
	readonly mode?: number | string;
	readonly flag?: string | number;
	/** To be on the disk when this is done. */
	readonly flush?: boolean;
	readonly signal?: AbortSignal;
}

const TRIES = 100;

/** The calls have the names, arguments and results of node:fs/promises, if nothing else is said. Paths are inside the kernel. */
export class FileSystem extends Paths {
	/** Flags and the like: those of node:fs. */
	readonly constants = constants;

	readFile(path: PathLike | FileHandle, options: ReadFileOptions & Encoding | BufferEncoding): Promise<string>;
	readFile(path: PathLike | FileHandle, options?: ReadFileOptions & { encoding?: null } | null): Promise<Buffer>;
	async readFile(path: PathLike | FileHandle, options?: ReadFileOptions | BufferEncoding | null): Promise<string | Buffer> {
		const { encoding, flag = 'r', signal } = toOptions<ReadFileOptions>(options ?? undefined);
		checkSignal(signal);
		const bytes = path instanceof FileHandle
			? await path.readFile(signal === undefined ? {} : { signal })
			: await readWhole(this.calls, path, toFlags(flag), signal);
		checkSignal(signal);
		return encoding ? bytes.toString(encoding) : bytes;
	}

	async writeFile(path: PathLike | FileHandle, data: string | ArrayBufferView, options?: WriteFileOptions | BufferEncoding): Promise<void> {
		const { encoding = 'utf8', mode = 0o666, flag = 'w', flush = false, signal } = toOptions<WriteFileOptions>(options);
		checkSignal(signal);
		const bytes = toBytes(data, encoding);
		await (path instanceof FileHandle
			? path.writeFile(bytes)
			: writeWhole(this.calls, path, bytes, toFlags(flag), toMode(mode), flush));
	}

	appendFile(path: PathLike | FileHandle, data: string | ArrayBufferView, options?: WriteFileOptions | BufferEncoding): Promise<void> {
		return this.writeFile(path, data, { flag: 'a', ...toOptions<WriteFileOptions>(options) });
	}

	async open(path: PathLike, flags: string | number = 'r', mode: number | string = 0o666): Promise<FileHandle> {
		return new FileHandle(this.calls, await this.calls.open(path, toFlags(flags), toMode(mode)));
	}

	createReadStream(path: PathLike, options?: ReadStreamOptions | BufferEncoding): ReadStream {
		return readStream(this.calls, path, toOptions<ReadStreamOptions & object>(options));
	}

	createWriteStream(path: PathLike, options?: WriteStreamOptions | BufferEncoding): WriteStream {
		return writeStream(this.calls, path, toOptions<WriteStreamOptions & object>(options));
	}

	readdir(path: PathLike, options: { withFileTypes: true; recursive?: boolean }): Promise<Dirent[]>;
	readdir(path: PathLike, options: { encoding: 'buffer' } | 'buffer'): Promise<Buffer[]>;
	readdir(path: PathLike, options?: { encoding?: 'utf8'; withFileTypes?: false; recursive?: boolean } | 'utf8'): Promise<string[]>;
	async readdir(path: PathLike, options?: { encoding?: 'utf8' | 'buffer'; withFileTypes?: boolean; recursive?: boolean } | 'utf8' | 'buffer'): Promise<(string | Buffer | Dirent)[]> {
		const { encoding, withFileTypes = false, recursive = false } = toOptions<{ encoding?: 'utf8' | 'buffer'; withFileTypes?: boolean; recursive?: boolean }>(options);
		const start = shown(path);
		if (!recursive) {
			return (await readEntries(this.calls, path)).map((entry) =>
				withFileTypes ? toDirent(entry, start) : encoding === 'buffer' ? entry.name : entry.name.toString());
		}
		return (await walk(this.calls, start)).map((entry) =>
			withFileTypes ? toDirent(entry, posix.join(start, entry.below)) : posix.join(entry.below, entry.name.toString()));
	}

	/** With `recursive`: the first directory that was not there yet. */
	async mkdir(path: PathLike, options?: { recursive?: boolean; mode?: number | string } | number): Promise<string | undefined> {
		const { recursive = false, mode = 0o777 } = typeof options === 'number' ? { mode: options } : options ?? {};
		if (recursive) {
			return makeDirectories(this.calls, posix.resolve('/', shown(path)), toMode(mode));
		}
		await this.calls.path('mkdir', 'mkdir', path, [toMode(mode)]);
		return undefined;
	}

	/** Makes a directory with a name that begins like this; its name. */
	async mkdtemp(prefix: string): Promise<string> {
		for (let tries = 1; ; tries++) {
			const path = prefix + Math.random().toString(36).slice(2, 8).padEnd(6, 'x');
			try {
				await this.calls.path('mkdir', 'mkdtemp', path, [0o700]);
				return path;
			} catch (error) {
				if (tries === TRIES || !hasCode(error, 'EEXIST')) {
					throw error;
				}
			}
		}
	}

	rm(path: PathLike, options: { recursive?: boolean; force?: boolean } = {}): Promise<void> {
		return remove(this.calls, path, options);
	}
}
