// SPDX-License-Identifier: GPL-2.0
// run.ts - Start a program on a kernel of its own: check everything, then become the program

import { writeEnv } from '../../config/write.js';
import type { Arguments } from '../launcher/arguments.js';
import { EXIT, Failure } from '../launcher/failure.js';
import { findProgram } from '../launcher/find-program.js';
import { findLibrary } from '../launcher/library.js';
import { goodSettings, modeOf } from '../launcher/resolved.js';

/** Returns only by a Failure. */
export async function run(wanted: Arguments): Promise<never> {
	const settings = await goodSettings(wanted);
	const [name] = wanted.rest;

	if (name === undefined) {
		throw new Failure(EXIT.usage, 'expected a program to start; see lkl-hijack --help');
	}
	const path = findProgram(name, process.env['PATH']);
	const library = findLibrary();
	// These load the foreign-function interface, which takes its time.
	const [{ checkStartable }, { startProgram }] = await Promise.all([
		import('../launcher/preloadable.js'),
		import('../launcher/start.js'),
	]);
	return startProgram(checkStartable(path, library, modeOf(settings.top)), wanted.rest.length, writeEnv(settings), library);
}
