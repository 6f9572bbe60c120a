// SPDX-License-Identifier: GPL-2.0
// frames.ts - Read the files that PCAP writes

/** A frame of a capture. */
export interface Frame {
	readonly nr: number;
	readonly ns: bigint;
	readonly data: Buffer;
	/** Bytes that it had. */
	readonly length: number;
	/** 1: received, 2: sent. */
	readonly direction: number;
}

/** Interfaces and frames of a pcapng file; fails if it is malformed. */
export function parse(file: Buffer): { interfaces: string[]; frames: Frame[] } {
	const interfaces: string[] = [];
	const frames: Frame[] = [];

	for (let at = 0; at < file.length;) {
		const [type, length] = [file.readUInt32LE(at), file.readUInt32LE(at + 4)];
		const block = file.subarray(at, at + length);
		if (length % 4 !== 0 || block.readUInt32LE(length - 4) !== length) {
			throw new Error(`bad block at ${at}`);
		}
		if (type === 1) {
			interfaces.push(block.toString('utf8', 20, 20 + block.readUInt16LE(18)));
		} else if (type === 6) {
			const captured = block.readUInt32LE(20);
			frames.push({
				nr: block.readUInt32LE(8),
				ns: (BigInt(block.readUInt32LE(12)) << 32n) | BigInt(block.readUInt32LE(16)),
				data: block.subarray(28, 28 + captured),
				length: block.readUInt32LE(24),
				direction: block.readUInt32LE(length - 12),
			});
		}
		at += length;
	}
	return { interfaces, frames };
}
