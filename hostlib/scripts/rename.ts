// SPDX-License-Identifier: GPL-2.0
// rename.ts - The new text of one word of a C header

import { isCommon, prefix } from './prefix.js';
import { isTagKeyword, type Token } from './c-tokens.js';
import type { Names } from './names.js';

/** Members that host headers define as macros of their own: they get a prefix. */
const MACROS_ELSEWHERE = new Set([
	'st_atime', 'st_mtime', 'st_ctime', 'sa_handler', 'sa_sigaction', 's_addr', 'linux', 'unix',
]);

const CXX_KEYWORDS = new Set([
	'and', 'bitand', 'bitor', 'catch', 'class', 'compl', 'delete', 'explicit', 'export', 'friend', 'mutable',
	'namespace', 'new', 'not', 'operator', 'or', 'private', 'protected', 'public', 'template', 'this', 'throw',
	'try', 'typename', 'using', 'virtual', 'xor',
]);

/** Kernel's own integer types, as its exported headers call them. */
const KERNEL_INTEGER = /^[us](8|16|32|64)$/;

/** What the meaning of a word depends on. */
export interface Context {
	readonly names: Names;
	/** Tokens that declare a member. */
	readonly declarators: ReadonlySet<Token>;
}

function isKnown(name: string, names: Names): boolean {
	return names.macros.has(name) || names.ordinary.has(name) || name === '__GLIBC__';
}

function plainWord(text: string, names: Names): string {
	if (isKnown(text, names)) {
		return prefix(text);
	}
	if (KERNEL_INTEGER.test(text)) {
		return prefix(`__${text}`);
	}
	return CXX_KEYWORDS.has(text) ? `lkl_${text}` : text;
}

function memberWord(text: string, viaObject: boolean, names: Names): string {
	if (MACROS_ELSEWHERE.has(text) || CXX_KEYWORDS.has(text)) {
		return `lkl_${text}`;
	}
	return viaObject && names.macros.has(text) && !names.members.has(text) ? prefix(text) : text;
}

/** Is the word an argument of a macro that makes a name of it? */
function isPasted(all: readonly Token[], i: number, names: Names): boolean {
	if (!['(', ','].includes(all[i - 1]?.text ?? '') || ![',', ')'].includes(all[i + 1]?.text ?? '')) {
		return false;
	}
	let depth = 0;
	let argument = 0;
	for (let open = i - 1; open > 0; open--) {
		const text = all[open]?.text;
		depth += text === ')' ? 1 : text === '(' ? -1 : 0;
		argument += text === ',' && depth === 0 ? 1 : 0;
		if (depth < 0) {
			return names.pasting.has(`${all[open - 1]?.text ?? ''}:${argument}`);
		}
		if (text === ';' || text === '{') {
			return false;
		}
	}
	return false;
}

/** A parameter of a macro stays, but a name that the macro makes of it gets the prefix. */
function parameterWord(all: readonly Token[], i: number, parameters: ReadonlySet<string>): string {
	const text = all[i]?.text ?? '';
	const tail = all[i + 1]?.text === '##' ? all[i + 2] : undefined;

	if (isTagKeyword(all[i - 1]?.text)) {
		return `lkl_##${text}`;
	}
	if (tail?.kind === 'word' && !parameters.has(tail.text)) {
		return `${/[a-z]/.test(tail.text) ? 'lkl' : 'LKL'}_##${text}`;
	}
	return text;
}

/** Is the word the tag of a structure, or the start of a name that is put together with ##? */
function isTagOrHead(all: readonly Token[], i: number): boolean {
	const before = all[i - 1]?.text;
	const groupTag = before === '(' && all[i - 2]?.text === '__struct_group';
	return isTagKeyword(before) || all[i + 1]?.text === '##' || groupTag;
}

/** Is it the whole of a macro that stands for a tag: `#define sockaddr_storage __kernel_sockaddr_storage`? */
function isTagAlias(all: readonly Token[], i: number, names: Names): boolean {
	return i === 3 && all.length === 4 && all[1]?.text === 'define' && names.tags.has(all[i]?.text ?? '');
}

/**
 * New text of a word.
 * @param all - the preprocessor line, or the code, that it is in
 * @param i - its place there
 * @param parameters - parameters of the macro that the line defines
 */
export function rename(all: readonly Token[], i: number, parameters: ReadonlySet<string>, context: Context): string {
	const { names, declarators } = context;
	const token = all[i];
	const text = token?.text ?? '';
	const before = all[i - 1]?.text ?? '';

	if (!token || before === '##' || isCommon(text) || text.startsWith('__attribute__')) {
		return text;
	}
	if (parameters.has(text)) {
		return parameterWord(all, i, parameters);
	}
	if (isPasted(all, i, names)) {
		return text;
	}
	if (isTagOrHead(all, i) || isTagAlias(all, i, names)) {
		return prefix(text);
	}
	// In `int x ALIGNED;` and `int x[DIV(N, BITS)];` the last word is a macro.
	if (declarators.has(token) && !(names.macros.has(text) && !/[a-z]/.test(text))) {
		return memberWord(text, false, names);
	}
	return before === '.' || before === '->' ? memberWord(text, true, names) : plainWord(text, names);
}
