// SPDX-License-Identifier: GPL-2.0
// fuse.ts - Images mounted with lklfuse, for as long as a test works with them

import { accessSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';

import type { Outcome } from '../bin/launch.js';
import { sh, tool } from './tools.js';

function hasFuse(): boolean {
	try {
		accessSync('/dev/fuse');
		return process.getuid?.() === 0;
	} catch {
		return false;
	}
}

/** A test that mounts with FUSE; owners and device nodes need root. */
export const fuseTest = hasFuse() ? test.serial : test.serial.skip;

/** Mounts the image `image` in a folder at `mnt` there. */
export async function mount(place: string, options = 'type=auto', image = 'image'): Promise<Outcome> {
	mkdirSync(join(place, 'mnt'), { recursive: true });
	return tool('lklfuse', [image, 'mnt', '-o', options], { cwd: place });
}

/** The image is free when lklfuse has ended, a moment after it is unmounted. */
export async function released(place: string): Promise<void> {
	await sh('flock -w 60 image true', place);
}

/** Unmounts, and waits until all is in the image. */
export async function unmount(place: string): Promise<void> {
	await sh('fusermount3 -u mnt', place);
	await released(place);
}

/** Does something while the image is mounted. */
export async function mounted<T>(place: string, options: string, work: (directory: string) => T | Promise<T>): Promise<T> {
	const { exitCode, stderr } = await mount(place, options);
	if (exitCode !== 0) {
		throw new Error(`lklfuse: ${exitCode ?? 'killed'}: ${stderr}`);
	}
	try {
		return await work(join(place, 'mnt'));
	} finally {
		await unmount(place);
	}
}
