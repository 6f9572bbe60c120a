// SPDX-License-Identifier: GPL-2.0
// lastwords.test.ts - What a program has written before it ends arrives

import type { ExecutionContext } from 'ava';

import { succeed } from '../helpers/command.js';
import { hijacked, type Settings, slirp, SLIRP_HOST, TAP } from '../helpers/hijacked.js';
import { HOST, makeNetns, netnsProblem } from '../helpers/netns.js';
import { testProgram } from '../helpers/paths.js';
import { testUnless } from '../helpers/provided.js';
import { byteCounter } from '../helpers/servers.js';

const BYTES = 3_000_000;
const WAYS = ['exit', '_exit', 'quick', 'close'];

const words = (settings: Settings, address: string, port: number, way: string): readonly string[] =>
	hijacked(settings, [testProgram('hijack/lastwords'), address, String(port), String(BYTES), way]);

async function overTap(t: ExecutionContext, way: string): Promise<void> {
	const net = await makeNetns(t);
	const counter = await byteCounter(t, net);

	await succeed(t, net.within(words(TAP, HOST.ip, counter.port, way)));
	t.is(await counter.bytes(), BYTES);
}

async function overSlirp(t: ExecutionContext, way: string): Promise<void> {
	const counter = await byteCounter(t);

	await succeed(t, words(slirp(), SLIRP_HOST, counter.port, way));
	t.is(await counter.bytes(), BYTES);
}

const problem = await netnsProblem();

for (const way of WAYS) {
	testUnless([problem], `${way} over a tap`, (t) => overTap(t, way));
	testUnless([], `${way} over slirp`, (t) => overSlirp(t, way));
}
