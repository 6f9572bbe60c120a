// SPDX-License-Identifier: GPL-2.0
// number.ts - Settings that are numbers

import { z } from 'zod';

import { type Kind, refuse } from './kind.js';

const UNSIGNED = /^(?:\d+|0[xX][\da-fA-F]+)$/;
const LIMIT = 1n << 64n;

/** Reads a number of 64 bits without sign or blanks, decimal or after 0x; undefined for anything else. */
export function parseUnsigned(text: string): bigint | undefined {
	if (!UNSIGNED.test(text)) {
		return undefined;
	}
	// BigInt takes a small x only.
	const value = BigInt(text.toLowerCase());
	return value < LIMIT ? value : undefined;
}

/** A number from `min` to `max`. */
export function integer(min: number, max: number, valid = `${min} to ${max}`): Kind<number> {
	return {
		valid,
		format: String,
		json: { anyOf: [{ type: 'integer', minimum: min, maximum: max }, { type: 'string', pattern: UNSIGNED.source }] },
		schema: z.string().transform((text, context) => {
			const value = parseUnsigned(text);
			return value !== undefined && value >= min && value <= max ? Number(value) : refuse(context, `expected ${valid}`);
		}),
	};
}

/** On or off. */
export const flag: Kind<number> = { ...integer(0, 1, '0 or 1'), flag: true, json: { enum: [false, true, 0, 1, '0', '1'] } };
