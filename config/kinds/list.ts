// SPDX-License-Identifier: GPL-2.0
// list.ts - Settings that are several entries in one text

import { z } from 'zod';

import { type Kind, refuse } from './kind.js';

/** What the entries of a list are. */
export interface Entries {
	/** Any of these characters ends an entry; the first one is what we write. */
	readonly separators: string;
	/** What is valid, completes "expected ". */
	readonly valid: string;
	/** Are entries two words with a "|" between? */
	readonly pair?: true;
	/** What is wrong with an entry: a message, or undefined. */
	readonly problem: (entry: string) => string | undefined;
}

/** Blanks of the preload library too; \s and trim() know more. */
export const BLANK = /[ \t\r\n]/;

function trim(text: string): string {
	return text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
}

/** Cuts a list; blanks around entries and empty entries are skipped. */
export function splitList(text: string, separators: string): string[] {
	return text
		.split(new RegExp(`[${separators}]`))
		.map(trim)
		.filter((entry) => entry !== '');
}

/** Cuts an entry at the first separator; undefined if there is none. */
export function splitEntry(entry: string, separator: string): [string, string] | undefined {
	const at = entry.indexOf(separator);
	return at < 0 ? undefined : [trim(entry.slice(0, at)), trim(entry.slice(at + 1))];
}

/** A list; each wrong entry is a problem of its own. */
export function list({ separators, valid, pair, problem }: Entries): Kind<string> {
	return {
		valid,
		join: separators.charAt(0),
		...(pair && { pair }),
		format: (value) => value,
		schema: z.string().superRefine((text, context) => {
			for (const entry of splitList(text, separators)) {
				const message = problem(entry);
				if (message !== undefined) {
					refuse(context, message, entry);
				}
			}
		}),
	};
}
