// SPDX-License-Identifier: GPL-2.0
// lklfuse-mount.test.ts - How images are mounted, by whom, and how that ends

import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import { isSound, makeImage } from './ext4.js';
import { fuseTest, mount, mounted, released } from './fuse.js';
import { hash, programPath, sh, startTool, tool } from './tools.js';

fuseTest('a signal unmounts, also what is in use', async (t) => {
	for (const signal of ['SIGTERM', 'SIGINT'] as const) {
		const { place, image } = await makeImage();
		const directory = join(place, 'mnt');
		mkdirSync(directory);
		const { child, ended } = startTool('lklfuse', ['-f', image, directory]);
		await sh('until mountpoint -q mnt; do sleep 0.05; done', place);
		const fd = openSync(join(directory, 'file'), 'w');
		writeSync(fd, 'contents');
		child.kill(signal);
		t.is(await ended, 0, signal);
		t.throws(() => writeSync(fd, 'more'), { code: 'ENOTCONN' });
		t.throws(() => {
			closeSync(fd);
		}, { code: 'ENOTCONN' });
		await t.throwsAsync(sh('mountpoint -q mnt', place));
		await isSound(t, place);
		t.is(await sh('debugfs -R "cat file" image 2> /dev/null', place), 'contents');
	}
});

fuseTest('an image is mounted once, or several times read-only', async (t) => {
	const { place, image } = await makeImage();
	await sh('mkdir other', place);
	const again = async (options: string) => tool('lklfuse', ['image', 'other', '-o', options], { cwd: place });

	await mounted(place, 'type=ext4', async () => {
		const busy = { exitCode: 2, stderr: `lklfuse: ${image}: in use by another program` };
		t.like(await again('rw'), busy);
		t.like(await again('ro'), busy);
		t.like(await tool('cptofs', ['-i', 'image', 'other', '/'], { cwd: place }), { exitCode: 2 });
	});
	await mounted(place, 'ro', async () => {
		t.like(await tool('fs2tar', ['image', 'tar'], { cwd: place }), { exitCode: 0 });
		t.like(await again('rw'), { exitCode: 2 });
		t.like(await again('ro'), { exitCode: 0 });
		await sh('fusermount3 -u other', place);
	});
	await sh('cp image second', place);
	await mounted(place, 'lock=lock', async () => {
		t.like(await tool('lklfuse', ['second', 'other', '-o', 'lock=lock'], { cwd: place }), { exitCode: 2, stderr: 'lklfuse: lock: locked by another program' });
	});
});

fuseTest('read-only: nothing is changed, not even by the journal', async (t) => {
	const { place, image } = await makeImage();
	await mount(place);
	await sh('echo x > mnt/f; sync mnt/f; kill -KILL $(fuser image 2> /dev/null); fusermount3 -u -z mnt', place);
	await released(place);
	const before = await hash(image);
	await mounted(place, 'ro', (directory) => {
		t.is(readFileSync(join(directory, 'f'), 'utf8'), 'x\n');
		t.throws(() => {
			writeFileSync(join(directory, 'f'), 'y');
		}, { code: 'EROFS' });
	});
	t.is(await hash(image), before);
});

fuseTest('a partition, options of the file system, a log', async (t) => {
	const { place } = await makeImage('30M');
	await sh('mv image fs; truncate -s 64M image; printf "label:gpt\\nsize=30M\\n,30M\\n" | sfdisk -q image; dd if=fs of=image bs=1M seek=31 conv=notrunc status=none', place);
	await mounted(place, 'part=2,opts=errors=continue\\,stripe=2,log=log', (directory) => {
		writeFileSync(join(directory, 'f'), 'x');
	});
	await sh('dd if=image of=fs bs=1M skip=31 count=30 status=none; e2fsck -fn fs', place);
	t.is(await sh('debugfs -R "cat f" fs 2> /dev/null', place), 'x');
	t.regex(readFileSync(join(place, 'log'), 'utf8'), /EXT4-fs .*mounted filesystem/);
	t.like(await mount(place, 'part=3'), { exitCode: 2, stderr: `lklfuse: ${join(place, 'image')}: no partition 3` });
});

