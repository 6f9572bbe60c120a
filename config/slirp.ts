// SPDX-License-Identifier: GPL-2.0
// slirp.ts - Addresses of a user-mode network that nobody has configured

import { inNetwork } from './kinds/address.js';
import type { Settings, Values } from './schema.js';
import type { SettingName } from './settings.js';

const IP = '10.0.2.15';
const LENGTH = 24;
const GATEWAY = '10.0.2.2';

/** Is the kernel told to configure addresses itself? */
export function kernelFindsAddresses({ bootCmdline = '' }: Values): boolean {
	return /(?:^| )ip=/.test(bootCmdline);
}

/**
 * Adds what the DHCP server of libslirp would tell its first client, to the first such interface.
 *
 * @param isWrong - is a setting given, but wrong? Then nobody knows what is right
 */
export function withSlirpDefaults(settings: Settings, isWrong: (name: SettingName, index: number) => boolean): Settings {
	const { top, interfaces } = settings;
	const slirp = interfaces.find(({ ifType }) => ifType === 'slirp');

	if (!slirp || kernelFindsAddresses(top) || isWrong('ip', interfaces.indexOf(slirp)) || isWrong('netmaskLen', interfaces.indexOf(slirp))) {
		return settings;
	}
	const free = slirp.ip === undefined && slirp.netmaskLen === undefined;
	const { ip, netmaskLen, ifGateway } = free ? { ...slirp, ip: IP, netmaskLen: LENGTH } : slirp;

	if (ip === undefined || netmaskLen === undefined) {
		return settings;
	}
	const reached = top.gateway === undefined && !isWrong('gateway', 0) && ifGateway === undefined && inNetwork(GATEWAY, ip, netmaskLen, 4);
	return {
		top: reached ? { ...top, gateway: GATEWAY } : top,
		interfaces: interfaces.map((values) => (values === slirp ? { ...slirp, ip, netmaskLen } : values)),
	};
}
