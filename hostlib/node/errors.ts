// SPDX-License-Identifier: GPL-2.0
// errors.ts - Errors of the kernel, with what Node's own have

import { library } from './library.js';

/** What failed, for the message. */
export interface Failed {
	/** What was to be done: a system call, or a word such as "mount". */
	readonly syscall: string;
	readonly path?: string | undefined;
	readonly dest?: string | undefined;
	readonly address?: string | undefined;
	readonly port?: number | undefined;
}

function describe(errno: number, { syscall, path, dest, address, port }: Failed): string {
	const code = library().lkl_error_name(errno) ?? `E${errno}`;
	const text = library().lkl_strerror(errno) ?? '';
	const where = address === undefined ? '' : ` ${address}${port === undefined ? '' : `:${port}`}`;

	return `${code}: ${text.charAt(0).toLowerCase()}${text.slice(1)}, ${syscall}${where}`
		+ (path === undefined ? '' : ` '${path}'`) + (dest === undefined ? '' : ` -> '${dest}'`);
}

/** An error of the kernel; see also NodeJS.ErrnoException. */
export class KernelError extends Error {
	/** Its name: "ENOENT". */
	readonly code: string;
	/** Its number as Node has it, negative: -2. */
	readonly errno: number;
	/** What failed: "open". */
	readonly syscall: string;
	/** The file it is about. */
	declare readonly path?: string;
	/** Where it was to go. */
	declare readonly dest?: string;
	/** The other side of a connection, or the address to listen on. */
	declare readonly address?: string;
	declare readonly port?: number;

	/** @param errno - error number, of either sign */
	constructor(errno: number, failed: Failed) {
		super(describe(Math.abs(errno), failed));
		this.errno = -Math.abs(errno);
		this.code = library().lkl_error_name(errno) ?? `E${Math.abs(errno)}`;
		this.syscall = failed.syscall;
		for (const key of ['path', 'dest', 'address', 'port'] as const) {
			if (failed[key] !== undefined) {
				Object.assign(this, { [key]: failed[key] });
			}
		}
	}
}
KernelError.prototype.name = 'Error';

/** Has an error this code? */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
	return error instanceof KernelError && codes.includes(error.code);
}

/** A result that is no error. */
export function check(result: number, failed: Failed): number {
	if (result < 0) {
		throw new KernelError(result, failed);
	}
	return result;
}

/** A bad argument, with the code that Node gives it. */
export function invalid(name: string, expected: string, value: unknown): TypeError & { code: string } {
	const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
	return Object.assign(new TypeError(`The "${name}" argument must be ${expected}. Received ${shown}`), { code: 'ERR_INVALID_ARG_VALUE' });
}
