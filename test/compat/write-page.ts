// SPDX-License-Identifier: GPL-2.0
// write-page.ts - Try all rows and write the table; usage: node write-page.js FILE

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { execa } from 'execa';

import { compatibilityPage, PAGE_TIME } from './page.js';
import { readResults, RESULTS_VARIABLE } from './results.js';
import { GROUPS } from './rows.js';

const AVA = fileURLToPath(new URL('../../../../node_modules/ava/entrypoints/cli.mjs', import.meta.url));
const TESTS = fileURLToPath(new URL('compat.test.js', import.meta.url));

const [, , page] = process.argv;
if (page === undefined) {
	throw new Error('Expected one argument: FILE');
}
const folder = mkdtempSync(join(tmpdir(), 'lkl-compat-'));
const results = join(folder, 'results');

try {
	writeFileSync(results, '');
	// What fails is said in the table; the one about the page itself may fail until it is written.
	await execa(process.execPath, [AVA, TESTS], {
		env: { [RESULTS_VARIABLE]: results, LKL_COMPAT_TIME: PAGE_TIME }, stdio: 'inherit', reject: false,
	});
	writeFileSync(page, compatibilityPage(GROUPS, readResults(results)));
} finally {
	rmSync(folder, { recursive: true });
}
