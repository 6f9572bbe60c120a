// SPDX-License-Identifier: GPL-2.0
// declarations.ts - What C code declares: typedefs, constants, functions, members

import { isTagKeyword, meaningful, type Token } from './c-tokens.js';
import type { Names } from './names.js';

type Scope = 'record' | 'enum' | 'extern' | 'body';

const NOT_FUNCTIONS = new Set(['__attribute__', '__declspec', '_Static_assert', 'sizeof', 'defined']);

/** The scope that an opening brace starts, from the declaration before it. */
function scopeOf(declaration: readonly Token[]): Scope {
	const words = declaration.map((token) => token.text);
	if (words[0] === 'extern' && words[1]?.startsWith('"')) {
		return 'extern';
	}
	if (words.at(-1) === ')' || words.includes('=')) {
		return 'body';
	}
	if (words.includes('enum')) {
		return 'enum';
	}
	return words.includes('struct') || words.includes('union') ? 'record' : 'body';
}

/** Is the word between these neighbours what a member declaration declares? */
function isDeclarator(before: Token | undefined, after: Token | undefined, depth: number): boolean {
	const next = after?.text ?? '';
	if (!before) {
		return false;
	}
	if (depth > 0) {
		return (before.text === '*' || before.text === ',') && next === ')';
	}
	const typed = before.kind === 'word' ? !isTagKeyword(before.text) : ['*', ',', '}', ')'].includes(before.text);
	return typed && ([';', ',', '[', ':'].includes(next) || next.startsWith('__attribute__'));
}

/** Names declared by `typedef …;`, given its tokens outside of braces. */
function typedefNames(tokens: readonly Token[]): string[] {
	const pointer = tokens.findIndex((token, i) => token.text === '(' && tokens[i + 1]?.text === '*');
	const declared = pointer >= 0 ? tokens[pointer + 2] : undefined;
	if (declared?.kind === 'word') {
		return [declared.text];
	}
	let depth = 0;
	const plain = tokens.filter(({ text }) => {
		depth += text === '(' || text === '[' ? 1 : text === ')' || text === ']' ? -1 : 0;
		return depth === 0 && text !== ')' && text !== ']' && text !== '__attribute__';
	});
	return plain
		.filter((token, i) => i > 0 && token.kind === 'word' && (i === plain.length - 1 || plain[i + 1]?.text === ','))
		.map((token) => token.text);
}

/** Everything outside of preprocessor lines: calls back for each member's name. */
export function scanCode(tokens: readonly Token[], names: Names, member?: (token: Token) => void): void {
	const code = meaningful(tokens).filter((token) => !token.directive);
	const scopes: Scope[] = [];
	let declaration: Token[] = [];
	let outer: Token[] = [];
	let depth = 0;

	for (const [i, token] of code.entries()) {
		const scope = scopes.at(-1);
		const top = scopes.every((each) => each === 'extern');

		if (top) {
			outer.push(token);
		}
		if (token.text === '(') {
			depth++;
		} else if (token.text === ')') {
			depth--;
		} else if (token.text === '{') {
			scopes.push(scopeOf(declaration));
			if (scopes.at(-1) === 'extern') {
				outer = [];
			}
			declaration = [];
			depth = 0;
			continue;
		} else if (token.text === '}') {
			scopes.pop();
			declaration = scope === 'body' ? [] : [token];
			if (scopes.every((each) => each === 'extern') && scope !== 'record' && scope !== 'enum') {
				outer = [];
			}
			continue;
		} else if (token.text === ';') {
			if (top && outer[0]?.text === 'typedef') {
				for (const name of typedefNames(outer.slice(0, -1))) {
					names.ordinary.add(name);
				}
			}
			if (top) {
				outer = [];
			}
			declaration = [];
			continue;
		}
		if (token.kind === 'word') {
			if (scope === 'record' && declaration.length > 0 && isDeclarator(code[i - 1], code[i + 1], depth)) {
				names.members.add(token.text);
				member?.(token);
			} else if (scope === 'enum' && ['{', ','].includes(code[i - 1]?.text ?? '') && depth === 0) {
				names.ordinary.add(token.text);
			} else if (top && depth === 0 && code[i + 1]?.text === '(' && outer[0]?.text !== 'typedef' &&
				   declaration.length > 0 && !NOT_FUNCTIONS.has(token.text) && !isTagKeyword(code[i - 1]?.text)) {
				names.ordinary.add(token.text);
			}
		}
		declaration.push(token);
	}
}
