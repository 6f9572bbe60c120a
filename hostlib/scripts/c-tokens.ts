// SPDX-License-Identifier: GPL-2.0
// c-tokens.ts - C source text as tokens, and back

export type TokenKind = 'blank' | 'word' | 'number' | 'string' | 'mark';

export interface Token {
	readonly kind: TokenKind;
	readonly text: string;
	/** Part of a preprocessor line. */
	readonly directive: boolean;
	/** Right behind the one before it, without a blank. */
	readonly glued: boolean;
}

const LEXER = new RegExp(
	[
		/(?<blank>(?:[ \t\v\f\r\n]|\\\r?\n|\/\*[^]*?\*\/|\/\/[^\n]*)+)/,
		/(?<word>[A-Za-z_]\w*)/,
		/(?<number>\.?\d(?:[eEpP][+-]|[\w.])*)/,
		/(?<string>"(?:\\[^]|[^"\\\n])*"|'(?:\\[^]|[^'\\\n])*')/,
		/(?<mark>->|##|\.\.\.|[^])/,
	].map((part) => part.source).join('|'),
	'gy',
);

const KINDS: readonly TokenKind[] = ['blank', 'word', 'number', 'string', 'mark'];

/** Text of `blank` up to its first real line end: where a directive stops. */
function lineEnd(blank: string): number {
	const hidden = blank.replace(/\\\r?\n|\/\*[^]*?\*\//g, (match) => ' '.repeat(match.length));
	return hidden.indexOf('\n');
}

/** Split C text into tokens; joined again they give the same text. */
export function tokenize(text: string): Token[] {
	const tokens: Token[] = [];
	let atLineStart = true;
	let directive = false;

	for (const match of text.matchAll(LEXER)) {
		const groups = match.groups ?? {};
		const kind = KINDS.find((name) => groups[name] !== undefined) ?? 'mark';

		if (kind === 'blank') {
			const end = lineEnd(match[0]);
			const split = directive && end >= 0 ? end : 0;
			if (split > 0) {
				tokens.push({ kind, text: match[0].slice(0, split), directive, glued: true });
			}
			if (end >= 0) {
				directive = false;
				atLineStart = true;
			}
			tokens.push({ kind, text: match[0].slice(split), directive, glued: true });
			continue;
		}
		if (match[0] === '#' && atLineStart) {
			directive = true;
		}
		atLineStart = false;
		tokens.push({ kind, text: match[0], directive, glued: tokens.at(-1)?.kind !== 'blank' });
	}
	return tokens;
}

/** Join tokens to text. */
export function untokenize(tokens: readonly { text: string }[]): string {
	return tokens.map((token) => token.text).join('');
}

/** Tokens that mean something: without blanks and comments. */
export function meaningful(tokens: readonly Token[]): Token[] {
	return tokens.filter((token) => token.kind !== 'blank');
}

const TAGGED = new Set(['struct', 'union', 'enum']);

export function isTagKeyword(text: string | undefined): boolean {
	return text !== undefined && TAGGED.has(text);
}
