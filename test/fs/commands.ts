// SPDX-License-Identifier: GPL-2.0
// commands.ts - Run the tools, and scripts

import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { execa } from 'execa';

import type { Outcome } from '../bin/launch.js';

const BIN = fileURLToPath(new URL('../../../bin/', import.meta.url));

/** One of our tools. */
export type ToolName = 'fs2tar' | 'cptofs' | 'cpfromfs' | 'lklfuse';

/** Longer than any of it takes on a busy machine, shorter than a hang. */
const TIMEOUT_MS = 60_000;

/** Where one of our tools is. */
export function programPath(name: ToolName): string {
	return join(BIN, name);
}

/** Runs one of our tools; `exitCode` is undefined if it was ended by a signal or took too long. */
export async function tool(name: ToolName, args: readonly string[], options: { cwd?: string } = {}): Promise<Outcome> {
	const { exitCode, stdout, stderr } = await execa(programPath(name), args, { reject: false, stdin: 'ignore', timeout: TIMEOUT_MS, maxBuffer: 1e9, ...options });
	return { exitCode, stdout, stderr };
}

/** A tool that runs in the background. */
export interface Running {
	readonly child: ChildProcess;
	/** Its exit status, or null if it was killed. */
	readonly ended: Promise<number | null>;
}

/** Starts one of our tools in the background. */
export function startTool(name: ToolName, args: readonly string[]): Running {
	const child = spawn(programPath(name), args, { stdio: 'ignore' });
	return { child, ended: once(child, 'exit').then(([code]: unknown[]) => code as number | null) };
}

/** Runs a shell script that must succeed; its standard output. */
export async function sh(script: string, cwd: string): Promise<string> {
	const { stdout } = await execa('bash', ['-c', `set -eu -o pipefail\nPATH=$PATH:/usr/sbin:/sbin\n${script}`], { cwd, maxBuffer: 1e9 });
	return stdout;
}

/** The contents of a file, as far as one can tell by a hash. */
export async function hash(path: string): Promise<string> {
	const sum = createHash('sha256');
	for await (const chunk of createReadStream(path)) {
		sum.update(chunk as Buffer);
	}
	return sum.digest('hex');
}
