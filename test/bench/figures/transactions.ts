// SPDX-License-Identifier: GPL-2.0
// transactions.ts - TCP_RR and UDP_RR from the LKL kernel over a tap to the host

import { cpus } from 'node:os';

import { run, withServer, type Command } from '../exec.js';
import { atLeast, inTurns, type Figure, type Limit, type Measurement, type Plan } from '../figure.js';
import { rr, transactions, type Load, type Transaction } from '../load.js';
import { program } from '../program.js';
import { hijacked, onPeer, PEER, pinned, setUpNetwork, TAP } from '../world.js';

const UNIT = '/s';

/** The one CPU: not the first, which takes most interrupts. */
const CPU = cpus().length - 1;

/** Runs the client of a load; the rate. */
async function rate(load: Load, command: Command, seconds: number): Promise<number> {
	return load.parse(await run(command, seconds + 10));
}

/** Both ends on one CPU, against a program that only reads and writes the tap. */
async function onOneCpu(test: Transaction, { seconds, turns }: Plan): Promise<Figure[]> {
	const load = transactions(test);
	const protocol = test === 'TCP_RR' ? 'tcp' : 'udp';
	const raw = rr(protocol);
	const client = pinned(CPU, hijacked(load.client(TAP.host, seconds)));
	const rawClient = pinned(CPU, [program('rawtap'), protocol, TAP.name, TAP.lkl, TAP.host, `${raw.port}`, `${seconds}`]);

	await setUpNetwork();
	const [values, limits] = await withServer(pinned(CPU, load.server), load.port, () =>
		withServer(pinned(CPU, raw.server), raw.port, () =>
			inTurns(turns, () => rate(load, client, seconds), () => rate(raw, rawClient, seconds))));
	return [{
		name: `${test}, one CPU (${load.tool})`, unit: UNIT, values,
		reference: { name: 'raw tap', values: limits }, limit: atLeast(0.75),
	}];
}

/** Where client and server run. */
interface Places {
	readonly name: string;
	client(command: Command): Command;
	server(command: Command): Command;
	readonly limit?: Limit;
}

const FREE: Places = {
	name: 'free CPUs', client: (command) => command, server: (command) => command, limit: atLeast(1.5),
};
const APART: Places = {
	name: 'a CPU each', client: (command) => pinned(CPU, command), server: (command) => pinned(0, command),
};

/** Against the host's own stack over a veth pair. */
async function againstVeth(test: Transaction, places: Places, { seconds, turns }: Plan): Promise<Figure[]> {
	const load = transactions(test);
	const { name, limit } = places;

	await setUpNetwork();
	const [values, veth] = await withServer(places.server(load.server), load.port, () =>
		withServer(places.server(onPeer(load.server)), load.port, () =>
			inTurns(turns,
				() => rate(load, places.client(hijacked(load.client(TAP.host, seconds))), seconds),
				() => rate(load, places.client(load.client(PEER, seconds)), seconds))));
	return [{
		name: `${test}, ${name} (${load.tool})`, unit: UNIT, values,
		reference: { name: 'host over veth', values: veth }, ...(limit === undefined ? {} : { limit }),
	}];
}

export const TRANSACTIONS: readonly Measurement[] = (['TCP_RR', 'UDP_RR'] as const).flatMap((test) => [
	{ name: `${test} one-cpu`, measure: (plan) => onOneCpu(test, plan) },
	{ name: `${test} free`, measure: (plan) => againstVeth(test, FREE, plan) },
	{ name: `${test} apart`, measure: (plan) => againstVeth(test, APART, plan) },
]);
