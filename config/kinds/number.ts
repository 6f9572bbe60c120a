// SPDX-License-Identifier: GPL-2.0
// number.ts - Settings that are numbers

import { z } from 'zod';

import { type Kind, refuse } from './kind.js';

const UNSIGNED = /^(?:\d+|0[xX][\da-fA-F]+)$/;

/** Reads a number without sign or blanks, decimal or after 0x; undefined for anything else. */
export function parseUnsigned(text: string): number | undefined {
	return UNSIGNED.test(text) ? Number(text) : undefined;
}

/** A number from `min` to `max`. */
export function integer(min: number, max: number, valid = `${min} to ${max}`): Kind<number> {
	return {
		valid,
		format: String,
		schema: z.string().transform((text, context) => {
			const value = parseUnsigned(text);
			return value !== undefined && value >= min && value <= max ? value : refuse(context, `expected ${valid}`);
		}),
	};
}

/** On or off. */
export const flag: Kind<number> = { ...integer(0, 1, '0 or 1'), flag: true };
