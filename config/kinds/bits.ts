// SPDX-License-Identifier: GPL-2.0
// bits.ts - Settings that are bit masks: a number, or names with commas

import { z } from 'zod';

import { type Kind, refuse } from './kind.js';
import { splitList } from './list.js';
import { parseUnsigned } from './number.js';

/** The bits of a mask: their names, and other names for several of them. */
export interface Bits {
	readonly names: Readonly<Record<string, number>>;
	readonly groups?: Readonly<Record<string, number>>;
}

/** Writes a mask. */
export function hex(mask: number): string {
	return `0x${mask.toString(16)}`;
}

/** All bits that have a name. */
export function allBits(bits: Bits): number {
	return Object.values(bits.names).reduce((mask, bit) => mask | bit, 0);
}

function describe({ names, groups = {} }: Bits): string {
	const sum = Object.entries(names).map(([name, bit]) => `${hex(bit)} (${name})`).join(', ');
	const others = Object.keys(groups);
	return `a sum of ${sum}, or names with commas${others.length > 0 ? ` (also ${others.join(', ')})` : ''}`;
}

/** Reads names; each one that is not known is a problem of its own. */
function namesToMask(text: string, bits: Bits, context: z.RefinementCtx): number {
	const names = new Map(Object.entries({ ...bits.names, ...bits.groups }));
	const given = splitList(text, ',');
	let mask = 0;

	for (const name of given.length > 0 ? given : [text]) {
		mask |= names.get(name) ?? refuse(context, `expected ${describe(bits)}`, name);
	}
	return mask;
}

/** A mask of these bits. */
export function bitMask(bits: Bits): Kind<number> {
	return {
		valid: describe(bits),
		format: hex,
		join: ',',
		json: { anyOf: [{ type: 'integer', minimum: 0, maximum: allBits(bits) }, { type: 'string', minLength: 1 }] },
		schema: z.string().transform((text, context) => {
			const mask = parseUnsigned(text);
			if (mask === undefined) {
				return namesToMask(text, bits, context);
			}
			const unknown = mask & ~BigInt(allBits(bits));
			return unknown === 0n
				? Number(mask)
				: refuse(context, `has unknown bits 0x${unknown.toString(16)}; expected ${describe(bits)}`);
		}),
	};
}
