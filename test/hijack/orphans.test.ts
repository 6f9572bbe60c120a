// SPDX-License-Identifier: GPL-2.0
// orphans.test.ts - What children of fork see when the process with their kernel is killed

import test from 'ava';

import { type Command, run } from '../helpers/command.js';
import { launched } from '../helpers/hijacked.js';
import { sourceFolder } from '../helpers/paths.js';
import { PYTHON } from '../helpers/servers.js';

const PROGRAM: Command = [PYTHON, '-B', `${sourceFolder('test/hijack/orphans')}/waits.py`];

for (const mode of ['auto', 'trap']) {
	test(`${mode}: calls fail, waits end, what is the host's goes on, and nothing spins`, async (t) => {
		const { stdout, stderr } = await run(launched({ MODE: mode }, PROGRAM), { limit: 60_000 });
		const ends = stdout.split('\n');

		t.is(stderr, '');
		t.is(ends.length, 18, stdout);
		t.deepEqual(ends.filter((end) => !end.endsWith(' 0')), []);
	});
}
