// SPDX-License-Identifier: GPL-2.0
// find-program.ts - Find a program as the shell does

import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { EXIT, Failure } from './failure.js';

const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin';

function isExecutable(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return statSync(path).isFile();
	} catch {
		return false;
	}
}

/** Path of the program `name`; a Failure with status 127 or 126 if there is none. */
export function findProgram(name: string, path = DEFAULT_PATH): string {
	const candidates = name.includes('/') ? [name] : path.split(':').map((folder) => join(folder || '.', name));
	const found = name === '' ? undefined : candidates.find(isExecutable);

	if (found !== undefined) {
		return found;
	}
	const there = name === '' ? undefined : candidates.find((candidate) => existsSync(candidate));
	if (there === undefined) {
		throw new Failure(EXIT.notFound, `${name}: program not found${name.includes('/') ? '' : ' in PATH'}`);
	}
	const why = statSync(there).isDirectory() ? 'is a directory' : 'not executable (permission denied)';
	throw new Failure(EXIT.notExecutable, `${there}: ${why}`);
}
