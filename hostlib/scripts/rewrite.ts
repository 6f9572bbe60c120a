// SPDX-License-Identifier: GPL-2.0
// rewrite.ts - Put the prefix on every name of a C header

import { meaningful, untokenize, type Token } from './c-tokens.js';
import { scanCode } from './declarations.js';
import { emptyNames, macroParameters, type Names } from './names.js';
import { rename, type Context } from './rename.js';

/** Where a host header that a kernel header asks for is among the kernel's. */
const HOST_HEADERS: Readonly<Record<string, string>> = {
	'netinet/if_ether.h': 'linux/if_ether.h',
	'netinet/in.h': 'linux/in.h',
	'sys/ioctl.h': 'linux/ioctl.h',
	'sys/socket.h': 'linux/socket.h',
	'sys/time.h': 'linux/time.h',
	'sys/types.h': 'linux/types.h',
	'time.h': 'linux/time.h',
};

/** New path of an included header: the kernel's are in lkl/. */
function rewriteInclude(tokens: readonly Token[], isHeader: (path: string) => boolean): string {
	return untokenize(tokens).replace(/<([^>]+)>/, (all, path: string) => {
		const target = HOST_HEADERS[path] ?? path;
		return isHeader(target) ? `<lkl/${target}>` : all;
	});
}

/** Split into preprocessor lines (each on its own) and the code between. */
function sections(tokens: readonly Token[]): Token[][] {
	const result: Token[][] = [];
	for (const [i, token] of tokens.entries()) {
		const last = result.at(-1);
		if (!last || token.directive !== tokens[i - 1]?.directive) {
			result.push([token]);
		} else {
			last.push(token);
		}
	}
	return result;
}

function rewriteSection(tokens: readonly Token[], context: Context, isHeader: (path: string) => boolean): string {
	const all = meaningful(tokens);
	const verb = all[0]?.directive ? all[1]?.text : undefined;

	if (verb === 'include') {
		return rewriteInclude(tokens, isHeader);
	}
	if (verb === 'error' || verb === 'warning' || verb === 'pragma') {
		return untokenize(tokens);
	}
	const parameters = new Set(macroParameters(all));
	const changed = new Map(all.map((token, i) => [
		token,
		token.kind === 'word' && !(verb && i === 1) ? rename(all, i, parameters, context) : token.text,
	]));
	return tokens.map((token) => changed.get(token) ?? token.text).join('');
}

/**
 * Rewrite a header.
 * @param tokens - the header
 * @param names - what all headers define
 * @param isHeader - is there a header of this path among the kernel's?
 */
export function rewrite(tokens: readonly Token[], names: Names, isHeader: (path: string) => boolean): string {
	const declarators = new Set<Token>();
	scanCode(tokens, emptyNames(), (token) => declarators.add(token));
	const context: Context = { names, declarators };
	return sections(tokens).map((section) => rewriteSection(section, context, isHeader)).join('');
}
