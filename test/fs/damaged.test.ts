// SPDX-License-Identifier: GPL-2.0
// damaged.test.ts - Damaged images end in an error, not in a crash, a hang, or a changed image
//
// LKL_DAMAGED=N tries N images of each file system instead of a few.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { ExecutionContext } from 'ava';

import { type Ending, tryDamaged, usedBlocks } from './damage.js';
import { command, type FileSystem, WRITABLE } from './file-systems.js';
import { makeFolder, serialTest, sh, tool } from './tools.js';
import { makeTree } from './trees.js';

const COUNT = Number(process.env['LKL_DAMAGED'] ?? 6);

const folder = makeFolder();

async function survives(t: ExecutionContext, { type, make, kept }: FileSystem): Promise<void> {
	const place = join(folder, type);
	const image = join(place, 'image');
	mkdirSync(place);
	t.timeout(COUNT * 60_000);
	await makeTree(place, kept);
	await sh(command(make.replace('200M', '64M'), image), place);
	await tool('cptofs', ['-t', type, '-i', image, '--exclude=big', join(place, 'tree/*'), '/']);

	const used = usedBlocks(image);
	const endings: Record<Ending, number> = { ok: 0, error: 0, crash: 0, hang: 0, changed: 0 };
	for (let seed = 1; seed <= COUNT; seed++) {
		const { ending, stderr } = await tryDamaged(image, used, seed);
		endings[ending] += 1;
		if (ending !== 'ok' && ending !== 'error') {
			t.log(`seed ${seed}: ${ending}: ${stderr.slice(0, 1000)}`);
		}
	}
	t.log(JSON.stringify(endings));
	t.like(endings, { crash: 0, hang: 0, changed: 0 });
}

for (const fileSystem of WRITABLE.filter(({ type, needsVmap }) => type !== 'ext2' && type !== 'ext3' && needsVmap !== true)) {
	serialTest(fileSystem.type, survives, fileSystem);
}
