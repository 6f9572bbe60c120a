// SPDX-License-Identifier: GPL-2.0
// locate.ts - Where the libraries are

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** From build/js/hostlib/node, and from PREFIX/lib/lkl-hijack/hostlib/node. */
const PLACES = ['../../../lib/', '../../../'];

/** Path of one of our libraries; an Error if it is not there. */
export function locate(name: string): string {
	const paths = PLACES.map((place) => fileURLToPath(new URL(place + name, import.meta.url)));
	const found = paths.find((path) => existsSync(path));

	if (found === undefined) {
		throw new Error(`${paths[0] ?? name}: no such library; build it: make`);
	}
	return found;
}
