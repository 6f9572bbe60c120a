// SPDX-License-Identifier: GPL-2.0
// archives.test.ts - Archives of fs2tar, and its messages

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';

import { makeImage } from './ext4.js';
import { programPath, rootTest, sh, tool } from './tools.js';

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

test('to a pipe whose reader takes its time', async (t) => {
	const { place, image } = await makeImage();
	await sh('head -c 1M /dev/urandom > f', place);
	await tool('cptofs', ['-i', image, 'f', '/'], { cwd: place });
	await sh(`'${programPath('fs2tar')}' image - | (sleep 1; tar xf - ./f -O) | cmp - f`, place);
	t.pass();
});

for (const type of ['ext4', 'xfs']) {
	test(`100 GiB of ${type}`, async (t) => {
		const { place, image } = await makeImage();
		await sh(`rm image; truncate -s 100G image; mkfs.${type} -q image; echo far > f; truncate -s 80G hole; echo end >> hole`, place);
		t.like(await tool('cptofs', ['-i', image, 'f', 'hole', '/'], { cwd: place }), { exitCode: 0 });
		await sh(`'${programPath('fs2tar')}' image - | tar tvf - | grep -q ' 85899345924 .*/hole$'`, place);
		t.is(await sh(`'${programPath('cpfromfs')}' -i image /f -`, place), 'far');
		t.true(Number(await sh('du -m image | cut -f 1', place)) < 5000);
	});
}

test('memory does not grow with a file', async (t) => {
	const { place, image } = await makeImage('500M');
	await sh('head -c 300M /dev/zero > large', place);
	t.like(await tool('cptofs', ['-i', image, 'large', '/'], { cwd: place }), { exitCode: 0 });
	const peak = await sh(`python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' '${programPath('fs2tar')}' image /dev/null`, place);
	t.true(Number(peak) < 150 * 1024, `${peak} KiB`);
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
