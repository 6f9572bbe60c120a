// SPDX-License-Identifier: GPL-2.0
// no-streams.ts - Keep Node's hands off the standard descriptors; to be imported first
//
// The first look at process.stdin, stdout or stderr, were it only at stdout.columns, opens a
// stream: that sets O_NONBLOCK on the pipe or file that we share with the caller, and replaces a
// terminal by another opening of it. Libraries do look, and so does any import of node:process.
// What takes their place has the number, and what console.log() needs.

import { printText } from './failure.js';

const ignore = (): void => undefined;

for (const [fd, name] of ['stdin', 'stdout', 'stderr'].entries()) {
	const write = (text: string): void => {
		printText(fd, text);
	};
	Object.defineProperty(process, name, { value: { fd, write, once: ignore, removeListener: ignore, listenerCount: () => 0 } });
}
