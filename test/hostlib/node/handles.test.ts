// SPDX-License-Identifier: GPL-2.0
// handles.test.ts - kernel.fs: open files, streams, extended attributes

import { randomBytes } from 'node:crypto';
import { pipeline } from 'node:stream/promises';

import { onEach, starting } from './on-each.js';

onEach('open files', async (t, path) => {
	const { fs } = await starting;
	const file = await fs.open(`${path}/open`, 'w+');

	t.is((await file.write('hello world')).bytesWritten, 11);
	await file.write(Buffer.from('W'), 0, 1, 6);
	const { bytesRead, buffer } = await file.read({ buffer: Buffer.alloc(20), position: 0 });
	t.is(buffer.toString('utf8', 0, bytesRead), 'hello World');
	t.is((await file.read(Buffer.alloc(5))).bytesRead, 0);
	await file.truncate(5);
	await file.datasync();
	await file.sync();
	t.is((await file.stat()).size, 5);
	t.is((await file.readFile()).length, 0);
	await file.close();
	await file.close();
	await t.throwsAsync(file.read(), { code: 'EBADF' });

	const again = await fs.open(`${path}/open`);
	t.is(await again.readFile('utf8'), 'hello');
	const all = await Promise.all([again.stat(), again.stat(), again.close()]);
	t.is(all[0].size, 5);
});

onEach('streams', async (t, path) => {
	const { fs } = await starting;
	const bytes = randomBytes(3_000_000);

	await pipeline(function *() {
		for (let at = 0; at < bytes.length; at += 70_000) {
			yield bytes.subarray(at, at + 70_000);
		}
	}, fs.createWriteStream(`${path}/stream`));
	const chunks: Buffer[] = [];
	for await (const chunk of fs.createReadStream(`${path}/stream`, { start: 1000, end: 2_999_999 })) {
		chunks.push(chunk as Buffer);
	}
	t.true(Buffer.concat(chunks).equals(bytes.subarray(1000)));

	let whole = 0;
	for await (const chunk of fs.createReadStream(`${path}/stream`)) {
		whole += (chunk as Buffer).length;
	}
	t.is(whole, bytes.length);

	const file = await fs.open(`${path}/stream`);
	let length = 0;
	for await (const chunk of file.createReadStream()) {
		length += (chunk as Buffer).length;
	}
	t.is(length, bytes.length);
	await t.throwsAsync(async () => {
		for await (const chunk of fs.createReadStream(`${path}/none`)) {
			t.fail(String(chunk));
		}
	}, { code: 'ENOENT' });
});

onEach('extended attributes', async (t, path) => {
	const { fs } = await starting;
	const file = `${path}/attributes`;

	await fs.writeFile(file, '');
	await fs.setxattr(file, 'user.name', 'value');
	await fs.setxattr(file, 'user.empty', '', { flag: 'create' });
	await t.throwsAsync(fs.setxattr(file, 'user.name', '', { flag: 'create' }), { code: 'EEXIST', message: /setxattr '.*attributes'/ });
	t.is((await fs.getxattr(file, 'user.name')).toString(), 'value');
	t.deepEqual((await fs.listxattr(file)).sort(), ['user.empty', 'user.name']);
	await fs.removexattr(file, 'user.name');
	t.like(await t.throwsAsync(fs.getxattr(file, 'user.name')), { code: 'ENODATA', errno: -61 });
});
