// SPDX-License-Identifier: GPL-2.0
// costs.ts - What one TCP transaction costs: latency, host context switches, host system calls

import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';

import { run, withServer, type Command } from '../exec.js';
import { inTurns, type Figure, type Measurement, type Plan } from '../figure.js';
import { numberAfter, rr } from '../load.js';
import { hijacked, onPeer, PEER, pinned, setUpNetwork, TAP } from '../world.js';

const LOAD = rr('tcp');
const CPU = cpus().length - 1;
const COUNTS = '/run/perf';

/** From the output of rr: column and unit. */
const COLUMNS = [['p50', 'us'], ['p99', 'us'], ['switches', '']] as const;

/** Host system calls per transaction of a client, all its threads, start and end included. */
async function systemCalls(client: Command, seconds: number): Promise<number> {
	const perf: Command = ['perf', 'stat', '-x,', '-o', COUNTS, '-e', 'raw_syscalls:sys_enter', '--', ...client];
	const transactions = LOAD.parse(await run(perf, seconds + 10)) * seconds;

	return numberAfter('\\n', (await readFile(COUNTS, 'utf8')).replace(/^#.*$|^\n/gm, '')) / transactions;
}

async function cost(place: string, where: (command: Command) => Command, { seconds, turns }: Plan): Promise<Figure[]> {
	const lkl = where(hijacked(LOAD.client(TAP.host, seconds)));
	const veth = where(LOAD.client(PEER, seconds));

	await setUpNetwork();
	return withServer(where(LOAD.server), LOAD.port, () => withServer(where(onPeer(LOAD.server)), LOAD.port, async () => {
		const [ours, theirs] = await inTurns(turns, () => run(lkl, seconds + 10), () => run(veth, seconds + 10));
		const calls = await inTurns(1, () => systemCalls(lkl, seconds), () => systemCalls(veth, seconds));
		const figure = (what: string, unit: string, values: number[], references: number[]): Figure => ({
			name: `TCP rr ${what}, ${place}`, unit, values, reference: { name: 'host over veth', values: references },
		});

		return [
			...COLUMNS.map(([column, unit]) => figure(column, unit,
				ours.map((output) => numberAfter(column, output)), theirs.map((output) => numberAfter(column, output)))),
			figure('system calls', '', ...calls),
		];
	}));
}

export const COSTS: readonly Measurement[] = [
	{ name: 'cost one-cpu', measure: (plan) => cost('one CPU', (command) => pinned(CPU, command), plan) },
	{ name: 'cost free', measure: (plan) => cost('free CPUs', (command) => command, plan) },
];
