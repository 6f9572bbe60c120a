// SPDX-License-Identifier: GPL-2.0
// pointers.test.ts - Calls with memory that is not there say what they say without us

import test from 'ava';

import { succeed } from '../helpers/command.js';
import { launched } from '../helpers/hijacked.js';
import { testProgram } from '../helpers/paths.js';

test('calls with memory that is not there say what they say on the host', async (t) => {
	const program = [testProgram('hijack/pointers')];
	const [plain, ours] = await Promise.all([succeed(t, program), succeed(t, launched({}, program))]);

	t.deepEqual(ours.split('\n'), plain.split('\n'));
});
