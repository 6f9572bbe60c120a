// SPDX-License-Identifier: GPL-2.0
// exec.ts - Run commands that end in time, and servers that are there when they are needed

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

export type Command = readonly [string, ...string[]];

/** What a command writes to stderr: a file, so that nobody is woken to read it. Private, see world.ts. */
const STDERR = '/run/stderr';
const START_MS = 5000;

/** Runs a command that is to end by itself within some seconds; what it prints. */
export async function run([file, ...args]: Command, seconds: number): Promise<string> {
	const stderr = openSync(STDERR, 'w');
	const child = spawn(file, args, { stdio: ['ignore', 'pipe', stderr], timeout: seconds * 1000, killSignal: 'SIGKILL' });
	let stdout = '';

	closeSync(stderr);
	child.stdout?.setEncoding('utf8').on('data', (text: string) => {
		stdout += text;
	});
	await once(child, 'close');
	if (child.exitCode !== 0) {
		const how = child.killed ? `no end after ${seconds} s` : child.signalCode ?? `exit status ${child.exitCode ?? '?'}`;
		const lines = (await readFile(STDERR, 'utf8')).trimEnd().split('\n');
		throw new Error(`${[file, ...args].join(' ')}: ${how}: ${lines.at(-1) ?? ''}`);
	}
	return stdout;
}

/** Whether a port is taken in the network namespace of a process. */
async function isTaken(pid: number, port: number): Promise<boolean> {
	const local = `:${port.toString(16).toUpperCase().padStart(4, '0')} `;

	for (const table of ['tcp', 'tcp6', 'udp', 'udp6']) {
		const text = await readFile(`/proc/${pid}/net/${table}`, 'utf8').catch(() => '');
		if (text.split('\n').some((line) => line.slice(0, 48).includes(local))) {
			return true;
		}
	}
	return false;
}

/** Runs a task while a server is there, which listens on a port. */
export async function withServer<T>([file, ...args]: Command, port: number, task: () => Promise<T>): Promise<T> {
	const server = spawn(file, args, { stdio: 'ignore' });
	const ended = once(server, 'exit');
	const end = Date.now() + START_MS;

	try {
		while (server.pid === undefined || !await isTaken(server.pid, port)) {
			if (server.exitCode !== null || Date.now() > end) {
				throw new Error(`${[file, ...args].join(' ')}: does not listen on port ${port}`);
			}
			await Promise.race([ended, sleep(20)]);
		}
		return await task();
	} finally {
		server.kill('SIGKILL');
		await ended;
	}
}
