// SPDX-License-Identifier: GPL-2.0
// round-trip.test.ts - What goes into an image comes out of it, and others see the same

import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { ExecutionContext } from 'ava';

import { command, type FileSystem, READ_ONLY, type ReadOnly, WRITABLE } from './file-systems.js';
import { makeFolder, rootTest, sh, tool } from './tools.js';
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

/** The text in the tree is not in the image as it is. */
function isCompressed(t: ExecutionContext, image: string): void {
	t.false(readFileSync(image).includes('\n290001\n290002\n290003\n290004\n290005\n'), 'compressed');
}

async function roundTrip(t: ExecutionContext, { type, name = type, make, options, check, kept, times, loses, compressed }: FileSystem): Promise<void> {
	const place = join(folder, name);
	const image = join(place, 'image');
	const look = { kept, times, ...loses };
	mkdirSync(place);
	await makeTree(place, kept);
	await sh(command(make, image), place);

	const expected = await describe(join(place, 'tree'), look);
	const { exitCode, stderr } = await tool('cptofs', ['-t', type, '-i', image, ...(options === undefined ? [] : ['--options', options]), join(place, 'tree/*'), '/']);
	t.is(exitCode, 0, stderr);
	if (check !== undefined) {
		await t.notThrowsAsync(sh(command(check, image), place), 'fsck');
	}
	await comesOut(t, image, place, expected, look);
	if (type !== 'ntfs3') {
		// What the host may have for it, ntfs-3g, knows nothing of owners and links as Linux stores them.
		await hostSees(t, image, place, expected, look);
	}
	if (compressed === true) {
		isCompressed(t, image);
	}
}

async function readOnly(t: ExecutionContext, { type, name = type, make, kept, times, loses, compressed }: ReadOnly): Promise<void> {
	const place = join(folder, `${name}, read`);
	const image = join(place, 'image');
	const look = { kept, times, holes: false, ...loses };
	mkdirSync(place);
	await makeTree(place, kept);
	await sh(command(make, image), place);

	const expected = await describe(join(place, 'tree'), look);
	await comesOut(t, image, place, expected, look);
	await hostSees(t, image, place, expected, look);
	if (compressed === true) {
		isCompressed(t, image);
	}
}

for (const fileSystem of WRITABLE) {
	rootTest(`into ${fileSystem.name ?? fileSystem.type} and out again`, roundTrip, fileSystem);
}
for (const fileSystem of READ_ONLY) {
	rootTest(`out of ${fileSystem.name ?? fileSystem.type}`, readOnly, fileSystem);
}

rootTest('extended attributes of any size out of xfs', async (t) => {
	const place = join(folder, 'large attributes');
	const image = join(place, 'image');
	const from = join(place, 'from');
	mkdirSync(from, { recursive: true });
	await sh(`truncate -s 400M from.image image; mkfs.xfs -q from.image; mkfs.xfs -q image
		mount -o loop from.image from`, place);
	try {
		await sh(`echo f > from/f
			for size in 3000 20000 49000; do setfattr -n user.$size -v "$(head -c $((size * 3 / 4)) /dev/urandom | base64 -w 0)" from/f; done
			touch -d '2001-02-03 04:05:06.123456789' from/f`, place);
		const expected = await describe(from, { kept: 'attributes', times: 9 });
		t.deepEqual(await tool('cptofs', ['-i', image, `${from}/*`, '/']), { exitCode: 0, stdout: '', stderr: '' });
		await sh('mkdir got; mount -o loop,ro image got', place);
		try {
			t.deepEqual(differences(await describe(join(place, 'got'), { kept: 'attributes', times: 9 }), expected), []);
		} finally {
			await sh('umount got', place);
		}
		t.deepEqual(await tool('cpfromfs', ['-i', image, '/f', join(from, 'g')]), { exitCode: 0, stdout: '', stderr: '' });
		await sh('test "$(getfattr -d f | tail -n +2)" = "$(getfattr -d g | tail -n +2)"', from);
	} finally {
		await sh('umount from', place);
	}
});
