// SPDX-License-Identifier: GPL-2.0
// kernel.ts - A kernel for the tests of a file, which are in one process, and images for it

import { join } from 'node:path';

import test from 'ava';

import { Kernel, type KernelOptions, type Mount } from '../../../hostlib/node/index.js';
import { makeFolder, sh } from '../../fs/tools.js';

export const folder = makeFolder();

/** Starts the kernel of this file. */
export function startKernel(options: KernelOptions | Promise<KernelOptions> = {}): Promise<Kernel> {
	const kernel = Promise.resolve(options).then((its) => Kernel.start({ memory: 256, ...its }));
	test.after.always(async () => {
		await (await kernel).halt();
	});
	return kernel;
}

/** How images are made: sizes are those that these file systems need at least. */
export const MAKE: Readonly<Record<string, string>> = {
	ext4: 'truncate -s 200M IMAGE; mkfs.ext4 -q IMAGE',
	btrfs: 'truncate -s 400M IMAGE; mkfs.btrfs -q IMAGE',
};

/** Makes an image; its path. */
export async function makeImage(type: string, name = type): Promise<string> {
	await sh((MAKE[type] ?? '').replaceAll('IMAGE', name), folder);
	return join(folder, name);
}

/** Makes an image, and mounts it. */
export async function mountNew(kernel: Kernel, type: string, name = type): Promise<Mount> {
	const disk = await kernel.addDisk({ image: await makeImage(type, name) });
	return disk.mount();
}
