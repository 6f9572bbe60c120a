// SPDX-License-Identifier: GPL-2.0
// bench.ts - The figures of docs/benchmarks.md, each as a ratio to the host in the same minute
//
// usage: node bench.js [--quick] [--markdown] [--strict] [NAME...]
//
// NAME chooses the measurements whose name contains it. A limit that is missed changes the exit status only
// with --strict; so does a measurement that failed.

import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';

import { isKept, type Measurement, type Plan } from './figure.js';
import { CALLS } from './figures/calls.js';
import { CAPTURE } from './figures/capture.js';
import { COSTS } from './figures/costs.js';
import { IMAGES } from './figures/images.js';
import { LOCAL } from './figures/local.js';
import { NODE } from './figures/node.js';
import { STREAMS } from './figures/streams.js';
import { TRANSACTIONS } from './figures/transactions.js';
import { machine, MARKDOWN, TEXT } from './report.js';
import { enterWorld } from './world.js';

const ALL: readonly Measurement[] = [
	...LOCAL, ...CALLS, ...NODE, ...TRANSACTIONS, ...STREAMS, ...CAPTURE, ...COSTS, ...IMAGES,
];
const FULL: Plan = { seconds: 2, turns: 5, starts: 20 };
const QUICK: Plan = { seconds: 1, turns: 2, starts: 5 };
const QUIET_LOAD = 0.5;

function print(line: string): void {
	process.stdout.write(`${line}\n`);
}

/** Measures and prints; how many limits were missed and measurements failed. */
async function bench(names: readonly string[], plan: Plan, format: typeof TEXT): Promise<number> {
	const chosen = ALL.filter(({ name }) => names.length === 0 || names.some((part) => name.toLowerCase().includes(part.toLowerCase())));
	let bad = 0;

	if (chosen.length === 0) {
		throw new Error(`expected part of one of: ${ALL.map(({ name }) => name).join(', ')}; got: ${names.join(' ')}`);
	}
	if ((loadavg()[0] ?? 0) > QUIET_LOAD) {
		process.stderr.write('bench: this machine is busy: do not trust the figures\n');
	}
	print(`${machine()}, ${plan.turns} turns of ${plan.seconds} s\n\n${format.heading}`);
	for (const measurement of chosen) {
		try {
			for (const figure of await measurement.measure(plan)) {
				print(format.line(figure));
				bad += isKept(figure) === false ? 1 : 0;
			}
		} catch (error) {
			process.stderr.write(`bench: ${measurement.name}: FAILED: ${error instanceof Error ? error.message : String(error)}\n`);
			bad++;
		}
	}
	return bad;
}

async function main(): Promise<number> {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: { quick: { type: 'boolean' }, markdown: { type: 'boolean' }, strict: { type: 'boolean' } },
	});
	const inside = enterWorld();

	if (inside !== undefined) {
		return inside;
	}
	const bad = await bench(positionals, values.quick ? QUICK : FULL, values.markdown ? MARKDOWN : TEXT);
	return values.strict && bad > 0 ? 1 : 0;
}

try {
	process.exitCode = await main();
} catch (error) {
	process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 2;
}
