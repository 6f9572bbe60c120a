// SPDX-License-Identifier: GPL-2.0
// capture.ts - What it costs to write the frames to a file, against the same without

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { run, withServer } from '../exec.js';
import { atLeast, inTurns, type Figure, type Limit, type Measurement, type Plan } from '../figure.js';
import { stream } from '../load.js';
import { hijacked, setUpNetwork, TAP } from '../world.js';

/** As of the figures of the streams. */
const OFFLOAD = 0x8883;

/** All of every frame. */
const WHOLE = { PCAP_SNAPLEN: '262144' };

async function captured(name: string, settings: Readonly<Record<string, string>>, limit: Limit | undefined, { seconds, turns }: Plan): Promise<Figure> {
	const load = stream('TCP_STREAM');
	const folder = await mkdtemp(join(tmpdir(), 'lkl-bench-'));
	const client = load.client(TAP.host, seconds);
	const megabits = async (more: Readonly<Record<string, string>>): Promise<number> =>
		load.parse(await run(hijacked(client, OFFLOAD, more), seconds + 10));
	const capture = { PCAP: join(folder, 'frames.pcapng'), ...settings };

	try {
		const [values, plain] = await withServer(load.server, load.port, () => inTurns(turns, () => megabits(capture), () => megabits({})));
		return {
			name: `TCP_STREAM, 0x8883, ${name} (${load.tool})`, unit: 'Mbit/s', values,
			reference: { name: 'without PCAP', values: plain }, ...(limit && { limit }),
		};
	} finally {
		await rm(folder, { recursive: true });
	}
}

export const CAPTURE: readonly Measurement[] = [{
	name: 'PCAP',
	async measure(plan) {
		await setUpNetwork();
		return [
			await captured('PCAP', {}, atLeast(0.9), plan),
			await captured('PCAP of whole frames', WHOLE, undefined, plan),
		];
	},
}];
