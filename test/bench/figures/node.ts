// SPDX-License-Identifier: GPL-2.0
// node.ts - The Node API: small files per second, against Node's own on the host

import { mkdtemp, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { run } from '../exec.js';
import type { Figure, Measurement, Plan } from '../figure.js';
import { numberAfter } from '../load.js';

const SCRIPT = fileURLToPath(new URL('../readfiles.js', import.meta.url));

async function readFiles(atOnce: number, { seconds, turns }: Plan): Promise<Figure[]> {
	const outputs: string[] = [];

	while (outputs.length < turns) {
		const folder = await mkdtemp('/run/readfiles-');
		outputs.push(await run([process.execPath, SCRIPT, folder, `${atOnce}`, `${seconds}`], 60));
		await rm(folder, { recursive: true });
	}
	return [{
		name: `Node readFile, ${atOnce === 1 ? 'in turn' : `${atOnce} at once`}`, unit: '/s',
		values: outputs.map((output) => numberAfter('lkl', output)),
		reference: { name: 'node:fs on tmpfs', values: outputs.map((output) => numberAfter('host', output)) },
	}];
}

export const NODE: readonly Measurement[] = [1, 64].map((atOnce) => ({
	name: `node readFile ${atOnce}`, measure: (plan) => readFiles(atOnce, plan),
}));
