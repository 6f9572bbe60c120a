// SPDX-License-Identifier: GPL-2.0
// slirp.ts - Addresses of a user-mode network that nobody has configured

import { inNetwork } from './kinds/address.js';
import type { Values } from './schema.js';

const IP = '10.0.2.15';
const LENGTH = 24;
const GATEWAY = '10.0.2.2';

/** Adds what the DHCP server of libslirp would tell its first client. */
export function withSlirpDefaults(values: Values): Values {
	if (values.ifType !== 'slirp' || /(?:^| )ip=/.test(values.bootCmdline ?? '')) {
		return values;
	}
	const free = values.ip === undefined && values.netmaskLen === undefined;
	const { ip, netmaskLen, gateway, ifGateway } = free ? { ...values, ip: IP, netmaskLen: LENGTH } : values;

	if (ip === undefined || netmaskLen === undefined) {
		return values;
	}
	const reached = ifGateway === undefined && inNetwork(GATEWAY, ip, netmaskLen, 4);
	return { ...values, ip, netmaskLen, ...(reached && { gateway: gateway ?? GATEWAY }) };
}
