// SPDX-License-Identifier: GPL-2.0
// tools.ts - Tests of the tools on images, in a folder that goes away with the test

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import test from 'ava';

export * from './commands.js';

/** Most of what is tested, owners and device nodes for a start, root only can set and see on the host. */
export const rootTest = process.getuid?.() === 0 ? test : test.skip;

/** One that runs alone. */
export const serialTest = process.getuid?.() === 0 ? test.serial : test.skip;

/** A folder for the files of a test file. */
export function makeFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'lkl-fs-'));
	test.after.always(() => {
		rmSync(folder, { recursive: true, force: true });
	});
	return folder;
}
