// SPDX-License-Identifier: GPL-2.0
// provided.ts - Tests that need something of the host, and are skipped with the reason where it is missing

import { accessSync, constants } from 'node:fs';
import { delimiter, resolve } from 'node:path';

import test, { type Implementation } from 'ava';

const FOLDERS = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];

/** The path of a program, named as in a shell; undefined if there is none. */
export function findProgram(name: string): string | undefined {
	return FOLDERS.map((folder) => resolve(folder, name)).find((path) => {
		try {
			accessSync(path, constants.X_OK);
			return true;
		} catch {
			return false;
		}
	});
}

/** Why a test cannot be run that needs these programs; undefined if it can. */
export function missingPrograms(...names: string[]): string | undefined {
	const missing = names.filter((name) => findProgram(name) === undefined);
	return missing.length > 0 ? `not installed: ${missing.join(', ')}` : undefined;
}

/** A test, one after the other in a file; skipped if one of `problems` is there. */
export function testUnless(problems: readonly (string | undefined)[], title: string, body: Implementation<[]>): void {
	const problem = problems.find((line) => line !== undefined);

	if (problem === undefined) {
		test.serial(title, body);
	} else {
		test.skip(`${title} (${problem})`, body);
	}
}
