// SPDX-License-Identifier: GPL-2.0
// library.ts - Find the libraries that were built

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { EXIT, Failure } from './failure.js';

const NAME = 'liblkl-hijack.so';

/** From build/js/bin/launcher, and from PREFIX/lib/lkl-hijack/bin/launcher. */
const PLACES = ['../../../lib/', '../../../'];

/** Path of one of our libraries. */
export function locate(name: string): string {
	const paths = PLACES.map((place) => fileURLToPath(new URL(place + name, import.meta.url)));
	const [first = ''] = paths;
	const found = paths.find((path) => existsSync(path));

	if (found === undefined) {
		throw new Failure(EXIT.software, `${first}: no such library; build it: make`);
	}
	return found;
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
