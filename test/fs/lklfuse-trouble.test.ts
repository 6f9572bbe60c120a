// SPDX-License-Identifier: GPL-2.0
// lklfuse-trouble.test.ts - Random work and kills: mounted images are as files of the host are, and survive
//
// LKL_KILLS=50 kills that often instead of a few times, LKL_RANDOM=100000 makes that many random operations.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { random } from './random.js';
import { isSound, makeImage } from './ext4.js';
import { fuseTest, mounted, released } from './fuse.js';
import { makeFolder, sh, startTool } from './tools.js';
import { describe, differences } from './trees.js';
import { workInBoth } from './random-work.js';

const KILLS = Number(process.env['LKL_KILLS'] ?? 4);
const OPERATIONS = Number(process.env['LKL_RANDOM'] ?? 3000);

const folder = makeFolder();

for (const [type, make, check] of [
	['ext4', 'mkfs.ext4 -q image', 'e2fsck -fn image'],
	['xfs', 'mkfs.xfs -q image', 'xfs_repair -n image'],
	['btrfs', 'mkfs.btrfs -q image', 'btrfs check image'],
] as const) {
	fuseTest(`${type}: random work has the same outcomes as on the host`, async (t) => {
		const place = join(folder, type);
		t.timeout(60_000 + OPERATIONS * 20);
		mkdirSync(join(place, 'host'), { recursive: true });
		await sh(`truncate -s 400M image; ${make}`, place);
		await mounted(place, `type=${type}`, (directory) => {
			// A directory of its own: lost+found is not for random work.
			mkdirSync(join(directory, 'work'));
			t.is(workInBoth(join(directory, 'work'), join(place, 'host'), OPERATIONS, 1), undefined);
		});
		const look = { kept: 'unix', holes: false } as const;
		await mounted(place, 'ro', async (directory) => {
			t.deepEqual(differences(await describe(join(directory, 'work'), look), await describe(join(place, 'host'), look)), []);
		});
		await t.notThrowsAsync(sh(check, place));
	});
}

/** Writes files, each synced, and notes which ones are. */
const WRITER = `i=0
while i=$((i + 1)); head -c $((RANDOM * 3)) /dev/urandom > keep/$i; dd if=keep/$i of=mnt/$i bs=8k conv=fsync status=none 2> /dev/null; do
	echo $i >> synced
done`;

fuseTest('killed while files are written and synced: what was synced is intact', async (t) => {
	const below = random(KILLS);
	t.timeout(KILLS * 60_000);
	for (let kill = 0; kill < KILLS; kill++) {
		const { place, image } = await makeImage('100M');
		mkdirSync(join(place, 'keep'));
		mkdirSync(join(place, 'mnt'));
		writeFileSync(join(place, 'synced'), '');
		const { child, ended } = startTool('lklfuse', ['-f', image, join(place, 'mnt')]);
		await sh('until mountpoint -q mnt; do sleep 0.02; done', place);
		const writer = spawn('bash', ['-c', WRITER], { cwd: place, stdio: 'ignore' });
		const writerEnded = once(writer, 'exit');

		await sleep(50 + below(1500));
		child.kill('SIGKILL');
		await ended;
		await writerEnded;
		await sh('fusermount3 -u -z mnt', place);
		await released(place);
		await sh('e2fsck -fp image > /dev/null || test $? = 1', place);
		await isSound(t, place);
		await mounted(place, 'ro', async () => {
			await t.notThrowsAsync(sh('while read -r i; do cmp keep/$i mnt/$i; done < synced', place));
		});
		t.log(`${readFileSync(join(place, 'synced'), 'utf8').split('\n').length - 1} files synced`);
		await sh('rm -r keep image', place);
	}
});
