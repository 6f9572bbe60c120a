// SPDX-License-Identifier: GPL-2.0
// tap-plan.ts - The commands that create and delete the tap devices of settings

import { inNetwork } from '../../config/kinds/address.js';
import type { Settings, Values } from '../../config/schema.js';

export type Command = readonly string[];

/** What the settings do not tell. */
export interface TapOptions {
	/** Who may use the device. */
	readonly owner: string;
	/** The host's addresses on it, with lengths; none: the gateways of the settings. */
	readonly addresses: readonly string[];
	readonly forwarding: boolean;
}

/** The gateways that an interface reaches, with the length of its prefix: that is the host. */
function hostAddresses({ ip, netmaskLen, ipv6, netmask6Len, ifGateway, ifGateway6 }: Values, { gateway, gateway6 }: Values): string[] {
	const pairs = [
		{ candidates: [ifGateway, gateway], member: ip, length: netmaskLen, version: 4 },
		{ candidates: [ifGateway6, gateway6], member: ipv6, length: netmask6Len, version: 6 },
	] as const;

	return pairs.flatMap(({ candidates, member, length, version }) => {
		const host = member === undefined || length === undefined
			? undefined
			: candidates.find((candidate) => candidate !== undefined && inNetwork(candidate, member, length, version));
		return host === undefined ? [] : [`${host}/${length ?? ''}`];
	});
}

function taps({ interfaces }: Settings): { name: string; values: Values }[] {
	return interfaces.flatMap((values) => (values.ifType === 'tap' && values.ifParams !== undefined ? [{ name: values.ifParams, values }] : []));
}

/** The commands that create the devices; those that exist are left out. */
export function setupPlan(settings: Settings, options: TapOptions, exists: (name: string) => boolean): Command[] {
	const { owner, addresses, forwarding } = options;
	const missing = taps(settings).filter(({ name }) => !exists(name));
	const devices = missing.flatMap(({ name, values }) => [
		['ip', 'tuntap', 'add', 'dev', name, 'mode', 'tap', 'user', owner],
		...(addresses.length > 0 ? addresses : hostAddresses(values, settings.top)).map((address) =>
			['ip', 'address', 'add', address, 'dev', name, ...(address.includes(':') ? ['nodad'] : [])]),
		['ip', 'link', 'set', 'dev', name, ...(values.mtu === undefined ? [] : ['mtu', String(values.mtu)]), 'up'],
	]);
	const forward = ['net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1'].map((entry) => ['sysctl', '-q', '-w', entry]);

	return [...devices, ...(forwarding ? forward : [])];
}

/** The commands that delete the devices. */
export function teardownPlan(settings: Settings, exists: (name: string) => boolean): Command[] {
	return taps(settings).filter(({ name }) => exists(name)).map(({ name }) => ['ip', 'tuntap', 'del', 'dev', name, 'mode', 'tap']);
}

/** Names of the devices. */
export function tapNames(settings: Settings): string[] {
	return taps(settings).map(({ name }) => name);
}
