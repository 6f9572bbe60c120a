// SPDX-License-Identifier: GPL-2.0
// calls.ts - What the preload library costs: per call, per wait, per connection

import { testProgram } from '../../helpers/paths.js';
import { run, type Command } from '../exec.js';
import { atMost, inTurns, type Figure, type Measurement, type Plan } from '../figure.js';
import { numberAfter } from '../load.js';
import { program } from '../program.js';
import { onLoopback } from '../world.js';

const CONNECTIONS = testProgram('hijack/connections');
const IDLE_SECONDS = 10;

/** Outputs of a program that measures for `seconds`. */
async function outputs({ seconds, turns }: Plan, command: (milliseconds: string) => Command): Promise<string[]> {
	const all: string[] = [];

	while (all.length < turns) {
		all.push(await run(onLoopback(command(String(seconds * 1000))), seconds + 20));
	}
	return all;
}

async function overhead(plan: Plan): Promise<Figure[]> {
	const all = await outputs(plan, (milliseconds) => [program('overhead'), milliseconds]);
	const added = (ours: string, plain: string): number[] => all.map((output) => numberAfter(ours, output) - numberAfter(plain, output));

	return [
		{ name: 'added to a host call, read()', unit: 'ns', values: added('host', 'libc'), limit: atMost(5) },
		{ name: 'added to an LKL call, recv()', unit: 'ns', values: added('redirected', 'lkl'), limit: atMost(20) },
	];
}

async function waits({ seconds, turns }: Plan): Promise<Figure[]> {
	const once = (set: string) => (): Promise<string> => run(onLoopback([program('mixed'), set, String(seconds * 1000)]), seconds + 20);
	const [mixed, alone] = await inTurns(turns, once('mixed'), once('alone'));
	const figure = (name: string, column: string): Figure => ({
		name, unit: 'ns', values: mixed.map((output) => numberAfter(column, output)),
		reference: { name: 'without host files', values: alone.map((output) => numberAfter(column, output)) },
	});

	return [
		{ ...figure('mixed epoll_wait, a datagram there and back', 'sleep'), limit: atMost(1.5) },
		{ ...figure('mixed epoll_wait, a datagram is there', 'ready'), limit: atMost(1.5) },
	];
}

async function connections(): Promise<Figure[]> {
	const idle = await run(onLoopback([CONNECTIONS, 'idle', '1000', String(IDLE_SECONDS)]), 60);
	const churn = await run(onLoopback([CONNECTIONS, 'churn', '100000']), 60);
	const after = (name: string): number[] => [Number(new RegExp(`${name} (-?\\d+)`).exec(churn)?.[1] ?? NaN)];

	return [
		{ name: `CPU time of 1,000 idle connections, ${IDLE_SECONDS} s`, unit: 'ms', values: [numberAfter('cpu-us', idle) / 1000], limit: atMost(10) },
		{ name: 'memory after 100,000 more connections', unit: 'KiB more', values: after('growth-kib'), limit: atMost(1024) },
		{ name: 'descriptors after them', unit: 'more', values: after('fds'), limit: atMost(0) },
	];
}

export const CALLS: readonly Measurement[] = [
	{ name: 'overhead', measure: overhead },
	{ name: 'mixed waits', measure: waits },
	{ name: 'connections', measure: connections },
];
