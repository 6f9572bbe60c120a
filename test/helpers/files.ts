// SPDX-License-Identifier: GPL-2.0
// files.ts - Contents to be carried, and the hashes they are known by

import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ExecutionContext } from 'ava';

export const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

export const hashFile = async (path: string): Promise<string> => hash(await readFile(path));

/** A folder with a file of random contents. */
export interface Content {
	readonly folder: string;
	/** Name of the file in the folder. */
	readonly name: string;
	readonly hash: string;
	/** The path of another file there. */
	readonly path: (name: string) => string;
}

/** Makes such a folder; it goes when the test ends. */
export async function makeContent(t: ExecutionContext, bytes: number): Promise<Content> {
	const folder = await mkdtemp(join(tmpdir(), 'lkl-test-'));
	const content = randomBytes(bytes);
	const path = (name: string): string => join(folder, name);

	t.teardown(() => rm(folder, { recursive: true, force: true }));
	await writeFile(path('content'), content);
	return { folder, name: 'content', hash: hash(content), path };
}
