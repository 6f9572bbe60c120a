// SPDX-License-Identifier: GPL-2.0
// privilege.ts - What this process may do

import { readFileSync } from 'node:fs';

const CAPABILITIES = { CAP_NET_ADMIN: 12, CAP_NET_RAW: 13 } as const;

/** Is a capability in force? See capabilities(7). */
export function hasCapability(name: keyof typeof CAPABILITIES): boolean {
	const [, mask = '0'] = /^CapEff:\s*(\w+)/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
	return ((BigInt(`0x${mask}`) >> BigInt(CAPABILITIES[name])) & 1n) === 1n;
}
