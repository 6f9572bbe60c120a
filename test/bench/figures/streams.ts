// SPDX-License-Identifier: GPL-2.0
// streams.ts - TCP_STREAM and TCP_MAERTS between the LKL kernel and the host, against the host's loopback

import { readFile, writeFile } from 'node:fs/promises';

import { run, withServer, type Command } from '../exec.js';
import { atLeast, inTurns, type Figure, type Limit, type Measurement, type Plan } from '../figure.js';
import { stream, type Stream } from '../load.js';
import { hijacked, setUpNetwork, TAP } from '../world.js';

/** Merged receive buffers, segmentation and checksums, both ways. */
const OFFLOAD = 0x8883;

/** The congestion control of the host's end, in the namespace of the benchmark. */
const CONTROL = '/proc/sys/net/ipv4/tcp_congestion_control';

/** What paces nothing, and every namespace may choose. */
const UNPACED = 'reno';

async function overTap(test: Stream, limit: Limit, { seconds, turns }: Plan): Promise<Figure> {
	const load = stream(test);
	const megabits = async (command: Command): Promise<number> => load.parse(await run(command, seconds + 10));
	const [values, loopback] = await withServer(load.server, load.port, () =>
		inTurns(turns,
			() => megabits(hijacked(load.client(TAP.host, seconds), OFFLOAD)),
			() => megabits(load.client('127.0.0.1', seconds))));

	return {
		name: `${test}, 0x8883, host: ${(await readFile(CONTROL, 'latin1')).trim()} (${load.tool})`, unit: 'Mbit/s', values,
		reference: { name: 'host loopback', values: loopback }, limit,
	};
}

/** With the host's own congestion control, and with one that does not pace. */
async function withBoth(test: Stream, limit: Limit, plan: Plan): Promise<Figure[]> {
	await setUpNetwork();

	const own = await readFile(CONTROL, 'latin1');
	const figures: Figure[] = [];

	for (const control of new Set([own.trim(), UNPACED])) {
		await writeFile(CONTROL, control);
		figures.push(await overTap(test, limit, plan));
	}
	await writeFile(CONTROL, own);
	return figures;
}

export const STREAMS: readonly Measurement[] = [
	{ name: 'TCP_STREAM', measure: (plan) => withBoth('TCP_STREAM', atLeast(0.7), plan) },
	{ name: 'TCP_MAERTS', measure: (plan) => withBoth('TCP_MAERTS', atLeast(0.45), plan) },
];
