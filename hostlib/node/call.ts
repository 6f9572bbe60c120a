// SPDX-License-Identifier: GPL-2.0
// call.ts - Functions of the libraries, called off the event loop

import { addressOf } from './library.js';
import type { Queue } from './queue.js';
import { type Argument, OP } from './slot.js';

/** A text as C has it. */
export function cString(text: string): Buffer {
	return Buffer.from(`${text}\0`);
}

/**
 * Calls a function.
 *
 * @param wide - does it return a pointer or a long? Else it is an int
 * @returns negative numbers are errors
 */
export function callFunction(queue: Queue, name: string, args: readonly Argument[], file?: string, wide = false): Promise<number> {
	return queue.request((slot) => {
		slot.set(OP.call, addressOf(name, file), ...args);
	}, (result) => (wide ? result : result | 0));
}
