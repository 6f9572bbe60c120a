// SPDX-License-Identifier: GPL-2.0
// command.ts - Run commands, with an end to every wait
//
// A command is a list of words that starts with the program, so that what it is to run under
// (a namespace, the library) can be put in front of it.

import type { ExecutionContext } from 'ava';
import { execa, type Options } from 'execa';

export type Command = readonly string[];

/** How a command has ended. */
export interface Outcome {
	/** Exit status; undefined if it was ended by a signal. */
	readonly status: number | undefined;
	readonly stdout: string;
	readonly stderr: string;
	/** All of it in one text, for messages. */
	readonly report: string;
}

export type RunOptions = Pick<Options, 'cwd' | 'uid' | 'gid'> & {
	/** Milliseconds that it may take; then it is killed. */
	readonly limit?: number;
	readonly input?: string;
};

export const RUN_LIMIT = 20_000;

/** Runs a command to its end. */
export async function run([file = '', ...args]: Command, { limit = RUN_LIMIT, input = '', ...options }: RunOptions = {}): Promise<Outcome> {
	const { exitCode, stdout, stderr, timedOut, signal } = await execa(file, args, {
		reject: false, input, timeout: limit, killSignal: 'SIGKILL', ...options,
	});
	const end = timedOut ? `killed after ${limit} ms` : signal ?? `exit status ${exitCode ?? '?'}`;

	return { status: exitCode, stdout, stderr, report: `${[file, ...args].join(' ')}: ${end}\n${stdout}\n${stderr}` };
}

/** Runs a command that has to succeed; what it wrote. */
export async function succeed(t: ExecutionContext, command: Command, options?: RunOptions): Promise<string> {
	const { status, stdout, report } = await run(command, options);

	t.is(status, 0, report);
	return stdout;
}
