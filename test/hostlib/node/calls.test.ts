// SPDX-License-Identifier: GPL-2.0
// calls.test.ts - kernel.fs: errors, calls that block, many calls at once

import { join } from 'node:path';

import test from 'ava';

import { sh } from '../../fs/tools.js';
import { folder, mountNew, startKernel } from './kernel.js';

const starting = startKernel();
const ext4 = starting.then((kernel) => mountNew(kernel, 'ext4'));

test.serial('errors have what those of Node have', async (t) => {
	const { fs } = await starting;

	t.like(await t.throwsAsync(fs.readFile('/none')), { code: 'ENOENT', errno: -2, syscall: 'open', path: '/none', message: "ENOENT: no such file or directory, open '/none'" });
	t.like(await t.throwsAsync(fs.rename('/none', '/x')), { code: 'ENOENT', syscall: 'rename', path: '/none', dest: '/x', message: "ENOENT: no such file or directory, rename '/none' -> '/x'" });
	t.like(await t.throwsAsync(fs.readFile('/')), { code: 'EISDIR', syscall: 'read' });
	t.like(await t.throwsAsync(fs.readdir('/none')), { code: 'ENOENT', syscall: 'scandir' });
	t.like(await t.throwsAsync(fs.rmdir('/')), { code: 'EBUSY', syscall: 'rmdir' });
	t.like(await t.throwsAsync(fs.stat(`/${'x'.repeat(5000)}`)), { code: 'ENAMETOOLONG', syscall: 'stat' });
	await t.throwsAsync(fs.open('/x', 'q'), { code: 'ERR_INVALID_ARG_VALUE' });
	await t.throwsAsync(async () => fs.unlink('/a\0b'), { code: 'ERR_INVALID_ARG_VALUE' });
	await t.throwsAsync(fs.readFile('/', { signal: AbortSignal.abort() }), { code: 'ABORT_ERR', name: 'AbortError' });
});

test.serial('calls that block do not block others', async (t) => {
	const kernel = await starting;
	const { fs } = kernel;
	const { path } = await ext4;

	await kernel.fs.writeFile(`${path}/beside`, 'x');
	await makeFifos(8);
	const readers = Array.from({ length: 8 }, (_, index) => fs.readFile(`${path}/fifo${index}`, 'utf8'));
	for (let times = 0; times < 100; times++) {
		t.is(await fs.readFile(`${path}/beside`, 'utf8'), 'x');
	}
	await Promise.all(readers.map((_, index) => fs.writeFile(`${path}/fifo${index}`, `to ${index}`)));
	t.deepEqual(await Promise.all(readers), readers.map((_, index) => `to ${index}`));
});

/** There is no mkfifo() in Node: they are made on the host, and copied. */
async function makeFifos(count: number): Promise<void> {
	const mount = await ext4;
	await sh(`for i in $(seq 0 ${count - 1}); do mkfifo fifo$i; done`, folder);
	await mount.copyIn(Array.from({ length: count }, (_, index) => join(folder, `fifo${index}`)), '/');
}

test.serial('10,000 files at once', async (t) => {
	const { fs } = await starting;
	const { path } = await ext4;
	const names = Array.from({ length: 10_000 }, (_, index) => `${path}/many/${index}`);

	await fs.mkdir(`${path}/many`);
	await Promise.all(names.map((name) => fs.writeFile(name, name)));
	const contents = await Promise.all(names.map((name) => fs.readFile(name, 'utf8')));
	t.deepEqual(contents, names);
});

test.serial('what was written is in the image', async (t) => {
	const { fs } = await starting;
	const { path, disk } = await mountNew(await starting, 'btrfs');

	await fs.writeFile(`${path}/last`, 'written');
	await disk.remove();
	const again = await (await starting).addDisk({ image: disk.image, readOnly: true });
	const mount = await again.mount();
	t.is(await fs.readFile(`${mount.path}/last`, 'utf8'), 'written');
	await t.throwsAsync(fs.writeFile(`${mount.path}/x`, ''), { code: 'EROFS' });
	await again.remove();
	await sh('btrfs check btrfs 2>&1', folder);
	t.pass();
});
