// SPDX-License-Identifier: GPL-2.0
// undo-node.ts - Give back what Node has changed in the process before our script ran

import { keepOnExec, setFileLimit, setSignalIgnored, setSignalMask } from './libc.js';

/** Where lkl-hijack.sh has written down what there was. */
export const INHERITED_VARIABLE = 'LKL_LAUNCHER';

const UNLIMITED = 0xffff_ffff_ffff_ffffn;
const LAST_SIGNAL = 31;
const SIGKILL = 9;
const SIGSTOP = 19;

/** Puts limits, signals and descriptors back; `record` is what lkl-hijack.sh has written. */
export function undoNode(record: string): void {
	const [limit = '', blocked = '', ignored = '', ...descriptors] = record.split(' ');
	const ignoredMask = BigInt(`0x${ignored}`);

	setFileLimit(limit === 'unlimited' ? UNLIMITED : BigInt(limit));
	for (const descriptor of descriptors) {
		keepOnExec(Number(descriptor));
	}
	for (let signal = 1; signal <= LAST_SIGNAL; signal++) {
		if (signal !== SIGKILL && signal !== SIGSTOP) {
			setSignalIgnored(signal, ((ignoredMask >> BigInt(signal - 1)) & 1n) === 1n);
		}
	}
	setSignalMask(BigInt(`0x${blocked}`));
}
