// SPDX-License-Identifier: GPL-2.0
// results.ts - What the tests hand to the program that writes the table

import { appendFileSync, readFileSync } from 'node:fs';

import { type Outcome, type Row } from './row.js';

/** How a row came out. */
export interface Result {
	readonly is: Outcome['is'] | 'skipped';
	/** Why not, if it does not work. */
	readonly why: string;
}

/** The file that the results go to, a line for each, if they are wanted. */
export const RESULTS_VARIABLE = 'LKL_COMPAT_RESULTS';

const keyOf = ({ program, command }: Row): string => `${program}: ${command}`;

/** Keeps a result, if anybody wants it. */
export function addResult(row: Row, result: Result): void {
	const path = process.env[RESULTS_VARIABLE];

	if (path !== undefined) {
		appendFileSync(path, `${JSON.stringify([keyOf(row), result])}\n`);
	}
}

/** The results in a file, by row. */
export function readResults(path: string): (row: Row) => Result | undefined {
	const lines = readFileSync(path, 'utf8').split('\n').filter((line) => line !== '');
	const results = new Map(lines.map((line) => JSON.parse(line) as [string, Result]));
	return (row) => results.get(keyOf(row));
}
