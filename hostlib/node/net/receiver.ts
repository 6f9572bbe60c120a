// SPDX-License-Identifier: GPL-2.0
// receiver.ts - Receive in pieces that fit what comes

import type { SocketCalls } from './calls.js';

/** A request's own room; where more comes at once a larger buffer is worth having. */
const SMALL = 16256;
const LARGE = 131072;

export class Receiver {
	private buffer: Buffer | undefined;

	constructor(private readonly calls: SocketCalls) {}

	/** What is there, at least a byte; nothing at the end. */
	async receive(fd: number): Promise<Buffer> {
		const { buffer } = this;

		if (buffer === undefined) {
			const bytes = await this.calls.receive(fd);
			if (bytes.length === SMALL) {
				this.buffer = Buffer.allocUnsafeSlow(LARGE);
			}
			return bytes;
		}
		const length = await this.calls.receiveInto(fd, buffer);
		if (length <= LARGE / 2) {
			return Buffer.from(buffer.subarray(0, length));
		}
		this.buffer = Buffer.allocUnsafeSlow(LARGE);
		return buffer.subarray(0, length);
	}
}
