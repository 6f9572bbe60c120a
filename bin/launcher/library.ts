// SPDX-License-Identifier: GPL-2.0
// library.ts - Find the preload library

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { EXIT, Failure } from './failure.js';

const NAME = 'liblkl-hijack.so';

/** From build/js/bin/launcher, and from PREFIX/lib/lkl-hijack/bin/launcher. */
const PLACES = [`../../../lib/${NAME}`, `../../../${NAME}`];

/** Path of the library. */
export function findLibrary(): string {
	const paths = PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url)));
	const [first = ''] = paths;
	const found = paths.find((path) => existsSync(path));

	if (found === undefined) {
		throw new Failure(EXIT.software, `${first}: no such library; build it: make`);
	}
	// ld.so would cut the path there, complain, and start the program without the library.
	if (/[\s:$]/.test(found)) {
		throw new Failure(EXIT.software, `${found}: LD_PRELOAD cannot hold a path with blanks, ":" or "$"; install lkl-hijack elsewhere`);
	}
	return found;
}
