// SPDX-License-Identifier: GPL-2.0
// env.ts - Print the environment that does the same without the launcher

import { writeEnv } from '../../config/write.js';
import type { Arguments } from '../launcher/arguments.js';
import { EXIT, Failure, printLine, printText, STDOUT } from '../launcher/failure.js';
import { hostProblems } from '../launcher/host-checks.js';
import { findLibrary } from '../launcher/library.js';
import { expectNoOperands, goodSettings } from '../launcher/resolved.js';

/** A text as one word of the shell. */
export function quote(text: string): string {
	return /^[\w.,:/@%+-]+$/.test(text) ? text : `'${text.replaceAll('\'', '\'\\\'\'')}'`;
}

/** Prints settings that have been checked as `run` checks them. */
export async function env(wanted: Arguments): Promise<number> {
	expectNoOperands(wanted);
	const settings = await goodSettings(wanted);
	const missing = hostProblems(settings);
	const variables = Object.entries({ ...writeEnv(settings), LD_PRELOAD: findLibrary() });

	if (missing.length > 0) {
		throw new Failure(EXIT.config, ...missing);
	}
	for (const [name, value] of variables) {
		if (wanted.flags.has('null') || wanted.flags.has('0')) {
			printText(STDOUT, `${name}=${value}\0`);
		} else {
			printLine(STDOUT, `export ${name}=${quote(value)}`);
		}
	}
	return 0;
}
