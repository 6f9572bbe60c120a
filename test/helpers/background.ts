// SPDX-License-Identifier: GPL-2.0
// background.ts - Commands that run beside a test, and end with it at the latest

import { setTimeout as sleep } from 'node:timers/promises';

import type { ExecutionContext } from 'ava';
import { execa } from 'execa';

import type { Command } from './command.js';

/** Ends what has outlived all tests. */
const LIFETIME = 240_000;
const READY_LIMIT = 20_000;
const READY_STEP = 10;

/** How much of what it wrote is shown when the test has failed. */
const MAX_LOG = 4000;

/** A command under way. */
export interface Background {
	readonly pid: number;
	/** What it has written so far, both streams. */
	output(): string;
	/** Has it ended? */
	ended(): boolean;
	/** Its exit status, when it has ended; undefined if it was ended by a signal. */
	status(): Promise<number | undefined>;
	/** Ends it, and waits until it has. */
	stop(signal?: NodeJS.Signals): Promise<void>;
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
	try {
		process.kill(-pid, signal);
	} catch {
		// All of them have ended.
	}
}

/** Starts a command; `group`: its children are ended with it. */
export function start(t: ExecutionContext, [file = '', ...args]: Command, { group = false } = {}): Background {
	const child = execa(file, args, {
		all: true, reject: false, buffer: false, stdin: 'pipe', timeout: LIFETIME, killSignal: 'SIGKILL', detached: group,
	});
	const result = child.then(({ exitCode }) => {
		over = true;
		return exitCode;
	});
	let written = '';
	let over = false;

	child.all.on('data', (bytes: Buffer) => {
		written += bytes.toString('latin1');
	});
	const { pid } = child;
	if (pid === undefined) {
		throw new Error(`${file} cannot be started`);
	}
	const background: Background = {
		pid,
		output: () => written,
		ended: () => over,
		status: () => result,
		async stop(signal = 'SIGKILL') {
			if (group) {
				killGroup(pid, signal);
			} else {
				child.kill(signal);
			}
			await result;
		},
	};
	t.teardown(async () => {
		await background.stop();
		if (!t.passed && written !== '') {
			t.log(`${[file, ...args].join(' ')}:\n${written.slice(-MAX_LOG)}`);
		}
	});
	return background;
}

/** Waits until something holds; `what` is said if it does not come true. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, limit = READY_LIMIT): Promise<void> {
	const end = Date.now() + limit;

	while (!await holds()) {
		if (Date.now() > end) {
			throw new Error(`not within ${limit} ms: ${what}`);
		}
		await sleep(READY_STEP);
	}
}
