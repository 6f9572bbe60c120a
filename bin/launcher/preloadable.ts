// SPDX-License-Identifier: GPL-2.0
// preloadable.ts - Does LD_PRELOAD work with a program, or a trap? If neither, it would run on the host's network

import { closeSync, openSync, readSync, statSync } from 'node:fs';

import { type Elf, parseElf } from './elf.js';
import { EXIT, Failure } from './failure.js';
import { hasFileCapabilities } from './libc.js';

/** Linux follows so many #! lines. */
const SCRIPTS = 5;
const HEAD = 4096;

/** How a program is started. */
export type Mode = 'auto' | 'preload' | 'trap';

/** A program, and the files the kernel loads in its place. */
export interface Executable {
	/** What execve() takes. */
	readonly path: string;
	/** Has to be run by /bin/sh, since the kernel does not know what it is. */
	readonly plainText: boolean;
	/** Gains rights when it is executed as it is; a copy does not. */
	readonly copied: boolean;
	/** Its system calls are to be trapped; it is started by a loader. */
	readonly trapped: boolean;
}

function readHead(path: string): Buffer {
	const head = Buffer.alloc(HEAD);
	const fd = openSync(path, 'r');
	try {
		return head.subarray(0, readSync(fd, head, 0, HEAD, 0));
	} finally {
		closeSync(fd);
	}
}

/** The interpreter on a #! line. */
function interpreterOf(head: Buffer): string | undefined {
	return /^#![ \t]*([^ \t\n\0]+)/.exec(head.toString('latin1'))?.[1];
}

/** Why the kernel would give the program other rights than ours, which turns LD_PRELOAD off; undefined if it would not. */
function gainsRights(path: string): string | undefined {
	const { mode, uid, gid } = statSync(path);

	if (mode & 0o4000 && uid !== process.getuid?.()) {
		return 'is setuid';
	}
	if ((mode & 0o2010) === 0o2010 && gid !== process.getgid?.()) {
		return 'is setgid';
	}
	return process.getuid?.() !== 0 && hasFileCapabilities(path) ? 'has file capabilities' : undefined;
}

function refuse(path: string, why: string, whatToDo: string): never {
	throw new Failure(EXIT.notExecutable, `${path}: ${why}, so a preloaded library has no effect; ${whatToDo}`);
}

function checkIds(path: string): void {
	if (process.getuid?.() !== process.geteuid?.() || process.getgid?.() !== process.getegid?.()) {
		refuse(path, 'would run with other effective than real ids', 'start lkl-hijack without sudo -E, setuid and the like');
	}
}

/** Why LD_PRELOAD does not work with a program of this architecture. */
function whyNotPreloaded({ loader, isGo }: Elf): string | undefined {
	if (isGo) {
		return 'is a Go program, which makes system calls without libc';
	}
	if (loader === undefined) {
		return 'is linked statically';
	}
	return /\/ld-linux[^/]*$/.test(loader) ? undefined : `is loaded by ${loader}, not glibc's ld.so`;
}

/** Why a file cannot be read, and what to do. */
function unreadable(path: string, program: string, { code, message }: NodeJS.ErrnoException): Failure {
	const why = code === 'EACCES' ? gainsRights(path) : undefined;
	const copy = `/tmp/${path.split('/').at(-1) ?? ''}`;

	if (why !== undefined) {
		return new Failure(EXIT.notExecutable, `${path}: ${why} and cannot be read, so that no copy without rights can be run; have root make one: install -m 755 ${path} ${copy}`);
	}
	const via = path === program ? '' : ` (interpreter of ${program})`;
	return new Failure(EXIT.notExecutable, `${path}${via}: cannot be examined: ${message}`);
}

/** Is the program to be trapped? */
function checkElf(path: string, elf: Elf, library: string, mode: Mode): boolean {
	const ours = parseElf(readHead(library))?.architecture;

	if (elf.architecture !== ours) {
		throw new Failure(EXIT.notExecutable, `${path}: is for another architecture (${elf.architecture}; the library: ${ours ?? 'unknown'}); use a program of this one`);
	}
	const why = whyNotPreloaded(elf);
	if (why !== undefined && mode === 'preload') {
		refuse(path, why, 'use --mode trap, or a dynamically linked build of it');
	}
	const trapped = why !== undefined || mode === 'trap';
	// What else is needed, the loader checks.
	if (trapped && !elf.architecture.startsWith('x86-64')) {
		throw new Failure(EXIT.notExecutable, `${path}: ${why ?? 'mode trap is wanted'}, but system calls are trapped on x86-64 only`);
	}
	return trapped;
}

/** Checks a program, and the interpreters of a script; a Failure if it can neither be preloaded nor trapped. */
export function checkStartable(program: string, library: string, mode: Mode): Executable {
	let path = program;

	for (let depth = 0; depth < SCRIPTS; depth++) {
		let head: Buffer;
		try {
			head = readHead(path);
		} catch (error) {
			throw unreadable(path, program, error as NodeJS.ErrnoException);
		}
		const interpreter = interpreterOf(head);
		if (interpreter === undefined) {
			const why = gainsRights(path);
			if (why !== undefined && path !== program) {
				refuse(path, `is the interpreter of ${program} and ${why}`, `run it with a copy: cp ${path} /tmp`);
			}
			checkIds(path);
			const elf = parseElf(head);
			return { path: program, plainText: !elf, copied: why !== undefined, trapped: elf !== undefined && checkElf(path, elf, library, mode) };
		}
		path = interpreter;
	}
	throw new Failure(EXIT.notExecutable, `${program}: too many interpreters of interpreters`);
}
