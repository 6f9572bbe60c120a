// SPDX-License-Identifier: GPL-2.0
// prototypes.ts - System calls of the 64-bit table and their C prototypes

import { clean } from './headers.js';
import { meaningful, tokenize } from './c-tokens.js';

export interface Parameter {
	readonly type: string;
	readonly name: string;
}

export interface SystemCall {
	/** As of the table: "stat". */
	readonly name: string;
	/** The kernel's function without sys_: "newstat". */
	readonly entry: string;
	readonly parameters: readonly Parameter[];
}

const BASIC_TYPES = new Set(['void', 'char', 'short', 'int', 'long', 'unsigned', 'signed']);

/** Split "unsigned int fd"; a parameter without a name gets one. */
function parameter(text: string, index: number): Parameter {
	const tokens = meaningful(tokenize(text)).map((token) => token.text);
	const last = tokens.at(-1) ?? '';
	const words = tokens.filter((token) => /^\w+$/.test(token) && token !== 'const');
	const typeWords = ['struct', 'union', 'enum'].includes(words[0] ?? '') ? 2 : 1;
	const hasType = words.length > typeWords || BASIC_TYPES.has(words[0] ?? '');
	const named = /^\w+$/.test(last) && !BASIC_TYPES.has(last) && hasType;
	const type = (named ? tokens.slice(0, -1) : tokens).join(' ').replace(/\* (?=\*)/g, '*');
	return { type, name: named ? last : `arg${index + 1}` };
}

function parameters(list: string): Parameter[] {
	return list.trim() === 'void' ? [] : list.split(',').map(parameter);
}

/**
 * Prototypes by function name, without sys_. Of alternatives that depend on
 * the configuration the last one, the default, counts.
 */
function readPrototypes(header: string): Map<string, Parameter[]> {
	const text = clean(header).replace(/\/\*[^]*?\*\//g, ' ');
	const found = text.matchAll(/^asmlinkage\s+long\s+sys_(\w+)\(([^()]*)\);/gm);
	return new Map([...found].map(([, name = '', list = '']) => [name, parameters(list)]));
}

/** The same from definitions: SYSCALL_DEFINE2(name, type, arg, type, arg). */
function readDefinitions(source: string): Map<string, Parameter[]> {
	const found = source.matchAll(/^SYSCALL_DEFINE\d\((\w+)([^()]*)\)/gm);
	return new Map([...found].map(([, name = '', list = '']) => {
		const parts = list.split(',').slice(1).map((part) => part.trim());
		return [name, parts.flatMap((type, i) => (i % 2 ? [] : [{ type, name: parts[i + 1] ?? '' }]))];
	}));
}

/**
 * List the system calls.
 * @param table - text of syscall_64.tbl
 * @param header - text of include/linux/syscalls.h
 * @param source - C source with definitions that the header lacks
 */
export function systemCalls(table: string, header: string, source: string): SystemCall[] {
	const prototypes = new Map([...readPrototypes(header), ...readDefinitions(source)]);
	return [...table.matchAll(/^\d+\s+(?:common|64)\s+(\w+)\s+sys_(\w+)/gm)].flatMap(([, name = '', entry = '']) => {
		const found = prototypes.get(entry);
		return found && entry !== 'ni_syscall' ? [{ name, entry, parameters: found }] : [];
	});
}
