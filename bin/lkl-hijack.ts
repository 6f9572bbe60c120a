// SPDX-License-Identifier: GPL-2.0
// lkl-hijack.ts - The launcher: find out what is wanted, and have it done

import './launcher/no-streams.js';

import { readFileSync } from 'node:fs';

import { type Arguments, parseArguments } from './launcher/arguments.js';
import { EXIT, Failure, printLine, STDERR, STDOUT } from './launcher/failure.js';

/** How completion scripts of yargs ask. */
const COMPLETE = '--get-yargs-completions';

function version(): string {
	const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
	return version;
}

/** Does what is wanted; the status to exit with. What is not needed is not loaded: a program is waiting. */
async function perform(wanted: Arguments): Promise<number> {
	switch (wanted.command) {
		case 'run': return (await import('./commands/run.js')).run(wanted);
		case 'check': return (await import('./commands/check.js')).check(wanted);
		case 'env': return (await import('./commands/env.js')).env(wanted);
		case 'init': return (await import('./commands/init.js')).init(wanted);
		case 'setup-tap': return (await import('./commands/setup-tap.js')).setupTap(wanted);
		case 'teardown-tap': return (await import('./commands/setup-tap.js')).teardownTap(wanted);
		case 'doctor': return (await import('./commands/doctor.js')).doctor(wanted);
		case 'completion': (await import('./launcher/help.js')).showCompletionScript();
	}
	return 0;
}

async function main(args: readonly string[]): Promise<number> {
	if (args[0] === COMPLETE) {
		const { completions } = await import('./launcher/help.js');
		printLine(STDOUT, (await completions(args.slice(1))).join('\n'));
		return 0;
	}
	const wanted = parseArguments(args);

	if (wanted.flags.has('help') || wanted.flags.has('h')) {
		const { helpText } = await import('./launcher/help.js');
		printLine(STDOUT, await helpText(wanted.command));
		return 0;
	}
	if (wanted.flags.has('version')) {
		printLine(STDOUT, `lkl-hijack ${version()}`);
		return 0;
	}
	return perform(wanted);
}

try {
	process.exitCode = await main(process.argv.slice(2));
} catch (error) {
	const { lines, status } = error instanceof Failure ? error : new Failure(EXIT.software, String(error));
	for (const line of lines) {
		printLine(STDERR, `lkl-hijack: ${line}`);
	}
	process.exitCode = status;
}
