// SPDX-License-Identifier: GPL-2.0
// env.ts - Print the environment that does the same without the launcher

import { writeEnv } from '../../config/write.js';
import type { Arguments } from '../launcher/arguments.js';
import { printLine, printText, STDOUT } from '../launcher/failure.js';
import { findLibrary } from '../launcher/library.js';
import { expectNoOperands, goodSettings } from '../launcher/resolved.js';
import { quote } from '../launcher/shell.js';

/** Prints settings that have been checked as `run` checks them. */
export async function env(wanted: Arguments): Promise<number> {
	expectNoOperands(wanted);
	const settings = await goodSettings(wanted);
	const variables = Object.entries({ ...writeEnv(settings), LD_PRELOAD: findLibrary() });

	for (const [name, value] of variables) {
		if (wanted.flags.has('null') || wanted.flags.has('0')) {
			printText(STDOUT, `${name}=${value}\0`);
		} else {
			printLine(STDOUT, `export ${name}=${quote(value)}`);
		}
	}
	return 0;
}
