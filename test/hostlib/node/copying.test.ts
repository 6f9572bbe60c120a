// SPDX-License-Identifier: GPL-2.0
// copying.test.ts - Whole trees between the host and a kernel that goes on with other things

import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import test from 'ava';

import type { Progress } from '../../../hostlib/node/index.js';
import { rootTest, sh } from '../../fs/tools.js';
import { describe, differences, makeTree } from '../../fs/trees.js';
import { folder, mountNew, startKernel } from './kernel.js';

const starting = startKernel();
const mounted = starting.then((kernel) => mountNew(kernel, 'ext4'));

rootTest('in, out and to an archive, everything is kept', async (t) => {
	const mount = await mounted;
	const at = (name: string): string => join(folder, name);

	await makeTree(folder, 'attributes');
	const copied = await mount.copyIn(at('tree'), '/');
	t.deepEqual(copied.messages, []);
	t.true(copied.files > 300 && copied.bytes > 3_000_000 && copied.failed === 0);
	await mkdir(at('out'));
	await mount.copyOut('/tree', at('out'));
	const archived = await mount.fs2tar(at('archive.tar'), { exclude: ['lost+found'] });
	t.true(archived.files > 300);
	await sh('mkdir untarred; tar xf archive.tar --xattrs --xattrs-include="*" --acls --sparse -C untarred', folder);

	const look = { kept: 'attributes', times: 9 } as const;
	const expected = await describe(at('tree'), look);
	t.deepEqual(differences(await describe(at('out/tree'), look), expected), []);
	t.deepEqual(differences(await describe(at('untarred/tree'), look), expected), []);
});

test('progress, and other calls meanwhile', async (t) => {
	const kernel = await starting;
	const mount = await mounted;
	const seen: Progress[] = [];

	await sh('mkdir large; head -c 60M /dev/zero | tee large/a > large/b', folder);
	const state = { done: false };
	const copying = mount.copyIn(join(folder, 'large'), '/', {
		totals: true,
		onProgress: (progress) => seen.push(progress),
	}).finally(() => {
		state.done = true;
	});
	let calls = 0;
	while (!state.done) {
		await kernel.fs.stat(mount.path);
		calls++;
	}
	t.like(await copying, { files: 3, bytes: 120 << 20, totalBytes: 120 << 20, failed: 0 });
	t.true(calls > 3, `${calls} calls`);
	t.like(seen.at(-1), { bytes: 120 << 20, totalBytes: 120 << 20 });
	t.is((await kernel.fs.stat(`${mount.path}/large/b`)).size, 60 << 20);
});

test('an AbortSignal ends the work', async (t) => {
	const mount = await mounted;
	const controller = new AbortController();

	await sh('mkdir many; cd many; seq 20000 | xargs touch', folder);
	const error = await t.throwsAsync(mount.copyIn(join(folder, 'many'), '/', {
		signal: controller.signal,
		onProgress: ({ files }) => {
			if (files > 0) {
				controller.abort();
			}
		},
	}));
	t.like(error, { name: 'AbortError', code: 'ABORT_ERR' });
	await t.throwsAsync(mount.fs2tar('/dev/null', { signal: AbortSignal.abort() }), { name: 'AbortError' });
});

test('what fails is told', async (t) => {
	const mount = await mounted;

	t.like(await mount.copyIn('/nonexistent', '/'), { failed: 1, files: 0, messages: ['nonexistent: cannot look at it: No such file or directory'] });
	t.like(await t.throwsAsync(mount.copyIn('/etc/hostname', '/none/none/')), { code: 'ENOENT', syscall: 'copy_in', messages: ['/none/none/: cannot copy to it: No such file or directory'] });
	await t.throwsAsync(mount.fs2tar('/nonexistent/archive'), { code: 'ENOENT' });
	await t.throwsAsync((await starting).addDisk({ image: '/nonexistent' }), { code: 'ENOENT', message: "ENOENT: no such file or directory, open '/nonexistent'" });
	await t.throwsAsync((await starting).addDisk({ image: mount.disk.image }), { code: 'EAGAIN' });
	await sh('head -c 1M /dev/zero > empty', folder);
	const empty = await (await starting).addDisk({ image: join(folder, 'empty') });
	t.like(await t.throwsAsync(empty.mount()), { code: 'EMEDIUMTYPE', syscall: 'mount' });
	await t.throwsAsync(empty.mount({ partition: 3 }), { code: 'ENXIO' });
	await t.throwsAsync(empty.mount({ type: 'nosuchfs' }), { code: 'ENODEV' });
	await empty.remove();
});

test('a scratch disk leaves the image alone', async (t) => {
	const kernel = await starting;
	await sh('truncate -s 64M scratch; mkfs.ext4 -q scratch', folder);
	const image = join(folder, 'scratch');
	const before = await readFile(image);
	const disk = await kernel.addDisk({ image, scratch: true });
	const mount = await disk.mount();

	await kernel.fs.writeFile(`${mount.path}/f`, 'lost');
	t.is(await kernel.fs.readFile(`${mount.path}/f`, 'utf8'), 'lost');
	await disk.remove();
	t.true((await readFile(image)).equals(before));
	t.is((await stat(image)).size, 64 << 20);
});
