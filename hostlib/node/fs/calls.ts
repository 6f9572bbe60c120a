// SPDX-License-Identifier: GPL-2.0
// calls.ts - Calls about files by path or by descriptor, as promises

import { check, type Failed } from '../errors.js';
import { AT_EMPTY_PATH, AT_FDCWD, STATX_ALL, SYS, type Syscall } from '../numbers.js';
import type { Queue } from '../queue.js';
import { type Argument, OP, OUT, type Slot } from '../slot.js';
import { type PathLike, shown, toPath } from './arguments.js';
import { BigIntStats, Stats } from './stats.js';

/** Argument that is replaced by the address of the structure that the call fills. */
export const FILLED = Symbol('filled');

type CallArgument = Argument | typeof FILLED;

function fillIn(slot: Slot, argument: CallArgument): Argument {
	return argument === FILLED ? slot.address + OUT : argument;
}

export class Calls {
	constructor(readonly queue: Queue) {}

	/** A call whose first argument is a path. */
	path<T = void>(call: Syscall, name: string, path: PathLike, args: readonly CallArgument[] = [], take?: (result: number, slot: Slot) => T): Promise<T> {
		return this.call(name, path, (slot) => [SYS[call], slot.text(toPath(path)), ...args.map((argument) => fillIn(slot, argument))], take);
	}

	/** A call with a descriptor. */
	fd<T = void>(call: Syscall, name: string, fd: number, args: readonly CallArgument[] = [], take?: (result: number, slot: Slot) => T): Promise<T> {
		return this.call(name, undefined, (slot) => [SYS[call], fd, ...args.map((argument) => fillIn(slot, argument))], take);
	}

	/** A call with two paths. */
	paths(call: Syscall, path: PathLike, dest: PathLike): Promise<void> {
		return this.queue.request((slot) => {
			slot.set(OP.syscall, SYS[call], slot.text(toPath(path)), slot.text(toPath(dest, 'dest')));
		}, (result) => {
			check(result, { syscall: call, path: shown(path), dest: shown(dest) });
		});
	}

	/** Any call; `fill` gives its number and arguments. */
	call<T = void>(name: string, path: PathLike | undefined, fill: (slot: Slot) => readonly Argument[], take?: (result: number, slot: Slot) => T): Promise<T> {
		return this.queue.request((slot) => {
			slot.set(OP.syscall, ...fill(slot));
		}, (result, slot) => {
			check(result, failed(name, path));
			return take?.(result, slot) as T;
		});
	}

	open(path: PathLike, flags: number, mode: number): Promise<number> {
		return this.path('open', 'open', path, [flags, mode], (fd) => fd);
	}

	close(fd: number): Promise<void> {
		return this.fd('close', 'close', fd);
	}

	stat(name: string, path: PathLike, flags: number, bigint: boolean): Promise<Stats | BigIntStats> {
		return this.call(name, path, (slot) => [SYS.statx, AT_FDCWD, slot.text(toPath(path)), flags, STATX_ALL, slot.address + OUT],
			(_, slot) => (bigint ? new BigIntStats(slot) : new Stats(slot)));
	}

	fstat(fd: number, bigint: boolean): Promise<Stats | BigIntStats> {
		return this.call('fstat', undefined, (slot) => [SYS.statx, fd, slot.text(''), AT_EMPTY_PATH, STATX_ALL, slot.address + OUT],
			(_, slot) => (bigint ? new BigIntStats(slot) : new Stats(slot)));
	}

	/** Reads once; number of bytes. */
	read(fd: number, buffer: Buffer, position: number | bigint | null): Promise<number> {
		return position === null || position < 0
			? this.fd('read', 'read', fd, [buffer, buffer.length], (length) => length)
			: this.fd('pread64', 'read', fd, [buffer, buffer.length, position], (length) => length);
	}

	/** Writes once; number of bytes. */
	write(fd: number, buffer: Buffer, position: number | bigint | null): Promise<number> {
		return position === null || position < 0
			? this.fd('write', 'write', fd, [buffer, buffer.length], (length) => length)
			: this.fd('pwrite64', 'write', fd, [buffer, buffer.length, position], (length) => length);
	}

	/** Reads until the buffer is full or the file ends; number of bytes. */
	readAll(fd: number, buffer: Buffer, position = -1): Promise<number> {
		return this.queue.request((slot) => {
			slot.set(OP.read, fd, buffer, buffer.length, position);
		}, (result) => check(result, { syscall: 'read' }));
	}

	/** Writes all of a buffer. */
	writeAll(fd: number, buffer: Buffer, position = -1): Promise<number> {
		return this.queue.request((slot) => {
			slot.set(OP.write, fd, buffer, buffer.length, position);
		}, (result) => check(result, { syscall: 'write' }));
	}
}

/** What failed, when it was a call about a path. */
export function failed(syscall: string, path: PathLike | undefined): Failed {
	return path === undefined ? { syscall } : { syscall, path: shown(path) };
}
