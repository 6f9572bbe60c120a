// SPDX-License-Identifier: GPL-2.0
// user.ts - An ordinary user, and folders that are theirs

import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ExecutionContext } from 'ava';

import { type Command, run } from './command.js';
import { PRELOAD_LIBRARY } from './paths.js';

const ROOT = process.getuid?.() === 0;
const NOBODY = 65_534;

/** Why a test cannot be run that takes a privilege away; undefined if it can. */
export const rootProblem = ROOT ? undefined : 'not started by root';

/** Has a command executed by an ordinary user; it stays the same process. */
export const asUser = (command: Command): Command =>
	ROOT ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', ...command] : command;

/** Why an ordinary user cannot run our programs; undefined if they can. */
export async function userProblem(): Promise<string | undefined> {
	const { status } = await run(asUser(['test', '-r', PRELOAD_LIBRARY]));
	return status === 0 ? undefined : `${PRELOAD_LIBRARY} cannot be read by users`;
}

/** Makes a folder of the ordinary user; it goes when the test ends. */
export async function makeFolder(t: ExecutionContext): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'lkl-test-'));

	t.teardown(() => rm(folder, { recursive: true, force: true }));
	if (ROOT) {
		await chown(folder, NOBODY, NOBODY);
	}
	return folder;
}
