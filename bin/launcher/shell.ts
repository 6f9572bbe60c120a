// SPDX-License-Identifier: GPL-2.0
// shell.ts - Words of the shell

/** A text as one word. */
export function quote(text: string): string {
	return /^[\w.,:/@%+=-]+$/.test(text) ? text : `'${text.replaceAll('\'', '\'\\\'\'')}'`;
}
