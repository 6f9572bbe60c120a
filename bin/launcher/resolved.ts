// SPDX-License-Identifier: GPL-2.0
// resolved.ts - The settings of environment, file and command line, checked against host and kernel

import { readEnv } from '../../config/read-env.js';
import { resolve, type Resolution } from '../../config/resolve.js';
import type { Values } from '../../config/schema.js';
import type { Arguments } from './arguments.js';
import { EXIT, Failure, printLine, STDERR } from './failure.js';
import { hostProblems } from './host-checks.js';
import { kernelProblems } from './kernel-checks.js';
import { findLibrary } from './library.js';
import type { Mode } from './preloadable.js';

/** Resolves the settings, prints what the user should know. */
export async function resolveAll({ source }: Pick<Arguments, 'source'>): Promise<Resolution> {
	const resolution = await resolve(readEnv(process.env), source);

	for (const notice of resolution.notices) {
		printLine(STDERR, `lkl-hijack: ${notice}`);
	}
	return resolution;
}

/** All that is wrong; host and kernel are looked at only if the settings make sense. */
export function allProblems(resolution: Resolution): readonly string[] {
	if (resolution.problems.length > 0) {
		return resolution.problems;
	}
	return [...hostProblems(resolution), ...kernelProblems(resolution, findLibrary())];
}

/** Settings that a program can be started with; a Failure that tells all that is wrong. */
export async function goodSettings(wanted: Arguments): Promise<Resolution> {
	const resolution = await resolveAll(wanted);
	const problems = allProblems(resolution);

	if (problems.length > 0) {
		throw new Failure(EXIT.config, ...problems);
	}
	return resolution;
}

/** How programs are to be started. */
export function modeOf({ mode = 'auto' }: Values): Mode {
	return mode as Mode;
}

/** For commands without operands. */
export function expectNoOperands({ command, rest }: Arguments): void {
	const [word] = rest;
	if (word !== undefined) {
		throw new Failure(EXIT.usage, `${command} takes options only, not "${word}"; to start a program of that name: lkl-hijack run ${command} ${word}`);
	}
}
