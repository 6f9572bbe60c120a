// SPDX-License-Identifier: GPL-2.0
// archives.test.ts - Archives of fs2tar, and its messages

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';

import { makeImage } from './ext4.js';
import { rootTest, sh, tool } from './tools.js';

rootTest('names of users in an archive are those of the image', async (t) => {
	const { place, image } = await makeImage();
	await sh('mkdir etc; echo one:x:4711:0::/:/bin/sh > etc/passwd; echo many:x:4712: > etc/group; touch f; chown 4711:4712 f', place);
	t.is((await tool('cptofs', ['-i', image, 'etc', 'f', '/'], { cwd: place })).exitCode, 0);

	await tool('fs2tar', [image, join(place, 'names.tar')]);
	t.regex(await sh('tar tvf names.tar ./f', place), /one\/many/);
	await tool('fs2tar', ['--numeric-owner', image, join(place, 'numbers.tar')]);
	t.regex(await sh('tar tvf numbers.tar ./f', place), /4711\/4712/);
});

test('to the standard output', async (t) => {
	const { place, image } = await makeImage();
	await sh('echo x > f', place);
	await tool('cptofs', ['-i', image, 'f', '/'], { cwd: place });
	const { exitCode, stdout } = await tool('fs2tar', [image, '-']);
	t.is(exitCode, 0);
	t.true(stdout.includes('./f'));
});

test('messages', async (t) => {
	const { place, image } = await makeImage();
	const archive = join(place, 'tar');
	writeFileSync(join(place, 'text'), 'no file system '.repeat(10_000));

	for (const [args, status, message] of [
		[[], 64, /expected IMAGE ARCHIVE, got nothing/],
		[['--no-such-option', image, archive], 64, /no-such-option/],
		[['-P', 'one', image, archive], 64, /--partition: expected a number from 0 to 1023, got "one"/],
		[[join(place, 'none'), archive], 2, /none: No such file or directory$/],
		[[join(place, 'text'), archive], 2, /text: there is no file system that is known$/],
		[['-t', 'xfs', image, archive], 2, /not a sound file system of type xfs$/],
		[['-t', 'nofs', image, archive], 2, /nofs: no such file system type$/],
		[['/dev/null', archive], 2, /neither an image file nor a block device$/],
		[['--options=nonsense', image, archive], 2, /kernel: .*nonsense/],
		[[image, '/none/tar'], 2, /\/none\/tar/],
		[[image, '/dev/full'], 2, /cannot write the archive: .*No space left on device/],
	] as const) {
		const { exitCode, stderr } = await tool('fs2tar', args);
		t.is(exitCode, status, `${args.join(' ')}: ${stderr}`);
		t.regex(stderr, message);
	}
	t.false(existsSync(archive));
});
