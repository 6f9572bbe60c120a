// SPDX-License-Identifier: GPL-2.0
// copy.ts - Whole trees: to an archive, in and out; the engines of liblkl-fs.so

import { open } from 'node:fs/promises';

import { callFunction, cString } from './call.js';
import { KernelError } from './errors.js';
import { AbortError, checkSignal } from './fs/arguments.js';
import { ref } from './ffi.js';
import type { Queue } from './queue.js';
import type { Argument } from './slot.js';

/** How far the work is. */
export interface Progress {
	/** Files, directories and so on that are done. */
	readonly files: number;
	/** Bytes of contents that are done. */
	readonly bytes: number;
	/** All there are; 0 unless `totals` was asked for. */
	readonly totalFiles: number;
	readonly totalBytes: number;
	/** Files that could not be done, or not fully. */
	readonly failed: number;
}

/** Of all that is done with trees. */
export interface WorkOptions {
	/** Called ten times a second, and at the end. */
	readonly onProgress?: (progress: Progress) => void;
	/** Find out the totals first. Default: false */
	readonly totals?: boolean;
	/** Leave out files that match: a path if the pattern has a "/", else a name. */
	readonly exclude?: readonly string[];
	/** Ends the work; the file at hand is not left half done. */
	readonly signal?: AbortSignal;
}

/** Of fs2tar(). */
export interface TarOptions extends WorkOptions {
	/** Leave out the names of users and groups. Default: false */
	readonly numericOwner?: boolean;
}

/** Of copyIn() and copyOut(). */
export interface CopyOptions extends WorkOptions {
	/** Owners of the copies; default: those of the sources */
	readonly uid?: number;
	readonly gid?: number;
	/** SELinux label of the copies. */
	readonly label?: string;
}

/** What came of it. */
export interface CopyResult extends Progress {
	/** Which files failed and why, and what of them could not be kept. */
	readonly messages: readonly string[];
}

const FILE = 'liblkl-fs.so';
const PERIOD_MS = 100;
const CANCEL_AT = 40;
const COUNTERS_SIZE = 48;
const NOTHING = 0;

/** An engine at work: struct lkl_fs. */
class Engine {
	private readonly counters = Buffer.alloc(COUNTERS_SIZE);
	private address = 0;

	constructor(private readonly queue: Queue) {}

	call(name: string, ...args: readonly Argument[]): Promise<number> {
		return callFunction(this.queue, name, [this.address, ...args], FILE);
	}

	async begin(directory: string, { exclude = [], totals = false }: WorkOptions): Promise<void> {
		this.address = await callFunction(this.queue, 'lkl_fs_new', [], FILE, true);
		await this.call('lkl_fs_set_progress', this.counters);
		await Promise.all([
			...exclude.map((pattern) => this.call('lkl_fs_exclude', cString(pattern))),
			...(totals ? [this.call('lkl_fs_set_totals')] : []),
		]);
		const error = await this.call('lkl_fs_attach', cString(directory));
		if (error < 0) {
			throw new KernelError(error, { syscall: 'open', path: directory });
		}
	}

	get progress(): Progress {
		const [files = 0, bytes = 0, totalFiles = 0, totalBytes = 0, failed = 0] =
			Array.from({ length: 5 }, (_, index) => Number(this.counters.readBigUInt64LE(8 * index)));
		return { files, bytes, totalFiles, totalBytes, failed };
	}

	cancel(): void {
		this.counters.writeBigUInt64LE(1n, CANCEL_AT);
	}

	/** What was said, without the letter that tells what it is about. */
	async messages(): Promise<string[]> {
		const address = await callFunction(this.queue, 'lkl_fs_messages', [this.address], FILE, true);
		const pointer = Buffer.alloc(ref.sizeof.pointer);
		pointer.writeBigUInt64LE(BigInt(address));
		return ref.readCString(ref.readPointer(pointer, 0, 1), 0).split('\n').slice(0, -1).map((line) => line.slice(1));
	}

	async end(): Promise<void> {
		if (this.address !== NOTHING) {
			await this.call('lkl_fs_close');
			await this.call('lkl_fs_free');
		}
	}
}

/** Does some work with a directory. */
async function work(queue: Queue, directory: string, options: WorkOptions, syscall: string, run: (engine: Engine) => Promise<number>): Promise<CopyResult> {
	const { onProgress, signal } = options;
	const engine = new Engine(queue);
	const cancel = (): void => {
		engine.cancel();
	};

	checkSignal(signal);
	signal?.addEventListener('abort', cancel);
	const timer = onProgress && setInterval(() => {
		onProgress(engine.progress);
	}, PERIOD_MS);
	try {
		await engine.begin(directory, options);
		const result = await run(engine);
		const messages = await engine.messages();
		onProgress?.(engine.progress);
		if (signal?.aborted === true) {
			throw new AbortError(signal);
		}
		if (result < 0) {
			throw Object.assign(new KernelError(result, { syscall, path: directory }), { messages });
		}
		return { ...engine.progress, messages };
	} finally {
		clearInterval(timer);
		signal?.removeEventListener('abort', cancel);
		await engine.end();
	}
}

/** Writes a tree to a pax archive. */
export async function fs2tar(queue: Queue, directory: string, archive: string | number, options: TarOptions = {}): Promise<CopyResult> {
	const file = typeof archive === 'number' ? undefined : await open(archive, 'w');
	const fd = file?.fd ?? Number(archive);
	try {
		return await work(queue, directory, options, 'fs2tar', async (engine) => {
			if (options.numericOwner === true) {
				await engine.call('lkl_fs_set_numeric');
			}
			return engine.call('lkl_fs_to_tar', fd);
		});
	} finally {
		await file?.close();
	}
}

function copy(queue: Queue, directory: string, sources: string | readonly string[], target: string, options: CopyOptions, name: 'copy_in' | 'copy_out'): Promise<CopyResult> {
	return work(queue, directory, options, name, async (engine) => {
		const { uid = -1, gid = -1, label } = options;
		await engine.call('lkl_fs_set_owner', uid, gid);
		if (label !== undefined) {
			await engine.call('lkl_fs_set_label', cString(label));
		}
		for (const source of typeof sources === 'string' ? [sources] : sources) {
			await engine.call('lkl_fs_add_source', cString(source));
		}
		return engine.call(`lkl_fs_${name}`, cString(target));
	});
}

/** Copies from the host into a directory of the kernel. */
export function copyIn(queue: Queue, directory: string, sources: string | readonly string[], target: string, options: CopyOptions = {}): Promise<CopyResult> {
	return copy(queue, directory, sources, target, options, 'copy_in');
}

/** Copies from a directory of the kernel to the host. */
export function copyOut(queue: Queue, directory: string, sources: string | readonly string[], target: string, options: CopyOptions = {}): Promise<CopyResult> {
	return copy(queue, directory, sources, target, options, 'copy_out');
}
