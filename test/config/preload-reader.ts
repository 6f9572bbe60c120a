// SPDX-License-Identifier: GPL-2.0
// preload-reader.ts - Ask the preload library's reader what it says of environments

import { fileURLToPath } from 'node:url';

import { execa } from 'execa';

const PROGRAM = fileURLToPath(new URL('../../../test/hostlib/tell_settings', import.meta.url));

export type Env = Readonly<Record<string, string>>;

/** What is wrong with each environment, given without LKL_HIJACK_. */
export async function preloadProblems(environments: readonly Env[]): Promise<string[][]> {
	const variables = environments.flatMap((env) => [...Object.entries(env).map(([name, value]) => `LKL_HIJACK_${name}=${value}`), '']);
	const { stdout } = await execa(PROGRAM, { input: variables.map((variable) => `${variable}\0`).join(''), stripFinalNewline: false });
	const answers: string[][] = [];
	let answer: string[] = [];

	for (const line of stdout.split('\n').slice(0, -1)) {
		if (line === '') {
			answers.push(answer);
			answer = [];
		} else {
			answer.push(line);
		}
	}
	return answers;
}
