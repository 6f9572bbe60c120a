// SPDX-License-Identifier: GPL-2.0
// start.ts - Replace the launcher by the program

import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { getSystemErrorName } from 'node:util';

import { ENV_PREFIX } from '../../config/settings.js';
import { EXIT, Failure } from './failure.js';
import { execve, memoryFile } from './libc.js';
import { LOADER, locate } from './library.js';
import type { Executable } from './preloadable.js';
import { INHERITED_VARIABLE, undoNode } from './undo-node.js';

/** The preload library marks programs that a hijacked one executes; ours starts afresh. */
const CHILD_VARIABLE = 'LKL_HIJACKED_BY';

/** Arguments and environment as bytes: they need not be UTF-8. */
function readStrings(path: string): Buffer[] {
	const bytes = readFileSync(path, 'latin1');
	return bytes.split('\0').slice(0, -1).map((string) => Buffer.from(string, 'latin1'));
}

function isOurs(variable: string): boolean {
	const [name = ''] = variable.split('=', 1);
	return name.startsWith(ENV_PREFIX) || [INHERITED_VARIABLE, CHILD_VARIABLE, 'LD_PRELOAD'].includes(name);
}

/** The environment we got, with other settings and the library. */
function programEnvironment(settings: Readonly<Record<string, string>>, library: string): Buffer[] {
	const preload = [library, ...(process.env['LD_PRELOAD'] ?? '').split(/[\s:]/)].filter((path, index, all) => path !== '' && all.indexOf(path) === index);
	const ours = { ...settings, LD_PRELOAD: preload.join(':') };

	return [
		...readStrings('/proc/self/environ').filter((variable) => !isOurs(variable.toString('latin1'))),
		...Object.entries(ours).map(([name, value]) => Buffer.from(`${name}=${value}`)),
	];
}

/** A copy of a program that nobody else sees and that is gone with its process; returns its path. */
function privateCopy(path: string): string {
	const file = memoryFile(basename(path));

	if (file < 0) {
		throw new Failure(EXIT.osError, `${path}: cannot be copied: ${getSystemErrorName(file)}`);
	}
	writeFileSync(file, readFileSync(path));
	return `/proc/self/fd/${file}`;
}

/**
 * Executes the program with the last `count` arguments of our command line; returns only by a Failure.
 *
 * @param settings - LKL_HIJACK_* variables
 */
export function startProgram(executable: Executable, count: number, settings: Readonly<Record<string, string>>, library: string): never {
	const { path, plainText, copied, trapped } = executable;
	const env = programEnvironment(settings, library);
	const argv = readStrings('/proc/self/cmdline').slice(-count);
	const record = process.env[INHERITED_VARIABLE];

	if (record === undefined) {
		throw new Failure(EXIT.software, 'started without lkl-hijack.sh, so that nobody knows what Node has changed');
	}
	undoNode(record);
	const word = (text: string): Buffer => Buffer.from(text);
	const error = trapped
		? execve(locate(LOADER), [word(LOADER), word(path), ...argv], env)
		: plainText
			? execve('/bin/sh', [word('sh'), word(path), ...argv.slice(1)], env)
			: execve(copied ? privateCopy(path) : path, argv, env);
	throw new Failure(EXIT.notExecutable, `${path}: cannot be executed: ${getSystemErrorName(-error)}`);
}
