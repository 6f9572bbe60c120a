// SPDX-License-Identifier: GPL-2.0
// resolved.ts - The settings of environment, file and command line

import { readEnv } from '../../config/read-env.js';
import { resolve, type Resolution } from '../../config/resolve.js';
import type { Arguments } from './arguments.js';
import { EXIT, Failure, printLine, STDERR } from './failure.js';

/** Resolves the settings, prints what the user should know. */
export async function resolveAll({ source }: Arguments): Promise<Resolution> {
	const resolution = await resolve(readEnv(process.env), source);

	for (const notice of resolution.notices) {
		printLine(STDERR, `lkl-hijack: ${notice}`);
	}
	return resolution;
}

/** The settings; a Failure that tells all that is wrong. */
export async function goodSettings(wanted: Arguments): Promise<Resolution> {
	const resolution = await resolveAll(wanted);

	if (resolution.problems.length > 0) {
		throw new Failure(EXIT.config, ...resolution.problems);
	}
	return resolution;
}

/** For commands without operands. */
export function expectNoOperands({ command, rest }: Arguments): void {
	const [word] = rest;
	if (word !== undefined) {
		throw new Failure(EXIT.usage, `${command} takes options only, not "${word}"; to start a program of that name: lkl-hijack run ${command} ${word}`);
	}
}
