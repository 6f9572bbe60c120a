// SPDX-License-Identifier: GPL-2.0
// process.test.ts - The API and the life of a process: what keeps it, how it ends, what is left

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import test from 'ava';
import { execa } from 'execa';

import { sh } from '../../fs/tools.js';
import { folder, makeImage } from './kernel.js';

const TOP = fileURLToPath(new URL('../../../../../', import.meta.url));

/** Runs a module; the modules of the project can be imported. */
async function run(code: string, ...args: string[]): Promise<{ exitCode: number | undefined; stdout: string; stderr: string; timedOut: boolean; signal: string | undefined }> {
	const { exitCode, stdout, stderr, timedOut, signal } = await execa(process.execPath, ['--input-type=module', '-e', code, ...args], { cwd: TOP, reject: false, timeout: 60_000, killSignal: 'SIGKILL' });
	return { exitCode, stdout, stderr, timedOut, signal };
}

const IMPORT = "import { Kernel, SettingsError } from 'lkl-hijack';";
const ENDS = { exitCode: 0, timedOut: false, stderr: '' };

test('a process ends when nothing is open, with what was written on the disk', async (t) => {
	const image = await makeImage('ext4', 'left');
	t.like(await run(`${IMPORT}
		const kernel = await Kernel.start();
		const disk = await kernel.addDisk({ image: process.argv[1] });
		const { path } = await disk.mount();
		await kernel.fs.writeFile(path + '/f', 'written');
		console.log(await kernel.fs.readFile(path + '/f', 'utf8'));`, image), { ...ENDS, stdout: 'written' });
	await sh('e2fsck -fn left', folder);
	t.is(await sh('debugfs -R "cat /f" left 2> /dev/null; dumpe2fs -h left 2> /dev/null | grep -c needs_recovery || true', folder), 'written0');
});

test('process.exit() in the middle of things', async (t) => {
	t.like(await run(`${IMPORT}
		const kernel = await Kernel.start();
		kernel.net.createServer().listen(80, () => process.exit(7));`), { exitCode: 7, timedOut: false, stderr: '' });
});

test('sockets keep a process, unless they are told not to', async (t) => {
	t.like(await run(`${IMPORT}
		const kernel = await Kernel.start();
		const server = kernel.net.createServer((socket) => socket.end('bye')).listen(80, () => {
			const client = kernel.net.connect({ port: 80 });
			client.resume().on('end', () => { console.log('end'); server.close(); });
		});`), { ...ENDS, stdout: 'end' });
	t.like(await run(`${IMPORT}
		const kernel = await Kernel.start();
		kernel.net.createServer().unref().listen(80, () => console.log('listening'));
		setTimeout(() => {}, 1000);`), { ...ENDS, stdout: 'listening' });
});

test('halt ends what waits', async (t) => {
	t.like(await run(`${IMPORT}
		const kernel = await Kernel.start();
		const server = kernel.net.createServer();
		server.on('error', ({ code }) => { console.log(code); server.close(); });
		server.listen(80, async () => {
			await kernel.halt();
			await kernel.halt();
			await kernel.fs.readFile('/x').catch(({ code }) => console.log(code));
		});`), { ...ENDS, stdout: 'ENODEV\nENODEV' });
});

test('one kernel in a process', async (t) => {
	t.like(await run(`${IMPORT}
		await Kernel.start();
		await Kernel.start().catch(({ message }) => console.log(message));`), { ...ENDS, stdout: 'There is one kernel in a process: it was started before' });
});

test('settings that are wrong are all told, and nothing is started', async (t) => {
	t.like(await run(`${IMPORT}
		await Kernel.start({ memori: 1, sysctl: 'x', interfaces: [{ type: 'tap', param: 'x', masklen: 99 }] })
			.catch((error) => console.log(error instanceof SettingsError, error.problems.join('\\n')));
		await Kernel.start({ memory: 1 }).catch(({ message }) => console.log(message));
		await Kernel.start({ interfaces: [{ type: 'tap', param: 'nosuchtap', ip: '192.168.13.2', masklen: 24 }] }).catch(({ message }) => console.log(message));`), {
		...ENDS,
		stdout: [
			'true memori: no such setting',
			'sysctl=x: expected entries as net.ipv4.tcp_sack=1;...',
			'interfaces[0].masklen=99: expected 1 to 32',
			'memory=1: expected a number of MiB, at least 32',
			'interfaces[0].param=nosuchtap: tap: nosuchtap: no such device; create it: ip tuntap add dev nosuchtap mode tap user 0',
		].join('\n'),
	});
});

test('signals end the process as usual', async (t) => {
	t.like(await run(`${IMPORT}
		const kernel = await Kernel.start();
		process.on('SIGTERM', () => { console.log('handled'); process.exit(3); });
		kernel.net.createServer().listen(80, () => process.kill(process.pid, 'SIGTERM'));`), { exitCode: 3, stdout: 'handled', stderr: '' });
});

for (const example of readdirSync(join(TOP, 'examples'))) {
	test(`example: ${example}`, async (t) => {
		await sh(`truncate -s 64M ${example}.img; mkfs.ext4 -q ${example}.img`, folder);
		const { exitCode, stdout, stderr } = await execa(process.execPath, [join(TOP, 'examples', example), join(folder, `${example}.img`)], { reject: false, timeout: 60_000 });
		t.is(exitCode, 0, stderr);
		t.is(stderr, '');
		t.not(stdout, '');
	});
}
