// SPDX-License-Identifier: GPL-2.0
// error-texts.ts - The kernel's error numbers and their texts as a C table

import { prefix } from './prefix.js';

const ERROR = /^#define\s+(E\w+)\s+\d+\s*\/\*\s*([^]*?)\s*\*\//gm;

/** One line `LKL_ERROR_TEXT(LKL_EPERM, "Operation not permitted")` per error. */
export function errorTexts(headers: ReadonlyMap<string, string>): string {
	const sources = ['asm-generic/errno-base.h', 'asm-generic/errno.h'].map((path) => headers.get(path) ?? '');
	const lines = [...sources.join('\n').matchAll(ERROR)]
		.map(([, name = '', text = '']) => `LKL_ERROR_TEXT(${prefix(name)}, ${JSON.stringify(text)})\n`);
	return lines.join('');
}
