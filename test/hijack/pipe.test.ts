// SPDX-License-Identifier: GPL-2.0
// pipe.test.ts - Two kernels on two fifos, without any privilege

import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ExecutionContext } from 'ava';

import { type Background, start } from '../helpers/background.js';
import { type Command, succeed } from '../helpers/command.js';
import { hijacked, launched, type Settings } from '../helpers/hijacked.js';
import { testProgram } from '../helpers/paths.js';
import { findProgram, missingPrograms, testUnless } from '../helpers/provided.js';
import { reachable } from '../helpers/servers.js';
import { asUser, makeFolder, userProblem } from '../helpers/user.js';

const COUNT = 10;
const PORT = 5000;

/** Two ends of one link. */
interface Link {
	readonly folder: string;
	readonly a: Settings;
	readonly b: Settings;
}

async function makeLink(t: ExecutionContext): Promise<Link> {
	const folder = await makeFolder(t);
	const fifos = ['ab', 'ba'].map((name) => join(folder, name));
	const end = (params: readonly string[], nr: number): Settings => ({
		NET_IFTYPE: 'pipe', NET_IFPARAMS: params.join('|'), OFFLOAD: '0xd983',
		NET_IP: `192.168.14.${nr}`, NET_NETMASK_LEN: 24, NET_IPV6: `fd00:14::${nr}`, NET_NETMASK6_LEN: 64,
	});

	await succeed(t, asUser(['mkfifo', ...fifos]));
	return { folder, a: end(fifos, 1), b: end([...fifos].reverse(), 2) };
}

const ping = (program: string, address: string, ...options: string[]): Command => [program, '-n', '-i', '0.05', ...options, address];

/** How many answers a ping has told of. */
const answers = (pinging: Background): number => pinging.output().split('bytes from').length - 1;

const problems = [await userProblem(), missingPrograms('ping', 'mkfifo', 'nc')];

for (const [way, command] of Object.entries({ 'the library alone': hijacked, 'the launcher': launched })) {
	testUnless(problems, `two processes of a user ping each other, under ${way}`, async (t) => {
		const { folder, a, b } = await makeLink(t);
		const program = join(folder, 'ping');

		// Debian's has a capability, which the copy loses.
		await copyFile(findProgram('ping') ?? '', program);
		for (const addresses of [['192.168.14.1', '192.168.14.2'], ['fd00:14::1', 'fd00:14::2']] as const) {
			const pinging = start(t, asUser(command(a, ping(program, addresses[1]))));
			t.regex(await succeed(t, asUser(command(b, ping(program, addresses[0], '-c', String(COUNT), '-W', '5')))), / 0% packet loss/);
			t.true(answers(pinging) >= COUNT / 2, pinging.output());
			await pinging.stop('SIGINT');
		}
	});
}

testUnless(problems, 'large requests and responses between two processes of a user', async (t) => {
	const { a, b } = await makeLink(t);
	const rr = testProgram('hijack/rr');

	start(t, asUser(hijacked(a, [rr, 'serve', '192.168.14.1', String(PORT)])));
	await reachable('192.168.14.1', PORT, (command) => asUser(hijacked(b, command)));
	for (const kind of ['tcp', 'udp']) {
		t.is(await succeed(t, asUser(hijacked(b, [rr, kind, '192.168.14.1', String(PORT), '200', '50000']))), '200 right responses');
	}
});
