// SPDX-License-Identifier: GPL-2.0
// libc.ts - The functions of the C library that Node does not offer

import { ffi, ref } from '../../hostlib/node/ffi.js';

const F_GETFD = 1;
const F_SETFD = 2;
const FD_CLOEXEC = 1;
const MFD_CLOEXEC = 1;
const MFD_EXEC = 16;
const SIG_SETMASK = 2;
const RLIMIT_NOFILE = 7;
const SIGSET_BYTES = 128;

const libc = ffi.Library(null, {
	execve: ['int', ['string', 'pointer', 'pointer']],
	fcntl: ['int', ['int', 'int', 'int']],
	getrlimit: ['int', ['int', 'pointer']],
	getxattr: ['long', ['string', 'string', 'pointer', 'size_t']],
	memfd_create: ['int', ['string', 'uint']],
	pthread_sigmask: ['int', ['int', 'pointer', 'pointer']],
	setrlimit: ['int', ['int', 'pointer']],
	signal: ['pointer', ['int', 'size_t']],
});

/** A NULL-terminated array of strings, as C has it. */
function stringArray(strings: readonly Buffer[]): Buffer {
	const array = Buffer.alloc((strings.length + 1) * ref.sizeof.pointer);
	for (const [index, string] of strings.entries()) {
		// Keeps the string alive as long as the array.
		ref.writePointer(array, index * ref.sizeof.pointer, Buffer.concat([string, Buffer.alloc(1)]));
	}
	return array;
}

/** Replaces the process image; returns an error number if that fails. */
export function execve(path: string, argv: readonly Buffer[], env: readonly Buffer[]): number {
	libc.execve(path, stringArray(argv), stringArray(env));
	return ffi.errno();
}

/** Has a file the rights that setcap(8) gives? */
export function hasFileCapabilities(path: string): boolean {
	return Number(libc.getxattr(path, 'security.capability', ref.NULL, 0)) > 0;
}

/** Makes a file that is in memory only; a negative error number if that fails. */
export function memoryFile(name: string): number {
	const file = libc.memfd_create(name, MFD_CLOEXEC | MFD_EXEC);
	// Linux before 6.3 does not know the second flag, nor needs it.
	const last = file < 0 ? libc.memfd_create(name, MFD_CLOEXEC) : file;
	return last < 0 ? -ffi.errno() : last;
}

/** Lets a descriptor survive an exec. */
export function keepOnExec(descriptor: number): void {
	const flags = libc.fcntl(descriptor, F_GETFD, 0);
	if (flags >= 0) {
		libc.fcntl(descriptor, F_SETFD, flags & ~FD_CLOEXEC);
	}
}

/** Sets the soft limit of open files. */
export function setFileLimit(soft: bigint): void {
	const limit = Buffer.alloc(16);
	libc.getrlimit(RLIMIT_NOFILE, limit);
	limit.writeBigUInt64LE(soft);
	libc.setrlimit(RLIMIT_NOFILE, limit);
}

/** Sets which signals are blocked in this thread; bit 0 is signal 1. */
export function setSignalMask(mask: bigint): void {
	const set = Buffer.alloc(SIGSET_BYTES);
	set.writeBigUInt64LE(mask);
	libc.pthread_sigmask(SIG_SETMASK, set, ref.NULL);
}

/** Sets a signal to default, or to be ignored. */
export function setSignalIgnored(signal: number, ignored: boolean): void {
	libc.signal(signal, ignored ? 1 : 0);
}

/** Can a shared library be loaded? */
export function canLoad(file: string): boolean {
	try {
		ffi.DynamicLibrary(file, ffi.DynamicLibrary.FLAGS.RTLD_LAZY);
		return true;
	} catch {
		return false;
	}
}

/** Version of glibc; undefined if it is another libc. */
export function libcVersion(): string | undefined {
	try {
		return ffi.Library(null, { gnu_get_libc_version: ['string', []] }).gnu_get_libc_version() ?? undefined;
	} catch {
		return undefined;
	}
}
