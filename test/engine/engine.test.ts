// SPDX-License-Identifier: GPL-2.0
// engine.test.ts - The engine under load: C programs that call the library

import test from 'ava';

import { testProgram } from '../helpers/paths.js';
import { checkTap } from '../helpers/tap-program.js';

const LOADS = {
	stress: ['20'],
	threads: [],
	memory: [],
	fairness: ['4', '4'],
	renew: [],
	forks: [],
	halts: [],
	restarts: [],
	steps: [],
	faults: ['20'],
	'disk-faults': ['6'],
} as const;

for (const [name, words] of Object.entries(LOADS)) {
	test.serial(name, (t) => checkTap(t, [testProgram(`engine/${name}`), ...words], { limit: 90_000 }));
}
