// SPDX-License-Identifier: GPL-2.0
// launch.ts - Run the launcher, or a program as the launcher should run it

import { fileURLToPath } from 'node:url';

import { execa, type Options } from 'execa';

export const LAUNCHER = fileURLToPath(new URL('../../../bin/lkl-hijack', import.meta.url));

/** A program that says that it was started. */
export const PROGRAM = ['echo', 'started'] as const;

export type LaunchOptions = Pick<Options, 'env' | 'cwd' | 'uid' | 'gid'>;

/** How a program has ended; no status if by a signal. */
export interface Outcome {
	readonly exitCode: number | undefined;
	readonly stdout: string;
	readonly stderr: string;
}

/** Runs a program. */
export async function run(file: string, args: readonly string[], options: LaunchOptions = {}): Promise<Outcome> {
	const { exitCode, stdout, stderr } = await execa(file, args, { reject: false, stdin: 'ignore', timeout: 30_000, ...options });
	return { exitCode, stdout, stderr };
}

/** Runs the launcher. */
export function launch(args: readonly string[], options: LaunchOptions = {}): Promise<Outcome> {
	return run(LAUNCHER, args, options);
}
