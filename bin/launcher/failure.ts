// SPDX-License-Identifier: GPL-2.0
// failure.ts - Why the program was not started, and the exit status that says so

import { writeSync } from 'node:fs';

export const STDOUT = 1;
export const STDERR = 2;

/** Exit statuses: those of sysexits.h, and those of the shell for programs and for the end by SIGPIPE. */
export const EXIT = { usage: 64, software: 70, osError: 71, noPermission: 77, config: 78, notExecutable: 126, notFound: 127, nobodyReads: 141 } as const;

/** Ends the launcher with a message per line and an exit status. */
export class Failure extends Error {
	override readonly name = 'Failure';
	readonly lines: readonly string[];

	constructor(readonly status: number, ...lines: readonly string[]) {
		super(lines.join('\n'));
		this.lines = lines;
	}
}

/** Prints on a descriptor; there are no streams here, see no-streams.ts. */
export function printText(descriptor: number, text: string): void {
	let rest = Buffer.from(text);
	try {
		while (rest.length > 0) {
			rest = rest.subarray(writeSync(descriptor, rest));
		}
	} catch (error) {
		throw (error as NodeJS.ErrnoException).code === 'EPIPE' ? new Failure(EXIT.nobodyReads) : error;
	}
}

export function printLine(descriptor: number, line: string): void {
	printText(descriptor, `${line}\n`);
}
