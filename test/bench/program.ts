// SPDX-License-Identifier: GPL-2.0
// program.ts - The C programs of the benchmark

import { testProgram } from '../helpers/paths.js';

/** Path of a program of test/bench. */
export function program(name: string): string {
	return testProgram(`bench/${name}`);
}
