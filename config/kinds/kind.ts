// SPDX-License-Identifier: GPL-2.0
// kind.ts - What a kind of value is: how its text is read, checked and written

import { z } from 'zod';

/** A kind of value, of type T once it has been read. */
export interface Kind<T> {
	/** Reads the text; its messages complete "NAME=value: ". */
	readonly schema: z.ZodType<T, z.ZodTypeDef, string>;
	/** What is valid, as JSON Schema has it; text, if it does not say. */
	readonly json?: Readonly<Record<string, unknown>>;
	/** What is valid, for the table of settings. */
	readonly valid: string;
	/** Writes the value as the preload library reads it. */
	readonly format: (value: T) => string;
	/** What several values are joined with to one, if that is possible. */
	readonly join?: string;
	/** Its entries are two words with a "|" between; the option takes "=", which needs no quotes in the shell. */
	readonly pair?: true;
	/** On the command line the option alone means 1. */
	readonly flag?: boolean;
}

/** Records what is wrong; `part` is the wrong part of the text, if it is not all of it. */
export function refuse(context: z.RefinementCtx, message: string, part?: string): typeof z.NEVER {
	context.addIssue({ code: 'custom', message, params: part === undefined ? {} : { part } });
	return z.NEVER;
}

/** A kind whose value is its text, checked by `problem`: undefined for a good one. */
export function textKind(valid: string, problem: (text: string) => string | undefined): Kind<string> {
	return {
		valid,
		format: (value) => value,
		schema: z.string().superRefine((text, context) => {
			const message = problem(text);
			if (message !== undefined) {
				refuse(context, message);
			}
		}),
	};
}
