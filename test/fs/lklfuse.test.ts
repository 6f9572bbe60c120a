// SPDX-License-Identifier: GPL-2.0
// lklfuse.test.ts - What is done with the files of an image that is mounted

import { chmodSync, closeSync, fstatSync, linkSync, mkdirSync, openSync, readFileSync, readSync, renameSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import type { ExecutionContext } from 'ava';

import { isSound, makeImage } from './ext4.js';
import { command, type FileSystem, WRITABLE } from './file-systems.js';
import { fuseTest, mounted } from './fuse.js';
import { makeFolder, sh, tool } from './tools.js';
import { describe, differences, makeTree } from './trees.js';

const folder = makeFolder();

async function roundTrip(t: ExecutionContext, { type, make, check = 'true', kept, times }: FileSystem): Promise<void> {
	const place = join(folder, type);
	const look = { kept, times };
	mkdirSync(join(place, 'copied'), { recursive: true });
	await makeTree(place, kept);
	await sh(command(make, 'image'), place);
	const expected = await describe(join(place, 'tree'), look);

	await mounted(place, `type=${type}`, async (directory) => {
		await sh(`cp -r --preserve=${kept === 'basic' ? 'timestamps' : 'all'} tree/. mnt/`, place);
		t.deepEqual(differences(await describe(directory, look), expected), [], 'as it was written');
	});
	await t.notThrowsAsync(sh(command(check, 'image'), place), 'fsck');
	await mounted(place, 'ro', async (directory) => {
		t.deepEqual(differences(await describe(directory, look), expected), [], 'mounted again');
	});
	t.like(await tool('cpfromfs', ['-i', 'image', '--exclude=lost+found', '/*', 'copied'], { cwd: place }), { exitCode: 0, stderr: '' });
	t.deepEqual(differences(await describe(join(place, 'copied'), look), expected), [], 'another tool');
}

for (const fileSystem of WRITABLE.filter(({ type, name }) => ['ext4', 'xfs', 'btrfs', 'vfat'].includes(type) && name === undefined)) {
	fuseTest(`${fileSystem.type}: what is written is there`, roundTrip, fileSystem);
}

fuseTest('a deleted file is there while it is open, a deleted directory while it is used', async (t) => {
	const { place } = await makeImage();
	await mounted(place, 'mb=32', async (directory) => {
		const file = join(directory, 'file');
		writeFileSync(file, 'contents');
		const { ino } = statSync(file);
		const fd = openSync(file, 'r+');
		rmSync(file);
		// More than the kernel keeps descriptors for.
		await sh('mkdir d; cd d; seq 1500 | xargs touch; ls -l > /dev/null', directory);
		t.is(fstatSync(fd).ino, ino);
		t.is(fstatSync(fd).nlink, 0);
		writeSync(fd, 'CON', 0);
		t.is(readSync(fd, Buffer.alloc(8), 0, 8, 0), 8);
		closeSync(fd);
		t.is(await sh('mkdir gone; cd gone; rmdir ../gone; ls -l ../d > /dev/null; stat -c %h .', directory), '0');
	});
	await isSound(t, place);
});

for (const [type, make] of [['ext4', 'mkfs.ext4 -q image'], ['vfat', 'mkfs.vfat image > /dev/null']] as const) {
	fuseTest(`${type}: more files than the kernel keeps open`, async (t) => {
		const place = join(folder, `many-${type}`);
		mkdirSync(place);
		await sh(`truncate -s 64M image; ${make}`, place);
		await mounted(place, 'mb=32', async (directory) => {
			await sh('for d in 1 2 3 4; do mkdir -p a/b/$d; for i in $(seq 800); do echo $d $i > a/b/$d/$i; done; done', directory);
			// Directories whose descriptors have been closed meanwhile: one in use, renamed ones.
			t.is(await sh('cd a/b/1; ls -l ../2 ../3 ../4 > /dev/null; mv ../../../a ../../../z; ls -l ../4 ../3 ../2 > /dev/null; cat 77; stat -c %F .', directory), '1 77\ndirectory');
			t.is(await sh('cat z/b/[1-4]/[1-9]* | sort | md5sum', directory), await sh('for d in 1 2 3 4; do for i in $(seq 800); do echo $d $i; done; done | sort | md5sum', place));
		});
	});
}

fuseTest('links, renames, attributes of chattr', async (t) => {
	const { place } = await makeImage();
	await mounted(place, 'type=ext4', async (directory) => {
		const [a, b, c] = ['a', 'b', 'c'].map((name) => join(directory, name)) as [string, string, string];
		writeFileSync(a, 'a');
		linkSync(a, b);
		t.is(statSync(a).ino, statSync(b).ino);
		t.is(statSync(a).nlink, 2);
		rmSync(a);
		t.is(statSync(b).nlink, 1);
		writeFileSync(c, 'c');
		renameSync(b, c);
		t.is(readFileSync(c, 'utf8'), 'a');
		t.throws(() => statSync(b), { code: 'ENOENT' });
		t.is(await sh('echo d > d; mv -n c d; cat c d', directory), 'ad');
		await sh('chattr +i d', directory);
		t.throws(() => {
			writeFileSync(join(directory, 'd'), 'x');
		}, { code: 'EPERM' });
		await sh('chattr -i +a d; echo more >> d', directory);
		t.is(await sh('cat d; lsattr d | cut -c 1-6', directory), 'd\nmore\n-----a');
		await sh('chattr -a d', directory);
	});
	await isSound(t, place);
});

fuseTest('holes are found, made and copied', async (t) => {
	const place = join(folder, 'holes');
	mkdirSync(place);
	await sh('truncate -s 400M image; mkfs.xfs -q image', place);
	await mounted(place, 'type=xfs', async (directory) => {
		// Open for writing all the while: what has just been written is no hole.
		t.deepEqual((await sh('xfs_io -f -c "pwrite -q 1m 64k" -c "seek -a -r 0" file', directory)).split('\n').slice(1), ['HOLE\t0', 'DATA\t1048576', 'HOLE\t1114112']);
		await sh('xfs_io -c "fpunch 1m 32k" -c "falloc 4m 1m" -c "copy_range -d 8m -s 1m -l 64k file" file', directory);
		t.is(await sh('stat -c %s file; xfs_io -r -c "seek -d -r 0" file | sed -n 2p', directory), `${(8 << 20) + (64 << 10)}\nDATA\t1081344`);
		await sh('cmp -i 1048576:8388608 -n 65536 file file', directory);
		t.throws(() => {
			chmodSync(join(directory, 'none'), 0o600);
		}, { code: 'ENOENT' });
	});
	await t.notThrowsAsync(sh('xfs_repair -n image 2> /dev/null', place));
});

fuseTest('several write at once', async (t) => {
	const { place } = await makeImage('200M');
	await sh('for i in $(seq 8); do head -c 4M /dev/urandom > $i; done', place);
	await mounted(place, 'type=ext4', async () => {
		await sh('work() { for n in $(seq 5); do cp $1 mnt/$1.$n; cmp $1 mnt/$1.$n; mv mnt/$1.$n mnt/$1; done; dd if=$1 of=mnt/$1.small bs=7000 status=none; }\nfor i in $(seq 8); do work $i & pids="${pids-} $!"; done; for pid in $pids; do wait $pid; done', place);
	});
	await isSound(t, place);
	await mounted(place, 'ro', async () => {
		await t.notThrowsAsync(sh('for i in $(seq 8); do cmp $i mnt/$i; cmp $i mnt/$i.small; done', place));
	});
});
