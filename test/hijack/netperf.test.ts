// SPDX-License-Identifier: GPL-2.0
// netperf.test.ts - netperf with all offloads in use, in both roles: many runs in a row, none may hang
//
// A run is as long as so many transactions or bytes take (a negative -l), not a time.

import type { ExecutionContext } from 'ava';

import { start, until } from '../helpers/background.js';
import { type Command, run, succeed } from '../helpers/command.js';
import { hijacked, TAP } from '../helpers/hijacked.js';
import { GUEST, HOST, makeNetns, netnsProblem } from '../helpers/netns.js';
import { missingPrograms, testUnless } from '../helpers/provided.js';

const RUNS = 20;
const OFFLOADS = ['0', '0x8002', '0x883', '0x8883', '0xd983'];
const AMOUNTS = { TCP_STREAM: 10_000_000, TCP_MAERTS: 10_000_000, TCP_RR: 2000, UDP_RR: 2000 };
const CONTROL_PORT = 12_865;

const SERVER: Command = ['netserver', '-D', '-f'];
const client = (address: string, kind: string, amount: number): Command =>
	['netperf', '-H', address, '-t', kind, '-l', String(-amount), '-P', '0'];

/** The last number of a result: throughput or transactions per second. */
function checkRate(t: ExecutionContext, result: string): void {
	const rates = result.split('\n').map((line) => line.trim().split(/\s+/)).filter((words) => words.length > 4);
	t.true(Number(rates[0]?.at(-1)) > 0, result);
}

async function asClient(t: ExecutionContext, offload: string, kind: string, amount: number): Promise<void> {
	const net = await makeNetns(t);

	start(t, net.within(SERVER));
	await net.listening(CONTROL_PORT);
	for (let i = 0; i < RUNS; i++) {
		checkRate(t, await succeed(t, net.within(hijacked({ ...TAP, OFFLOAD: offload }, client(HOST.ip, kind, amount)))));
	}
}

async function asServer(t: ExecutionContext, offload: string, kind: string, amount: number): Promise<void> {
	const net = await makeNetns(t);
	const server = start(t, net.within(hijacked({ ...TAP, OFFLOAD: offload }, SERVER)));

	await net.attached();
	await until('netserver', async () => (await run(net.within(client(GUEST.ip, 'TCP_RR', 1)))).status === 0);
	for (let i = 0; i < RUNS; i++) {
		checkRate(t, await succeed(t, net.within(client(GUEST.ip, kind, amount))));
	}
	t.false(server.ended());
}

const problems = [await netnsProblem(), missingPrograms('netperf', 'netserver')];

for (const offload of OFFLOADS) {
	for (const [kind, amount] of Object.entries(AMOUNTS)) {
		testUnless(problems, `netperf ${kind}, offload ${offload}`, (t) => asClient(t, offload, kind, amount));
		testUnless(problems, `netserver ${kind}, offload ${offload}`, (t) => asServer(t, offload, kind, amount));
	}
}
