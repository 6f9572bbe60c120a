// SPDX-License-Identifier: GPL-2.0
// calls.test.ts - Libc calls of a program on LKL descriptors: C programs on the loopback interface of LKL

import test from 'ava';

import { hijacked, launched } from '../helpers/hijacked.js';
import { testProgram } from '../helpers/paths.js';
import { checkTap } from '../helpers/tap-program.js';

const WAYS = { 'the library alone': hijacked, 'the launcher': launched } as const;

for (const name of ['descriptors', 'rights', 'lost', 'sweeps', 'aio', 'readiness', 'epolls', 'looks', 'held', 'ring', 'rings', 'streams', 'wide', 'signals', 'owners', 'names', 'folders', 'paths', 'ways', 'threads', 'spawns', 'interposes']) {
	for (const [way, command] of Object.entries(WAYS)) {
		test.serial(`${name}, under ${way}`, (t) => checkTap(t, command({}, [testProgram(`hijack/${name}`)])));
	}
}

// Above the soft limit there has to be room for what the libraries keep open.
for (const limit of [64, 1024]) {
	test.serial(`a limit of ${limit} open files`, (t) =>
		checkTap(t, ['sh', '-c', `ulimit -Sn ${limit} && exec "$@"`, 'sh', ...launched({}, [testProgram('hijack/limits')])]));
}

test.serial('functions of libc that make calls inside themselves', (t) =>
	checkTap(t, launched({ NAMESERVER: '127.0.0.1' }, [testProgram('hijack/inside')])));
