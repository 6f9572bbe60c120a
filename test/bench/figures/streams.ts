// SPDX-License-Identifier: GPL-2.0
// streams.ts - TCP_STREAM and TCP_MAERTS between the LKL kernel and the host, against the host's loopback

import { run, withServer, type Command } from '../exec.js';
import { atLeast, inTurns, type Figure, type Limit, type Measurement, type Plan } from '../figure.js';
import { stream, type Stream } from '../load.js';
import { hijacked, setUpNetwork, TAP } from '../world.js';

/** Merged receive buffers, segmentation and checksums, both ways. */
const OFFLOAD = 0x8883;

async function overTap(test: Stream, limit: Limit, { seconds, turns }: Plan): Promise<Figure[]> {
	const load = stream(test);
	const megabits = async (command: Command): Promise<number> => load.parse(await run(command, seconds + 10));

	await setUpNetwork();
	const [values, loopback] = await withServer(load.server, load.port, () =>
		inTurns(turns,
			() => megabits(hijacked(load.client(TAP.host, seconds), OFFLOAD)),
			() => megabits(load.client('127.0.0.1', seconds))));
	return [{
		name: `${test}, 0x8883 (${load.tool})`, unit: 'Mbit/s', values,
		reference: { name: 'host loopback', values: loopback }, limit,
	}];
}

export const STREAMS: readonly Measurement[] = [
	{ name: 'TCP_STREAM', measure: (plan) => overTap('TCP_STREAM', atLeast(0.7), plan) },
	{ name: 'TCP_MAERTS', measure: (plan) => overTap('TCP_MAERTS', atLeast(0.45), plan) },
];
