// SPDX-License-Identifier: GPL-2.0
// trouble.test.ts - No room, interruptions, kills: the image stays sound

import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import test from 'ava';

import { isSound, list, makeImage } from './ext4.js';
import { hash, sh, startTool, tool } from './tools.js';

test('no room: what was copied is told, is whole, and the image is sound', async (t) => {
	const { place, image } = await makeImage('16M');
	await sh('mkdir d; for i in 1 2 3 4 5 6; do head -c 3M /dev/urandom > d/$i; done', place);
	const { exitCode, stderr } = await tool('cptofs', ['-i', image, 'd', '/'], { cwd: place });

	t.is(exitCode, 2);
	t.regex(stderr, /^cptofs: d\/\d: cannot copy it: No space left on device$/m);
	t.regex(stderr, /^cptofs: done before that: \d files, \d+\.0 MiB$/m);
	await isSound(t, place);
	for (const name of (await list(place, '/d')).trim().split(' ')) {
		await t.notThrowsAsync(sh(`debugfs -R 'cat /d/${name}' image 2> /dev/null | cmp - d/${name}`, place));
	}
});

test('an interrupted copy leaves a sound image', async (t) => {
	const { place, image } = await makeImage('400M');
	await sh('mkdir d; for i in $(seq 8); do head -c 30M /dev/urandom > d/$i; done', place);
	const { child, ended } = startTool('cptofs', ['-i', image, join(place, 'd'), '/']);
	const { mtimeMs } = statSync(image);
	while (statSync(image).mtimeMs === mtimeMs && child.exitCode === null) {
		await sleep(10);
	}
	child.kill('SIGINT');
	// On a fast machine it was done before.
	const status = await ended;
	t.true(status === 130 || status === 0, String(status));
	await isSound(t, place);
});

test('a killed copy leaves what a power cut leaves', async (t) => {
	const { place, image } = await makeImage('200M');
	await sh('mkdir d; for i in $(seq 2000); do head -c 20K /dev/urandom > d/$i; done', place);
	for (const delay of [300, 600, 900, 1200]) {
		const { child, ended } = startTool('cptofs', ['-i', image, join(place, 'd'), '/']);
		await sleep(delay);
		child.kill('SIGKILL');
		await ended;
		// The journal is replayed in memory, and by e2fsck.
		const before = await hash(image);
		t.like(await tool('fs2tar', [image, join(place, 'tar')]), { exitCode: 0, stderr: '' }, `after ${delay} ms`);
		t.is(await hash(image), before, 'fs2tar does not change the image');
		await sh('e2fsck -fp image > /dev/null || test $? = 1', place);
		await isSound(t, place);
	}
});

test('an image is not used by two at once', async (t) => {
	const { place, image } = await makeImage();
	writeFileSync(join(place, 'f'), 'f');
	const busy = sh('exec 9< image; flock -s 9; touch locked; while [ ! -e over ]; do sleep 0.1; done', place);
	while (!existsSync(join(place, 'locked'))) {
		await sleep(20);
	}
	t.like(await tool('cptofs', ['-i', image, 'f', '/'], { cwd: place }), { exitCode: 2, stderr: `cptofs: ${image}: in use by another program` });
	t.like(await tool('fs2tar', [image, join(place, 'tar')]), { exitCode: 0 });
	writeFileSync(join(place, 'over'), '');
	await busy;
});
