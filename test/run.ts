// SPDX-License-Identifier: GPL-2.0
// run.ts - Run all tests and close with their numbers; usage: node run.js [ava arguments]
//
// The numbers are counted from ava's report, a line per test. (Its TAP report would be made for
// this, but ava 6 dies while writing it when a test makes no progress in time.) A test that was
// running when time was up has failed, and so have a hook, a file that crashed and one without tests.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const AVA = fileURLToPath(new URL('../../../node_modules/ava/entrypoints/cli.mjs', import.meta.url));

type Count = 'passed' | 'failed' | 'skipped';

/** How the lines of the report begin; the time-out itself is counted by the tests that hang. */
const LINES: readonly [RegExp, Count][] = [
	[/^ {2}✔ /, 'passed'],
	[/^ {2}✘ (?!Timed out )/, 'failed'],
	[/^ {2}◌ /, 'failed'],
	[/^ {2}Failed to exit when running /, 'failed'],
	[/^ {2}- \[(?:skip|todo)\] /, 'skipped'],
];

const counts: Record<Count, number> = { passed: 0, failed: 0, skipped: 0 };

/** Runs ava; its exit status. */
async function runAva(args: readonly string[]): Promise<number> {
	const ava = spawn(process.execPath, [AVA, ...args], {
		env: { ...process.env, FORCE_COLOR: '0' },
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const ended = new Promise<number>((resolve, reject) => {
		ava.once('error', reject);
		ava.once('close', (code) => {
			resolve(code ?? 1);
		});
	});

	for await (const line of createInterface({ input: ava.stdout })) {
		process.stdout.write(`${line}\n`);
		for (const [beginning, count] of LINES) {
			counts[count] += beginning.test(line) ? 1 : 0;
		}
	}
	return ended;
}

const status = await runAva(process.argv.slice(2));

// Whatever made ava fail, nobody shall read that nothing failed.
if (status !== 0 && counts.failed === 0) {
	counts.failed = 1;
}
const { passed, failed, skipped } = counts;
process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
process.exitCode = failed > 0 ? status || 1 : status;
