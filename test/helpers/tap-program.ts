// SPDX-License-Identifier: GPL-2.0
// tap-program.ts - Tests that are C programs, with a line of output per check (Test Anything Protocol)

import type { ExecutionContext } from 'ava';

import { type Command, run, type RunOptions } from './command.js';

/** Runs a program: all checks have to hold, and as many as its plan says. */
export async function checkTap(t: ExecutionContext, command: Command, options?: RunOptions): Promise<void> {
	const { status, stdout, report } = await run(command, options);
	const lines = stdout.split('\n');
	const checks = lines.filter((line) => /^(?:not )?ok \d/.test(line));
	const plan = lines.find((line) => /^1\.\.\d/.test(line));

	for (const line of lines.filter((line) => line.includes('# SKIP'))) {
		t.log(line);
	}
	t.deepEqual(checks.filter((line) => line.startsWith('not ')), [], report);
	t.is(plan?.split(' ', 1)[0], `1..${checks.length}`, report);
	t.is(status, 0, report);
}
