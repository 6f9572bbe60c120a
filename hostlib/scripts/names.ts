// SPDX-License-Identifier: GPL-2.0
// names.ts - The identifiers that C headers define

import { isCommon } from './prefix.js';
import { isTagKeyword, meaningful, type Token } from './c-tokens.js';
import { scanCode } from './declarations.js';

/** Identifiers that headers define, by C name space. */
export interface Names {
	readonly macros: Set<string>;
	/** Typedefs, enumeration constants, functions. */
	readonly ordinary: Set<string>;
	readonly members: Set<string>;
	readonly tags: Set<string>;
	/** Arguments that a macro makes names of, with ##: "MACRO:0" is its first. */
	readonly pasting: Set<string>;
}

export function emptyNames(): Names {
	return { macros: new Set(), ordinary: new Set(), members: new Set(), tags: new Set(), pasting: new Set() };
}

/** Parameters of a macro, from the tokens of its `#define`: none if it is not like a function. */
export function macroParameters(line: readonly Token[]): string[] {
	if (line[1]?.text !== 'define' || line[3]?.text !== '(' || !line[3].glued) {
		return [];
	}
	const close = line.findIndex((token) => token.text === ')');
	return line.slice(4, close).filter((token) => token.kind === 'word').map((token) => token.text);
}

/** Note the names in preprocessor lines and those of tags. */
function collectMacros(tokens: readonly Token[], names: Names): void {
	const all = meaningful(tokens);
	let macro = '';
	let parameters: string[] = [];

	for (const [i, token] of all.entries()) {
		const next = all[i + 1];
		if (token.directive && token.text === '#' && next?.text === 'define') {
			macro = all[i + 2]?.text ?? '';
			parameters = macroParameters(all.slice(i, i + 24));
			names.macros.add(macro);
		} else if (isTagKeyword(token.text) && next?.kind === 'word') {
			names.tags.add(next.text);
		} else if (token.text === '##' && all[i - 1]?.text !== ',') {
			for (const part of [all[i - 1], next]) {
				names.pasting.add(`${macro}:${parameters.indexOf(part?.text ?? '')}`);
			}
		}
	}
}

/** Add the names that a header defines. */
export function collectNames(tokens: readonly Token[], names: Names): void {
	collectMacros(tokens, names);
	scanCode(tokens, names);
	for (const set of [names.macros, names.ordinary]) {
		for (const name of set) {
			if (isCommon(name)) {
				set.delete(name);
			}
		}
	}
}
