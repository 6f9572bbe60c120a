// SPDX-License-Identifier: GPL-2.0
// files.test.ts - kernel.fs: what node:fs/promises does, on file systems of the kernel

import { randomBytes } from 'node:crypto';

import { onEach, starting } from './on-each.js';

onEach('whole files of all sizes', async (t, path) => {
	const { fs } = await starting;

	for (const size of [0, 1, 16255, 16256, 16257, 100_000, 5 << 20]) {
		const bytes = randomBytes(size);
		await fs.writeFile(`${path}/f`, bytes);
		t.true((await fs.readFile(`${path}/f`)).equals(bytes), `${size}`);
		t.is((await fs.stat(`${path}/f`)).size, size);
	}
	await fs.writeFile(`${path}/text`, 'äöü');
	await fs.appendFile(`${path}/text`, '€', { flush: true });
	t.is(await fs.readFile(`${path}/text`, 'utf8'), 'äöü€');
	t.is(await fs.readFile(new URL(`file://${path}/text`), { encoding: 'utf8' }), 'äöü€');
	t.is(await fs.readFile(Buffer.from(`${path}/text`), 'utf8'), 'äöü€');
});

onEach('status, permissions, owners, times', async (t, path) => {
	const { fs } = await starting;
	const file = `${path}/status`;

	await fs.writeFile(file, 'x'.repeat(5000), { mode: 0o640 });
	await fs.chmod(file, '4755');
	await fs.chown(file, 1234, 5678);
	await fs.chmod(file, 0o4750);
	await fs.utimes(file, 981_173_106.5, 981_173_106_123_456_789n);
	const stats = await fs.stat(file);
	t.like(stats, { size: 5000, uid: 1234, gid: 5678, nlink: 1, atimeMs: 981_173_106_500 });
	t.is(stats.mode & 0o7777, 0o4750);
	t.true(stats.isFile() && !stats.isDirectory());
	t.is(stats.atime.toISOString(), '2001-02-03T04:05:06.500Z');
	const exact = await fs.stat(file, { bigint: true });
	t.is(exact.mtimeNs, 981_173_106_123_456_789n);
	t.is(exact.size, 5000n);
	await fs.utimes(file, new Date(-1500), -1n);
	t.is((await fs.stat(file, { bigint: true })).mtimeNs, -1n);
	await fs.symlink('status', `${path}/link`);
	await fs.lutimes(`${path}/link`, 1, 2);
	t.is((await fs.lstat(`${path}/link`)).mtimeMs, 2000);
	t.true((await fs.lstat(`${path}/link`)).isSymbolicLink());
	t.is(await fs.readlink(`${path}/link`), 'status');
	await fs.access(file, fs.constants.R_OK);
	await fs.truncate(file, 10);
	t.is((await fs.stat(file)).size, 10);
	const { bsize, blocks, bavail } = await fs.statfs(path);
	t.true(bsize >= 512 && blocks > bavail && bavail > 0);
});

onEach('directories and trees', async (t, path) => {
	const { fs } = await starting;
	const top = `${path}/tree`;

	t.is(await fs.mkdir(`${top}/a/b/c`, { recursive: true }), top);
	t.is(await fs.mkdir(`${top}/a/b/c`, { recursive: true }), undefined);
	t.is(await fs.mkdir(`${top}/d`), undefined);
	await Promise.all(Array.from({ length: 3000 }, (_, index) => fs.writeFile(`${top}/d/file number ${index}`, '')));
	await fs.writeFile(`${top}/a/b/f`, 'x');
	t.is((await fs.readdir(`${top}/d`)).length, 3000);
	t.deepEqual((await fs.readdir(top)).sort(), ['a', 'd']);
	const entries = await fs.readdir(`${top}/a/b`, { withFileTypes: true });
	t.deepEqual(entries.map((entry) => [entry.name, entry.isFile(), entry.isDirectory(), entry.parentPath]).sort(),
		[['c', false, true, `${top}/a/b`], ['f', true, false, `${top}/a/b`]]);
	t.deepEqual((await fs.readdir(`${top}/a`, { recursive: true })).sort(), ['b', 'b/c', 'b/f']);
	await fs.rename(`${top}/a/b/f`, `${top}/g`);
	await fs.link(`${top}/g`, `${top}/h`);
	t.is((await fs.stat(`${top}/h`)).nlink, 2);
	await fs.unlink(`${top}/g`);
	t.regex(await fs.mkdtemp(`${top}/temp-`), /\/temp-\w{6}$/);
	await t.throwsAsync(fs.rm(top), { code: 'EISDIR' });
	await fs.rm(top, { recursive: true });
	await fs.rm(top, { recursive: true, force: true });
	await t.throwsAsync(fs.rm(top), { code: 'ENOENT' });
});
