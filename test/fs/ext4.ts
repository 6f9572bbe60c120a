// SPDX-License-Identifier: GPL-2.0
// ext4.ts - Images to try things with, looked at with e2fsprogs

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { ExecutionContext } from 'ava';

import { makeFolder, sh } from './tools.js';

const folder = makeFolder();
let number = 0;

/** A folder of its own for a test, with an ext4 image. */
export async function makeImage(size = '64M'): Promise<{ place: string; image: string }> {
	number += 1;
	const place = join(folder, String(number));
	mkdirSync(place);
	await sh(`truncate -s ${size} image; mkfs.ext4 -q image`, place);
	return { place, image: join(place, 'image') };
}

/** Names in a directory of an image. */
export function list(place: string, directory = '/'): Promise<string> {
	return sh(`debugfs -R 'ls -p ${directory}' image 2> /dev/null | cut -d / -f 6 | sed '/^\\.*$/d;/^lost+found$/d' | sort | tr '\\n' ' '`, place);
}

/** e2fsck has nothing to say. */
export async function isSound(t: ExecutionContext, place: string): Promise<void> {
	await t.notThrowsAsync(sh('e2fsck -fn image', place));
}
