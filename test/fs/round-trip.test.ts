// SPDX-License-Identifier: GPL-2.0
// round-trip.test.ts - What goes into an image comes out of it, and others see the same

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { ExecutionContext } from 'ava';

import { command, type FileSystem, READ_ONLY, type ReadOnly, WRITABLE } from './file-systems.js';
import { failingTest, makeFolder, rootTest, sh, tool } from './tools.js';
import { describe, differences, makeTree } from './trees.js';

const folder = makeFolder();

/** Compares with what cpfromfs and fs2tar get out of an image. */
async function comesOut(t: ExecutionContext, image: string, place: string, expected: string, look: Parameters<typeof describe>[1]): Promise<void> {
	const copied = join(place, 'copied');
	const unpacked = join(place, 'unpacked');
	mkdirSync(copied);
	mkdirSync(unpacked);

	t.deepEqual(await tool('cpfromfs', ['-i', image, '--exclude=lost+found', '/*', copied]), { exitCode: 0, stdout: '', stderr: '' });
	t.deepEqual(differences(await describe(copied, look), expected), [], 'cpfromfs');

	const archive = join(place, 'archive.tar');
	t.deepEqual(await tool('fs2tar', ['--exclude=lost+found', image, archive]), { exitCode: 0, stdout: '', stderr: '' });
	await sh(`tar -xpf '${archive}' -C '${unpacked}' --xattrs --xattrs-include='*' --acls --numeric-owner 2> /dev/null`, place);
	t.deepEqual(differences(await describe(unpacked, look), expected), [], 'fs2tar');
}

/** Compares with what the host's own kernel sees, if it knows the type. */
async function hostSees(t: ExecutionContext, image: string, place: string, expected: string, look: Parameters<typeof describe>[1]): Promise<void> {
	const mounted = join(place, 'mounted');
	mkdirSync(mounted);
	try {
		await sh(`mount -o loop,ro '${image}' mounted`, place);
	} catch {
		t.log('the host cannot mount it');
		return;
	}
	try {
		t.deepEqual(differences(await describe(mounted, look), expected), [], 'the host');
	} finally {
		await sh('umount mounted', place);
	}
}

async function roundTrip(t: ExecutionContext, { type, name = type, make, check, kept, times }: FileSystem): Promise<void> {
	const place = join(folder, name);
	const image = join(place, 'image');
	mkdirSync(place);
	await makeTree(place, kept);
	await sh(command(make, image), place);

	const expected = await describe(join(place, 'tree'), { kept, times });
	const { exitCode, stderr } = await tool('cptofs', ['-t', type, '-i', image, join(place, 'tree/*'), '/']);
	t.is(exitCode, 0, stderr);
	await t.notThrowsAsync(sh(command(check, image), place), 'fsck');
	await comesOut(t, image, place, expected, { kept, times });
	await hostSees(t, image, place, expected, { kept, times });
}

async function readOnly(t: ExecutionContext, { type, make, kept, times, links }: ReadOnly): Promise<void> {
	const place = join(folder, type);
	const image = join(place, 'image');
	const look = { kept, times, links: links ?? true, holes: false };
	mkdirSync(place);
	await makeTree(place, kept);
	await sh(command(make, image), place);

	const expected = await describe(join(place, 'tree'), look);
	await comesOut(t, image, place, expected, look);
	await hostSees(t, image, place, expected, look);
}

for (const fileSystem of WRITABLE) {
	const define = fileSystem.needsVmap === true ? failingTest : rootTest;
	define(`into ${fileSystem.name ?? fileSystem.type} and out again`, roundTrip, fileSystem);
}
for (const fileSystem of READ_ONLY) {
	const define = fileSystem.needsVmap === true ? failingTest : rootTest;
	define(`out of ${fileSystem.type}`, readOnly, fileSystem);
}
