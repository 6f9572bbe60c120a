// SPDX-License-Identifier: GPL-2.0
// streams.ts - TCP_STREAM and TCP_MAERTS between the LKL kernel and the host, against the host's loopback, and against a veth pair

import { readFile, writeFile } from 'node:fs/promises';

import { run, withServer, type Command } from '../exec.js';
import { atLeast, inTurns, type Figure, type Limit, type Measurement, type Plan } from '../figure.js';
import { stream, type Stream } from '../load.js';
import { hijacked, HOST_FOR_PEER, onPeer, setUpNetwork, TAP } from '../world.js';

/** Merged receive buffers, segmentation and checksums, both ways. */
const OFFLOAD = 0x8883;

/** The congestion control of the host's end, in the namespace of the benchmark. */
const CONTROL = '/proc/sys/net/ipv4/tcp_congestion_control';

/** What a namespace may choose from. */
const ALLOWED = '/proc/sys/net/ipv4/tcp_allowed_congestion_control';

/** What paces nothing: the one of Debian's kernel, or else the one that is always there. */
async function unpaced(): Promise<string> {
	return (await readFile(ALLOWED, 'latin1')).trim().split(' ').find((name) => name === 'cubic') ?? 'reno';
}

async function overTap(test: Stream, limit: Limit, { seconds, turns }: Plan): Promise<Figure[]> {
	const load = stream(test);
	const megabits = (command: Command) => async (): Promise<number> => load.parse(await run(command, seconds + 10));
	const [values, loopback, veth] = await withServer(load.server, load.port, () =>
		inTurns(turns,
			megabits(hijacked(load.client(TAP.host, seconds), OFFLOAD)),
			megabits(load.client('127.0.0.1', seconds)),
			megabits(onPeer(load.client(HOST_FOR_PEER, seconds)))));
	const name = `${test}, 0x8883, host: ${(await readFile(CONTROL, 'latin1')).trim()} (${load.tool})`;

	return [
		{ name, unit: 'Mbit/s', values, reference: { name: 'host loopback', values: loopback }, limit },
		{ name, unit: 'Mbit/s', values, reference: { name: 'host over veth', values: veth } },
	];
}

/** The congestion control of both hosts. */
async function choose(control: string): Promise<void> {
	await writeFile(CONTROL, control);
	await run(onPeer(['sh', '-c', `echo ${control} >${CONTROL}`]), 10);
}

/** With the host's own congestion control, and with one that does not pace. */
async function withBoth(test: Stream, limit: Limit, plan: Plan): Promise<Figure[]> {
	await setUpNetwork();

	const own = await readFile(CONTROL, 'latin1');
	const figures: Figure[] = [];

	for (const control of new Set([own.trim(), await unpaced()])) {
		await choose(control);
		figures.push(...await overTap(test, limit, plan));
	}
	await choose(own.trim());
	return figures;
}

export const STREAMS: readonly Measurement[] = [
	{ name: 'TCP_STREAM', measure: (plan) => withBoth('TCP_STREAM', atLeast(0.7), plan) },
	{ name: 'TCP_MAERTS', measure: (plan) => withBoth('TCP_MAERTS', atLeast(0.45), plan) },
];
