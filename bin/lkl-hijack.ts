// SPDX-License-Identifier: GPL-2.0
// lkl-hijack.ts - Start a program on a kernel of its own: check everything, then become the program

import './launcher/no-streams.js';

import { readFileSync } from 'node:fs';

import { readEnv } from '../config/read-env.js';
import { resolve } from '../config/resolve.js';
import type { Values } from '../config/schema.js';
import { writeEnv, writeJson } from '../config/write.js';
import { type Arguments, helpText, parseArguments } from './launcher/arguments.js';
import { EXIT, Failure, printLine } from './launcher/failure.js';
import { findProgram } from './launcher/find-program.js';
import { hostProblems } from './launcher/host-checks.js';
import { findLibrary } from './launcher/library.js';

const STDOUT = 1;
const STDERR = 2;

function version(): string {
	const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
	return version;
}

/** The settings; a Failure that tells all that is wrong. */
async function settings(source: Arguments['source']): Promise<Values> {
	const { values, problems, notices } = await resolve(readEnv(process.env), source);

	for (const notice of notices) {
		printLine(STDERR, `lkl-hijack: ${notice}`);
	}
	if (problems.length > 0) {
		throw new Failure(EXIT.config, ...problems);
	}
	return values;
}

async function start(program: readonly string[], values: Values): Promise<never> {
	const [name] = program;
	const missing = hostProblems(values.ifType, values.ifParams);

	if (missing.length > 0) {
		throw new Failure(EXIT.config, ...missing);
	}
	if (name === undefined) {
		throw new Failure(EXIT.usage, 'expected a program to start; see lkl-hijack --help');
	}
	const path = findProgram(name, process.env['PATH']);
	const library = findLibrary();
	// These load the foreign-function interface, which takes its time.
	const [{ checkPreloadable }, { startProgram }] = await Promise.all([
		import('./launcher/preloadable.js'),
		import('./launcher/start.js'),
	]);
	return startProgram(checkPreloadable(path, library), program.length, writeEnv(values), library);
}

async function main(): Promise<void> {
	const { source, program, ...wanted } = parseArguments(process.argv.slice(2));

	if (wanted.help) {
		printLine(STDOUT, await helpText());
	} else if (wanted.version) {
		printLine(STDOUT, `lkl-hijack ${version()}`);
	} else if (wanted.showConfig) {
		printLine(STDOUT, writeJson(await settings(source)));
	} else {
		await start(program, await settings(source));
	}
}

try {
	await main();
} catch (error) {
	const { lines, status } = error instanceof Failure ? error : new Failure(EXIT.software, String(error));
	for (const line of lines) {
		printLine(STDERR, `lkl-hijack: ${line}`);
	}
	process.exitCode = status;
}
