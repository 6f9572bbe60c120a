// SPDX-License-Identifier: GPL-2.0
// program.ts - The C programs of the benchmark

import { fileURLToPath } from 'node:url';

/** Path of a program of test/bench. */
export function program(name: string): string {
	return fileURLToPath(new URL(`../../../test/bench/${name}`, import.meta.url));
}
