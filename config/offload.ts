// SPDX-License-Identifier: GPL-2.0
// offload.ts - Features of the virtio-net device, the bits of OFFLOAD

import type { Bits } from './kinds/bits.js';

const names = {
	csum: 0x1,
	guest_csum: 0x2,
	guest_tso4: 0x80,
	guest_tso6: 0x100,
	host_tso4: 0x800,
	host_tso6: 0x1000,
	host_ufo: 0x4000,
	mrg_rxbuf: 0x8000,
} as const;

export const OFFLOAD = {
	names,
	groups: {
		tso4: names.guest_tso4 | names.host_tso4,
		tso6: names.guest_tso6 | names.host_tso6,
	},
} as const satisfies Bits;

/** What is impossible in a mask: bits without the one that they build upon. */
export function offloadProblems(mask: number): string[] {
	const needs = [
		{ bits: ['host_tso4', 'host_tso6', 'host_ufo'], need: 'csum' },
		{ bits: ['guest_tso4', 'guest_tso6'], need: 'guest_csum' },
	] as const;

	return needs.flatMap(({ bits, need }) => {
		const given = bits.filter((bit) => mask & names[bit]);
		return given.length === 0 || mask & names[need]
			? []
			: [`${given.join(' and ')} without ${need}; expected ${need} (0x${names[need].toString(16)}) too`];
	});
}
