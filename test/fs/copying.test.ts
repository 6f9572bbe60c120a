// SPDX-License-Identifier: GPL-2.0
// copying.test.ts - What cptofs and cpfromfs make of their arguments

import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';

import { isSound, list, makeImage } from './ext4.js';
import { hash, programPath, rootTest, sh, tool } from './tools.js';

test('sources are patterns, files and directories; the target is a directory or a name', async (t) => {
	const { place, image } = await makeImage();
	await sh('mkdir d; touch a1 a2 b d/x .hidden', place);

	t.is((await tool('cptofs', ['-i', image, 'a*', 'd', '/'], { cwd: place })).exitCode, 0);
	t.is(await list(place), 'a1 a2 d ');
	t.is((await tool('cptofs', ['-i', image, 'b', '/d/'], { cwd: place })).exitCode, 0);
	t.is((await tool('cptofs', ['-i', image, 'd', '/e'], { cwd: place })).exitCode, 0);
	t.is(await list(place, '/d'), 'b x ');
	t.is(await list(place, '/e'), 'x ');
	t.is((await tool('cptofs', ['-i', image, 'd/.', '/f'], { cwd: place })).exitCode, 0);
	t.is(await list(place, '/f'), 'x ');

	t.like(await tool('cptofs', ['-i', image, 'a1', 'b', '/nowhere'], { cwd: place }), { exitCode: 2 });
	t.like(await tool('cptofs', ['-i', image, 'none*', '/'], { cwd: place }), { exitCode: 2 });
	await isSound(t, place);
});

test('what is there is replaced, directories are merged', async (t) => {
	const { place, image } = await makeImage();
	await sh('mkdir d; echo one > d/a; ln d/a d/b; echo three > d/c', place);
	t.is((await tool('cptofs', ['-i', image, 'd', '/'], { cwd: place })).exitCode, 0);
	await sh('rm -r d; mkdir d; echo changed > d/a', place);
	t.is((await tool('cptofs', ['-i', image, 'd', '/'], { cwd: place })).exitCode, 0);

	t.is(await sh('for name in a b c; do debugfs -R "cat /d/$name" image 2> /dev/null; done', place), 'changed\none\nthree');
	await isSound(t, place);
});

test('hard links between sources are kept', async (t) => {
	const { place, image } = await makeImage();
	await sh('mkdir d; echo one > d/a; ln d/a b', place);
	t.is((await tool('cptofs', ['-i', image, 'd', 'b', '/'], { cwd: place })).exitCode, 0);
	t.regex(await sh('debugfs -R "stat /b" image 2> /dev/null', place), /Links: 2/);
	await isSound(t, place);
});

rootTest('owners, label and exclusions', async (t) => {
	const { place, image } = await makeImage();
	await sh('mkdir d; echo one > d/a; echo two > d/b.o; mkdir d/e; touch d/e/a', place);
	t.is((await tool('cptofs', ['-i', image, '-o', '12', '-g', '34', '-s', 'a_u:b_r:c_t:s0', '--exclude=*.o', '--exclude=e/a', 'd', '/'], { cwd: place })).exitCode, 0);

	t.is(await list(place, '/d'), 'a e ');
	t.is(await list(place, '/d/e'), '');
	t.regex(await sh('debugfs -R "stat /d/a" image 2> /dev/null', place), /User:\s+12\s+Group:\s+34/);
	t.like(await tool('fs2tar', ['-s', join(place, 'labels'), image, join(place, 'tar')]), { exitCode: 0 });
	t.regex(readFileSync(join(place, 'labels'), 'utf8'), /^\/d\/a a_u:b_r:c_t:s0$/m);
	await isSound(t, place);
});

test('links in an image lead to places in the image', async (t) => {
	const { place, image } = await makeImage();
	await sh('mkdir real; echo inside > real/f', place);
	symlinkSync('/real', join(place, 'link'));
	symlinkSync('/etc', join(place, 'out'));
	t.is((await tool('cptofs', ['-i', image, 'real', 'link', 'out', '/'], { cwd: place })).exitCode, 0);
	mkdirSync(join(place, 'got'));
	t.is((await tool('cpfromfs', ['-i', image, '/link/f', 'got'], { cwd: place })).exitCode, 0);
	t.is(readFileSync(join(place, 'got/f'), 'utf8'), 'inside\n');
	t.like(await tool('cpfromfs', ['-i', image, '/out/passwd', 'got'], { cwd: place }), { exitCode: 2 });
});

test('standard input into an image, and out of it to the standard output', async (t) => {
	const { place, image } = await makeImage();
	const cptofs = `'${programPath('cptofs')}'`;
	const cpfromfs = `'${programPath('cpfromfs')}'`;
	await sh(`head -c 20M /dev/urandom > random
		(head -c 1M random; sleep 1; tail -c +1048577 random) | ${cptofs} -i image - /f
		mkdir d; ln -s /f d/link; echo 1 > d/n1; echo 2 > d/n2
		${cptofs} -i image d / 
		echo new | ${cptofs} -i image -o 12 -g 34 - /d/n2
		${cpfromfs} -i image /d/link - | (sleep 1; cmp - random)
		test "$(${cpfromfs} -i image '/d/n*' -)" = "$(printf '1\\nnew')"`, place);
	t.regex(await sh('debugfs -R "stat /d/n2" image 2> /dev/null', place), /Mode:\s+0644.*User:\s+12\s+Group:\s+34/s);
	await isSound(t, place);

	for (const [name, args, status, message] of [
		['cptofs', ['-', 'd', '/'], 64, /expected "-" to be the only source, got - d/],
		['cptofs', ['-', '/d/'], 2, /\/d\/: cannot write it: Is a directory/],
		['cptofs', ['-', '/none/f'], 2, /\/none\/f: cannot write it: No such file/],
		['cpfromfs', ['/d', '-'], 2, /d: cannot read it: Is a directory/],
		['cpfromfs', ['/none', '-'], 2, /none: cannot read it: No such file/],
	] as const) {
		const { exitCode, stderr } = await tool(name, ['-i', image, ...args], { cwd: place });
		t.is(exitCode, status, stderr);
		t.regex(stderr, message);
	}
});

test('a partition', async (t) => {
	const { place } = await makeImage('30M');
	await sh('truncate -s 64M disk; printf "label:gpt\\nsize=30M\\n,30M\\n" | sfdisk -q disk; dd if=image of=disk bs=1M seek=31 conv=notrunc status=none; echo x > f', place);
	const disk = join(place, 'disk');
	t.is((await tool('cptofs', ['-i', disk, '-P', '2', 'f', '/'], { cwd: place })).exitCode, 0);
	await sh('dd if=disk of=image bs=1M skip=31 count=30 status=none', place);
	t.is(await list(place), 'f ');
	t.like(await tool('cptofs', ['-i', disk, '-P', '3', 'f', '/'], { cwd: place }), { exitCode: 2, stderr: `cptofs: ${disk}: no partition 3` });
});

test('--atomic changes the image only if all is well', async (t) => {
	const { place, image } = await makeImage('16M');
	await sh('mkdir d; head -c 30M /dev/urandom > d/large; echo small > small', place);
	const before = await hash(image);

	t.is((await tool('cptofs', ['--atomic', '-i', image, 'd', '/'], { cwd: place })).exitCode, 2);
	t.is(await hash(image), before);
	t.is((await tool('cptofs', ['--atomic', '-i', image, 'small', '/'], { cwd: place })).exitCode, 0);
	t.is(await list(place), 'small ');
	t.is(await sh('ls', place), 'd\nimage\nsmall');
	await isSound(t, place);
});
