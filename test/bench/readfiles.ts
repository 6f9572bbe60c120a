// SPDX-License-Identifier: GPL-2.0
// readfiles.ts - Whole small files per second; usage: node readfiles.js FOLDER AT_ONCE SECONDS
//
// 10,000 files of 1 KiB, in an ext4 image that the API has mounted and in FOLDER of the host, are read for some
// seconds, AT_ONCE at a time. All is in the page caches.

import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';

import { Kernel } from '../../hostlib/node/index.js';

const FILES = 10_000;
const SIZE = 1024;

const [, , folder = '.', atOnce = '1', seconds = '1'] = process.argv;

interface Files {
	readonly mkdir: (path: string) => Promise<unknown>;
	readonly writeFile: (path: string, data: Buffer) => Promise<void>;
	readonly readFile: (path: string) => Promise<Buffer>;
}

async function make({ mkdir, writeFile }: Files, path: string): Promise<string[]> {
	const names = Array.from({ length: FILES }, (_, index) => `${path}/files/${index}`);
	await mkdir(`${path}/files`);
	for (const name of names) {
		await writeFile(name, Buffer.alloc(SIZE));
	}
	return names;
}

/** Files per second. */
async function rate({ readFile }: Files, names: readonly string[]): Promise<number> {
	const end = performance.now() + Number(seconds) * 1000;
	let next = 0;
	const begin = performance.now();

	await Promise.all(Array.from({ length: Number(atOnce) }, async () => {
		while (performance.now() < end) {
			const { length } = await readFile(names[next++ % FILES] ?? '');
			if (length !== SIZE) {
				throw new Error(`expected ${SIZE} bytes, got ${length}`);
			}
		}
	}));
	return next / (performance.now() - begin) * 1000;
}

execFileSync('sh', ['-c', 'truncate -s 200M image && PATH=$PATH:/sbin:/usr/sbin mkfs.ext4 -q -F image'], { cwd: folder });
const kernel = await Kernel.start();
const mount = await (await kernel.addDisk({ image: `${folder}/image` })).mount();
const { fs } = kernel;
const lkl: Files = { mkdir: (path) => fs.mkdir(path), writeFile: (path, data) => fs.writeFile(path, data), readFile: (path) => fs.readFile(path) };
const host: Files = { mkdir, writeFile, readFile };
const names = { lkl: await make(lkl, mount.path), host: await make(host, folder) };

process.stdout.write(`lkl ${await rate(lkl, names.lkl)}\nhost ${await rate(host, names.host)}\n`);
await kernel.halt();
