// SPDX-License-Identifier: GPL-2.0
// library.ts - Find the libraries that were built

import { locate as locateLibrary } from '../../hostlib/node/locate.js';
import { EXIT, Failure } from './failure.js';

const NAME = 'liblkl-hijack.so';

/** Becomes a program whose system calls are trapped. */
export const LOADER = 'lkl-hijack-trap';

/** Path of one of our libraries. */
export function locate(name: string): string {
	try {
		return locateLibrary(name);
	} catch (error) {
		throw new Failure(EXIT.software, (error as Error).message);
	}
}

/** Path of the preload library. */
export function findLibrary(): string {
	const found = locate(NAME);

	// ld.so would cut the path there, complain, and start the program without the library.
	if (/[\s:$]/.test(found)) {
		throw new Failure(EXIT.software, `${found}: LD_PRELOAD cannot hold a path with blanks, ":" or "$"; install lkl-hijack elsewhere`);
	}
	return found;
}
