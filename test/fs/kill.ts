// SPDX-License-Identifier: GPL-2.0
// kill.ts - cptofs is killed at a random moment: what the image is like then

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { sh, startTool, tool } from './commands.js';
import { command } from './file-systems.js';
import { random } from './random.js';
import { describe, differences, type Look, makeTree } from './trees.js';

/** A file system, how it is repaired, and how it is checked after that; both fail if it is beyond repair. */
export interface Killable {
	readonly type: string;
	readonly make: string;
	/** Not needed where a mount replays a journal. */
	readonly repair: string;
	readonly check: string;
	readonly look: Look;
}

export const KILLABLE: readonly Killable[] = [
	{ type: 'ext2', make: 'mkfs.ext2 -q -I 256 IMAGE', repair: 'e2fsck -fy IMAGE || test $? = 1', check: 'e2fsck -fn IMAGE', look: { kept: 'attributes', times: 9 } },
	{ type: 'ext4', make: 'mkfs.ext4 -q IMAGE', repair: 'e2fsck -fp IMAGE || test $? = 1', check: 'e2fsck -fn IMAGE', look: { kept: 'attributes', times: 9 } },
	{ type: 'xfs', make: 'mkfs.xfs -q IMAGE', repair: 'true', check: 'xfs_repair -n IMAGE', look: { kept: 'attributes', times: 9 } },
	{ type: 'btrfs', make: 'mkfs.btrfs -q IMAGE', repair: 'true', check: 'btrfs check IMAGE', look: { kept: 'attributes', times: 9 } },
	{ type: 'f2fs', make: 'mkfs.f2fs -q IMAGE', repair: 'true', check: 'fsck.f2fs --dry-run IMAGE', look: { kept: 'attributes', times: 9 } },
	{ type: 'vfat', make: 'mkfs.vfat IMAGE', repair: 'fsck.vfat -a IMAGE || test $? = 1', check: 'fsck.vfat -n IMAGE', look: { kept: 'basic' } },
];

/** An image with files that are on it for good, and the time that it takes to copy others to it. */
export interface Victim extends Killable {
	readonly place: string;
	readonly expected: string;
	readonly takes: number;
}

function quietly(script: string, place: string): Promise<string> {
	return sh(`{ ${command(script, 'image')}; } > log 2>&1`, place);
}

function copyMore(image: string, place: string): ReturnType<typeof startTool> {
	return startTool('cptofs', ['-i', image, join(place, 'more'), '/']);
}

/** Makes one in a new folder. */
export async function makeVictim(killable: Killable, folder: string): Promise<Victim> {
	const place = join(folder, killable.type);
	mkdirSync(place);
	await makeTree(place, killable.look.kept);
	await sh('mkdir more; for i in $(seq 400); do head -c 20K /dev/urandom > more/$i; done; truncate -s 400M image', place);
	await quietly(killable.make, place);
	const { exitCode, stderr } = await tool('cptofs', ['-i', join(place, 'image'), join(place, 'tree'), '/']);
	if (exitCode !== 0) {
		throw new Error(stderr);
	}
	await sh('cp --sparse=always image trial', place);
	const start = performance.now();
	await copyMore(join(place, 'trial'), place).ended;
	return { ...killable, place, expected: await describe(join(place, 'tree'), killable.look), takes: performance.now() - start };
}

/** Kills cptofs at a moment that depends on the seed; what is wrong with the image then, if anything. */
export async function killOnce(victim: Victim, seed: number): Promise<string | undefined> {
	const { place, takes, repair, check, look, expected } = victim;
	const trial = join(place, 'trial');
	const inTrial = (script: string): Promise<string> => quietly(script.replaceAll('IMAGE', trial), place);

	await sh('rm -rf got; mkdir got; cp --sparse=always image trial', place);
	const { child, ended } = copyMore(trial, place);
	await sleep(random(seed)(Math.ceil(takes)));
	child.kill('SIGKILL');
	await ended;

	// As it is: read without a change. Then repaired, and mounted to be written to.
	const asIs = await tool('fs2tar', [trial, '/dev/null']);
	if (asIs.exitCode !== 0) {
		return `fs2tar: ${asIs.stderr}`;
	}
	try {
		await inTrial(repair);
		const again = await tool('cptofs', ['-i', trial, join(place, 'more/1'), '/after']);
		if (again.exitCode !== 0) {
			return `cptofs: ${again.stderr}`;
		}
		await inTrial(check);
	} catch {
		return `fsck: ${await sh('cat log', place)}`;
	}
	const back = await tool('cpfromfs', ['-i', trial, '/tree', join(place, 'got')]);
	const changes = differences(await describe(join(place, 'got/tree'), look), expected);
	return back.exitCode === 0 && changes.length === 0 ? undefined : `${back.stderr} ${changes.slice(0, 5).join('; ')}`;
}

/** Kills it several times; how often all was well. */
export async function killOften(victim: Victim, seeds: Iterable<number>, report: (line: string) => void): Promise<number> {
	let sound = 0;
	for (const seed of seeds) {
		const wrong = await killOnce(victim, seed);
		if (wrong === undefined) {
			sound += 1;
		} else {
			report(`${victim.type}, seed ${seed}: ${wrong.slice(0, 2000)}`);
		}
	}
	return sound;
}
