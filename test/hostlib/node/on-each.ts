// SPDX-License-Identifier: GPL-2.0
// on-each.ts - Tests on several types of file systems

import test, { type ExecutionContext } from 'ava';

import { MAKE, mountNew, startKernel } from './kernel.js';

export const starting = startKernel();

/** A test on each of the file systems. */
export function onEach(title: string, body: (t: ExecutionContext, path: string) => Promise<void>): void {
	for (const type of Object.keys(MAKE)) {
		test.serial(`${type}: ${title}`, async (t) => {
			await body(t, (await mounted(type)).path);
		});
	}
}

const mounts = new Map<string, ReturnType<typeof mountNew>>();

function mounted(type: string): ReturnType<typeof mountNew> {
	const mount = mounts.get(type) ?? starting.then((kernel) => mountNew(kernel, type));
	mounts.set(type, mount);
	return mount;
}
