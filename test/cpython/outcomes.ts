// SPDX-License-Identifier: GPL-2.0
// outcomes.ts - Run suites of CPython, on the host or on LKL, and tell the outcome of every test by its name

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Command, run } from '../helpers/command.js';
import { hijacked } from '../helpers/hijacked.js';
import { ENDLESS } from './suites.js';

/** Debian's, whose version is that of the package with the suites. */
const PYTHON = '/usr/bin/python3.11';
const PACKAGE = 'libpython3.11-testsuite';

/** Seconds that one test may take; and all of a suite, in ms. */
const TEST_LIMIT = 120;
const SUITE_LIMIT = 400_000;

const UNSHARE: Command = ['unshare', '--net', ...process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']];

/** What runs a suite. */
export type World = 'host' | 'lkl';

// Nothing of the host can be reached where LKL is tested, not even its loopback interface: that is down.
const WORLDS: Readonly<Record<World, (command: Command) => Command>> = {
	host: (command) => [...UNSHARE, 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh', ...command],
	lkl: (command) => [...UNSHARE, ...hijacked({}, command)],
};

export type Outcome = 'passed' | 'failed' | 'skipped';
export type Outcomes = ReadonlyMap<string, Outcome>;

/** Why the suites cannot be run here; undefined if they can. */
export async function suitesProblem(): Promise<string | undefined> {
	const { status } = await run([PYTHON, '-c', 'import test.test_socket']).catch(() => ({ status: undefined }));

	return status === 0 ? undefined : `not installed: ${PACKAGE}`;
}

/** The outcomes in a report of JUnit's form, as regrtest writes it: an element per test, with one inside if it did not pass. */
export function readReport(xml: string): Outcomes {
	const outcomes = new Map<string, Outcome>();

	for (const [, name = '', rest = ''] of xml.matchAll(/<testcase name="([^"]*)"((?:(?!<testcase ).)*)/gs)) {
		outcomes.set(name, /<(?:failure|error)\b/.test(rest) ? 'failed' : /<skipped\b/.test(rest) ? 'skipped' : 'passed');
	}
	return outcomes;
}

/** Runs a suite, or only some of its tests; every test has an outcome or this fails. */
export async function runSuite(suite: string, world: World, tests: readonly string[] = []): Promise<Outcomes> {
	const left = ['*VSOCK*', ...world === 'lkl' ? ENDLESS : []];
	const folder = await mkdtemp(join(tmpdir(), 'lkl-cpython-'));
	const report = join(folder, 'report.xml');

	try {
		const result = await run(WORLDS[world]([
			PYTHON, '-m', 'test.regrtest', '--junit-xml', report, '--tempdir', folder, '--timeout', String(TEST_LIMIT),
			'-u', 'network', ...left.flatMap((name) => ['-i', name]), ...tests.flatMap((name) => ['-m', name]), suite,
		]), { cwd: folder, limit: SUITE_LIMIT });
		const outcomes = readReport(await readFile(report, 'utf8').catch(() => ''));

		if (outcomes.size === 0) {
			throw new Error(`${suite} on ${world} has not come to its end: ${result.report}`);
		}
		return outcomes;
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
