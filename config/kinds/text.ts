// SPDX-License-Identifier: GPL-2.0
// text.ts - Settings that are any text

import { type Kind, textKind } from './kind.js';

/** A text of at most `max` bytes. */
export function text(valid = 'text', max = 4000): Kind<string> {
	return textKind(valid, (value) => {
		const bytes = Buffer.byteLength(value);
		return bytes > max ? `is ${bytes} bytes long; expected at most ${max}` : undefined;
	});
}
