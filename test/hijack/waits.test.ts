// SPDX-License-Identifier: GPL-2.0
// waits.test.ts - How many system calls of the host a wait for a mixed set takes

import { readFile } from 'node:fs/promises';

import { succeed } from '../helpers/command.js';
import { hijacked } from '../helpers/hijacked.js';
import { testProgram } from '../helpers/paths.js';
import { missingPrograms, testUnless } from '../helpers/provided.js';
import { makeFolder } from '../helpers/user.js';

const ROUNDS = 200;

// The calls that the program makes itself in a round, and at most for its wait: a pipe that was ready the
// last time has to be asked about, because the program may have read it since.
const CASES = [['socket', 0, 1], ['pipe', 2, 2]] as const;

for (const [event, own, most] of CASES) {
	testUnless([missingPrograms('strace')], `a mixed epoll_wait, ${event}: at most ${most} system calls`, async (t) => {
		const log = `${await makeFolder(t)}/log`;

		await succeed(t, ['strace', '-f', '-o', log, ...hijacked({}, [testProgram('hijack/waits'), event, String(ROUNDS)])], { limit: 60_000 });
		const lines = (await readFile(log, 'utf8')).split('\n');
		const main = lines[0]?.split(' ')[0] ?? '';
		const calls = lines.filter((line) => line.startsWith(`${main} `) && !line.includes('resumed>'));
		const [start = 0, end = 0] = calls.flatMap((line, nr) => line.includes(' getppid(') ? [nr] : []);
		// strace makes a round so long that the helper thread sees some of the pipe's events first: then the look
		// finds nothing, and the wait asks once more.
		const missed = event === 'socket' ? 0 : lines.filter((line) => line.startsWith(`${main} `) && /epoll_pwait.*\) += 0$/.test(line)).length / ROUNDS;
		const perWait = (end - start - 1) / ROUNDS - own - missed;

		t.log(`${perWait.toFixed(2)} calls per wait, and ${missed.toFixed(2)} more`);
		t.true(perWait > -0.1 && perWait <= most + 0.1 && missed < 0.5, calls.slice(end - 20, end).join('\n'));
	});
}
