// SPDX-License-Identifier: GPL-2.0
// local.ts - Figures without a network: a system call, a boot, memory, size

import { stat } from 'node:fs/promises';

import { LKL_LIBRARY } from '../../helpers/paths.js';
import { run } from '../exec.js';
import { atMost, type Figure, type Measurement, type Plan } from '../figure.js';
import { numberAfter } from '../load.js';
import { program } from '../program.js';

const MIB = 1 << 20;

async function repeat(times: number, task: () => Promise<string>): Promise<string[]> {
	const outputs: string[] = [];

	while (outputs.length < times) {
		outputs.push(await task());
	}
	return outputs;
}

function all(outputs: readonly string[], name: string): number[] {
	return outputs.map((output) => numberAfter(name, output));
}

async function getppid({ seconds, turns }: Plan): Promise<Figure[]> {
	const outputs = await repeat(turns, () => run([program('getppid'), `${seconds * 1000}`], seconds + 10));

	return [{
		name: 'getppid', unit: 'ns', values: all(outputs, 'lkl'),
		reference: { name: 'host', values: all(outputs, 'host') }, limit: atMost(0.5),
	}];
}

async function boot({ starts }: Plan): Promise<Figure[]> {
	const outputs = await repeat(starts, () => run([program('boot')], 10));

	return [
		{ name: 'boot to first call', unit: 'ms', values: all(outputs, 'boot').map((us) => us / 1000), limit: atMost(60) },
		{ name: 'exec to first call', unit: 'ms', values: all(outputs, 'exec').map((us) => us / 1000) },
		{ name: 'RSS after boot', unit: 'MiB', values: all(outputs, 'rss').map((kib) => kib / 1024), limit: atMost(20) },
	];
}

async function size(): Promise<Figure[]> {
	const stripped = '/run/liblkl.so';

	await run(['strip', '-o', stripped, LKL_LIBRARY], 60);
	return [{ name: 'liblkl.so stripped', unit: 'MiB', values: [(await stat(stripped)).size / MIB], limit: atMost(12) }];
}

export const LOCAL: readonly Measurement[] = [
	{ name: 'getppid', measure: getppid },
	{ name: 'boot', measure: boot },
	{ name: 'size', measure: size },
];