fuseTest('messages', async (t) => {
	const { place, image } = await makeImage();
	writeFileSync(join(place, 'text'), 'no file system '.repeat(10_000));
	await sh('cp image broken; dd if=/dev/urandom of=broken bs=1k seek=1 count=60 conv=notrunc status=none; printf "\\x53\\xef" | dd of=broken bs=1 seek=1080 conv=notrunc status=none; mkdir mnt', place);

	for (const [args, status, message] of [
		[[], 64, /^lklfuse: expected IMAGE MOUNTPOINT, got nothing$/m],
		[['image'], 64, /expected IMAGE MOUNTPOINT, got image$/m],
		[['image', 'mnt', '-o', 'mb=12x,part=-1'], 64, /^lklfuse: mb: expected a number from 32 to 65536, got "12x"\nlklfuse: part: expected a number from 0 to 1023, got "-1"$/m],
		[['image', 'mnt', '-o', 'nonsense=1'], 64, /nonsense=1/],
		[['none', 'mnt'], 2, /^lklfuse: none: No such file or directory$/],
		[['image', 'none'], 2, /^lklfuse: none: No such file or directory$/],
		[['image', 'text'], 2, /^lklfuse: .*text: Not a directory$/],
		[['text', 'mnt'], 2, /text: there is no file system that is known$/],
		[['broken', 'mnt', '-o', 'type=ext4'], 2, /^lklfuse: kernel: EXT4-fs .*\n?lklfuse: .*broken: /],
		[['image', 'mnt', '-o', 'type=xfs'], 2, /image: not a sound file system of type xfs$/],
		[['image', 'mnt', '-o', 'type=nofs'], 2, /nofs: no such file system type$/],
		[['image', 'mnt', '-o', 'opts=nonsense'], 2, /kernel: .*nonsense/],
		[['image', 'mnt', '-o', 'log=/none/log'], 2, /^lklfuse: \/none\/log: No such file or directory$/],
		[['-f', 'none', 'mnt'], 2, /^lklfuse: none: No such file or directory$/],
	] as const) {
		const { exitCode, stderr } = await tool('lklfuse', args, { cwd: place });
		t.is(exitCode, status, `${args.join(' ')}: ${stderr}`);
		t.regex(stderr, message);
	}
	t.like(await tool('lklfuse', ['--help']), { exitCode: 0, stderr: '' });
	await t.throwsAsync(sh('mountpoint -q mnt', place));
	t.true(existsSync(image));
});

fuseTest('without root: owners are those of the image, and so are permissions', async (t) => {
	const { place } = await makeImage();
	await mounted(place, 'type=ext4', async () => {
		await sh('cd mnt; mkdir open; chmod 1777 open; mkdir -m 2775 team; chown 0:4711 team; echo secret > secret; chmod 600 secret; echo public > public', place);
	});
	// As an ordinary host has it: everyone may open /dev/fuse.
	writeFileSync(join(place, 'user'), `
umask 027
'${programPath('lklfuse')}' image mnt
cat mnt/public
cat mnt/secret 2>&1 || true
touch mnt/f 2>&1 || true
echo mine > mnt/open/f
mkdir mnt/team/d
touch mnt/team/f
stat -c '%n %u %g %a' mnt/open/f mnt/team/d mnt/team/f
chown 0 mnt/open/f 2>&1 || true
fusermount3 -u mnt
`);
	const output = await sh(`
chmod 711 ..; chmod 777 . mnt; chmod 666 image
unshare -m bash -euc 'mknod dev c 10 229; chmod 666 dev; mount --bind dev /dev/fuse
	setpriv --reuid 65534 --regid 65534 --groups 4711 bash -eu user'
flock -w 60 image true`, place);
	t.deepEqual(output.split('\n'), [
		'public',
		'cat: mnt/secret: Permission denied',
		"touch: cannot touch 'mnt/f': Permission denied",
		'mnt/open/f 65534 65534 640',
		'mnt/team/d 65534 4711 2750',
		'mnt/team/f 65534 4711 640',
		"chown: changing ownership of 'mnt/open/f': Operation not permitted",
	]);
	await isSound(t, place);
});
