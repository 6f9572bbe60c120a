// SPDX-License-Identifier: GPL-2.0
// atomic.ts - Work on a copy of an image, which takes its place when all went well

import { execFile } from 'node:child_process';
import { lstat, realpath, rename, rm } from 'node:fs/promises';
import { promisify } from 'node:util';

import { Failure } from '../launcher/failure.js';
import { STATUS } from './tool.js';

const start = promisify(execFile);

/** A copy beside the image, sharing its storage if the host's file system can, with its holes in any case. */
async function copyOf(image: string): Promise<string> {
	const copy = `${image}.${process.pid}.tmp`;

	if (!(await lstat(image)).isFile()) {
		throw new Failure(STATUS.failed, `${image}: only an image file can be replaced as a whole`);
	}
	try {
		await start('cp', ['--reflink=auto', '--sparse=always', '--preserve=all', '--', image, copy]);
	} catch (error) {
		await rm(copy, { force: true });
		throw error;
	}
	return copy;
}

/** Has `work` do its work on a copy; it returns an exit status, and only if that is 0 the copy is kept. */
export async function replaceWhenDone(image: string, work: (copy: string) => Promise<number>): Promise<number> {
	const original = await realpath(image).catch(() => {
		throw new Failure(STATUS.failed, `${image}: no such file`);
	});
	const copy = await copyOf(original);
	try {
		const status = await work(copy);
		if (status === STATUS.done) {
			await rename(copy, original);
		}
		return status;
	} finally {
		await rm(copy, { force: true });
	}
}
