// SPDX-License-Identifier: GPL-2.0
// choice.ts - Settings that are one of a few words

import { type Kind, textKind } from './kind.js';

/** One of these words. */
export function choice(...words: readonly string[]): Kind<string> {
	const valid = words.join(' or ');
	return {
		...textKind(valid, (word) => (words.includes(word) ? undefined : `expected ${valid}`)),
		json: { enum: words },
	};
}
