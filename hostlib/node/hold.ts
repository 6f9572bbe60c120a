// SPDX-License-Identifier: GPL-2.0
// hold.ts - What is open keeps the process, unless it does not count

import type { Queue } from './queue.js';

/** Keeps the process as long as something is open, unless that does not count. */
export class Hold {
	private open = false;
	private counts = true;

	constructor(private readonly queue: Queue) {}

	set(open: boolean): void {
		this.change(open, this.counts);
	}

	count(counts: boolean): void {
		this.change(this.open, counts);
	}

	private change(open: boolean, counts: boolean): void {
		const before = this.open && this.counts;
		const after = open && counts;

		this.open = open;
		this.counts = counts;
		if (after && !before) {
			this.queue.hold();
		} else if (before && !after) {
			this.queue.release();
		}
	}
}
