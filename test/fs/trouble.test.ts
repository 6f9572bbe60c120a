// SPDX-License-Identifier: GPL-2.0
// trouble.test.ts - No room, interruptions, kills: the image stays sound

import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import test from 'ava';

import { isSound, list, makeImage } from './ext4.js';
import { KILLABLE, killOften, makeVictim } from './kill.js';
import { makeFolder, rootTest, sh, startTool, tool } from './tools.js';

/** Seeds of moments; `make fuzz` has more. */
const KILLS = [1, 2, 3, 4];

const folder = makeFolder();

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

for (const killable of KILLABLE) {
	rootTest(`a killed copy to ${killable.type} leaves what a power cut leaves`, async (t) => {
		const victim = await makeVictim(killable, folder);
		t.is(await killOften(victim, KILLS, t.log), KILLS.length);
	});
}

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
