// SPDX-License-Identifier: GPL-2.0
// compat.test.ts - All rows of docs/compatibility.md come out as the table says

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import test from 'ava';

import { netnsProblem } from '../helpers/netns.js';
import { missingPrograms, testUnless } from '../helpers/provided.js';
import { rootProblem } from '../helpers/user.js';
import { tableLine } from './page.js';
import { addResult } from './results.js';
import { expectedOf, programsOf, type Row } from './row.js';
import { GROUPS } from './rows.js';
import { tryRow } from './try-row.js';

const PAGE = fileURLToPath(new URL('../../../../docs/compatibility.md', import.meta.url));

const rows = GROUPS.flatMap((group) => group.rows);
const problems = [rootProblem, await netnsProblem()];

for (const row of rows) {
	const missing = missingPrograms(...programsOf(row));
	const expected = expectedOf(row);

	if (missing !== undefined) {
		addResult(row, { is: 'skipped', why: missing });
	}
	testUnless([...problems, missing], `${row.kind} ${expected.is}: ${row.command}`, async (t) => {
		const problem = await tryRow(t, row);

		if (expected.is === 'works') {
			addResult(row, problem === undefined ? { is: 'works', why: '' } : { is: 'fails', why: problem.split('\n', 1)[0] ?? '' });
			t.is(problem, undefined);
		} else {
			addResult(row, problem === undefined ? { is: 'works', why: '' } : expected);
			t.regex(problem ?? 'it works', expected.says);
		}
	});
}

const lineFor = (row: Row): string => {
	const expected = expectedOf(row);
	return tableLine(row, expected.is === 'works' ? { is: 'works', why: '' } : expected);
};

test('docs/compatibility.md has a line for every row; if not: make compat', (t) => {
	const lines = readFileSync(PAGE, 'utf8').split('\n');
	t.deepEqual(rows.map(lineFor).filter((line) => !lines.includes(line)), []);
});
