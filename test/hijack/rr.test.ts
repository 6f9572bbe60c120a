// SPDX-License-Identifier: GPL-2.0
// rr.test.ts - Requests and responses over a tap, contents checked, with a hijacked program on either side

import type { ExecutionContext } from 'ava';

import { start } from '../helpers/background.js';
import { type Command, succeed } from '../helpers/command.js';
import { hijacked, TAP } from '../helpers/hijacked.js';
import { GUEST, HOST, makeNetns, netnsProblem } from '../helpers/netns.js';
import { testProgram } from '../helpers/paths.js';
import { testUnless } from '../helpers/provided.js';
import { reachable } from '../helpers/servers.js';

const PORT = 5000;
const COUNT = 200;
const LIMIT = 60_000;
const SIZES = [1, 1400, 60_000];
const FAMILIES = ['ip', 'ipv6'] as const;

const rr = (...words: (string | number)[]): Command => [testProgram('hijack/rr'), ...words.map(String)];

async function askAll(t: ExecutionContext, address: string, enter: (command: Command) => Command): Promise<void> {
	for (const kind of ['tcp', 'udp']) {
		for (const size of SIZES) {
			t.is(await succeed(t, enter(rr(kind, address, PORT, COUNT, size)), { limit: LIMIT }), `${COUNT} right responses`);
		}
	}
}

const problem = await netnsProblem();

for (const offload of ['0', '0x8883', '0xd983']) {
	for (const family of FAMILIES) {
		const settings = { ...TAP, OFFLOAD: offload };

		testUnless([problem], `client, ${family}, offload ${offload}`, async (t) => {
			const net = await makeNetns(t);
			start(t, net.within(rr('serve', HOST[family], PORT)));
			await net.listening(PORT);
			await askAll(t, HOST[family], (command) => net.within(hijacked(settings, command)));
		});
		testUnless([problem], `server, ${family}, offload ${offload}`, async (t) => {
			const net = await makeNetns(t);
			const server = start(t, net.within(hijacked(settings, rr('serve', GUEST[family], PORT))));
			await net.attached();
			await reachable(GUEST[family], PORT, net.within);
			await askAll(t, GUEST[family], net.within);
			t.false(server.ended());
		});
	}
}
