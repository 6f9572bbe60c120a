// SPDX-License-Identifier: GPL-2.0
// iperf3.test.ts - Four streams at once, in both directions and roles; what it counted has to be what was asked for

import type { ExecutionContext } from 'ava';

import { start } from '../helpers/background.js';
import { type Command, succeed } from '../helpers/command.js';
import { hijacked, TAP } from '../helpers/hijacked.js';
import { GUEST, HOST, makeNetns, netnsProblem } from '../helpers/netns.js';
import { missingPrograms, testUnless } from '../helpers/provided.js';
import { reachable } from '../helpers/servers.js';

const PORT = 5201;
const STREAMS = 4;
const BYTES = 50_000_000;

const SERVER: Command = ['iperf3', '--server'];
const client = (address: string, reverse: boolean): Command =>
	['iperf3', '--client', address, '--bytes', String(BYTES), '--parallel', String(STREAMS), '--json', ...reverse ? ['--reverse'] : []];

/** The part of iperf3's result that we look at. */
interface Result {
	readonly error?: string;
	readonly start: { readonly connected: readonly unknown[] };
	readonly end: { readonly sum_sent: { readonly bytes: number }; readonly sum_received: { readonly bytes: number } };
}

function check(t: ExecutionContext, json: string, reverse: boolean): void {
	const { error, start: { connected }, end } = JSON.parse(json) as Result;

	t.is(error, undefined);
	t.is(connected.length, STREAMS);
	t.true(end.sum_sent.bytes >= BYTES, json);
	// The receiver stops to count when it has what it wants, or the sender when all is on its way.
	t.true(end.sum_received.bytes >= (reverse ? BYTES : BYTES / 2), json);
}

const problems = [await netnsProblem(), missingPrograms('iperf3')];

for (const offload of ['0', '0x8883', '0xd983']) {
	for (const reverse of [false, true]) {
		const settings = { ...TAP, OFFLOAD: offload };
		const what = `offload ${offload}, ${reverse ? 'from server to client' : 'from client to server'}`;

		testUnless(problems, `client: ${what}`, async (t) => {
			const net = await makeNetns(t);
			start(t, net.within(SERVER));
			await net.listening(PORT);
			check(t, await succeed(t, net.within(hijacked(settings, client(HOST.ip, reverse)))), reverse);
		});
		testUnless(problems, `server: ${what}`, async (t) => {
			const net = await makeNetns(t);
			start(t, net.within(hijacked(settings, SERVER)));
			await net.attached();
			await reachable(GUEST.ip, PORT, net.within);
			check(t, await succeed(t, net.within(client(GUEST.ip, reverse))), reverse);
		});
	}
}
