// SPDX-License-Identifier: GPL-2.0
// damaged.test.ts - Damaged images end in an error, not in a crash, a hang, or a changed image
//
// A few images of each file system; `make fuzz` tries many.

import type { ExecutionContext } from 'ava';

import { DAMAGEABLE, makeSubject, tryAll } from './damage.js';
import type { FileSystem } from './file-systems.js';
import { makeFolder, serialTest } from './tools.js';

const SEEDS = Array.from({ length: 20 }, (_, index) => index + 1);

const folder = makeFolder();

async function survives(t: ExecutionContext, fileSystem: FileSystem): Promise<void> {
	t.timeout(SEEDS.length * 60_000);
	const counts = await tryAll(await makeSubject(fileSystem, folder), SEEDS, (line) => {
		t.log(line);
	});
	t.like(counts, { crash: 0, hang: 0, changed: 0 });
}

for (const fileSystem of DAMAGEABLE) {
	serialTest(fileSystem.name ?? fileSystem.type, survives, fileSystem);
}
