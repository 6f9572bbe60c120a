// SPDX-License-Identifier: GPL-2.0
// connections.test.ts - Many connections: an idle server takes no CPU time, closed ones leave nothing behind

import test, { type ExecutionContext } from 'ava';

import { start, until } from '../helpers/background.js';
import { succeed } from '../helpers/command.js';
import { hijacked, TAP } from '../helpers/hijacked.js';
import { GUEST, makeNetns, netnsProblem } from '../helpers/netns.js';
import { testProgram } from '../helpers/paths.js';
import { testUnless } from '../helpers/provided.js';

const PROGRAM = testProgram('hijack/connections');
const IDLE = '1000';
const SECONDS = '5';
const CLOSED = '50000';
const PORT = '5000';

/** Of CPU time in all the seconds: a hundredth of it, for machines that account roughly. */
const MAX_CPU_US = 50_000;

/** Pages that happen to be touched late; the smallest leak, 64 bytes a connection, would be 3,125. */
const MAX_GROWTH_KIB = 512;

const tapProblem = await netnsProblem();

function checkIdle(t: ExecutionContext, output: string): void {
	const used = Number(/cpu-us (\d+)/.exec(output)?.[1] ?? NaN);

	t.log(`${used} us of CPU time in ${SECONDS} s`);
	t.true(used <= MAX_CPU_US, output);
}

test.serial('1,000 idle connections of one process take no CPU time', async (t) => {
	checkIdle(t, await succeed(t, hijacked({}, [PROGRAM, 'idle', IDLE, SECONDS]), { limit: 60_000 }));
});

testUnless([tapProblem], '1,000 idle connections from the host over a tap take no CPU time', async (t) => {
	const net = await makeNetns(t);
	const server = start(t, net.within(hijacked(TAP, [PROGRAM, 'serve', IDLE, SECONDS, PORT])));

	await until('the server is ready', () => server.output().includes('ready'));
	start(t, net.within([PROGRAM, 'connect', IDLE, GUEST.ip, PORT]));
	t.is(await server.status(), 0, server.output());
	checkIdle(t, server.output());
});

for (const [what, where] of [['churn', ''], ['starved', ', however late the kernel\'s helper is']] as const) {
	test.serial(`50,000 connections leave no descriptor and no memory behind${where}`, async (t) => {
		const output = await succeed(t, hijacked({}, [PROGRAM, what, CLOSED]), { limit: 100_000 });
		const [, fds, growth] = /fds (-?\d+) growth-kib (-?\d+)/.exec(output) ?? [];

		t.log(output);
		t.is(fds, '0');
		t.true(Number(growth) <= MAX_GROWTH_KIB, output);
	});
}
