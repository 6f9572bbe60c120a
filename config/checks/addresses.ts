// SPDX-License-Identifier: GPL-2.0
// addresses.ts - Do addresses, prefix lengths and gateways fit together?

import { inNetwork, isLinkLocal, type Version } from '../kinds/address.js';
import { kernelFindsAddresses } from '../slirp.js';
import type { Context } from './context.js';

/** The settings of a version of IP. */
const FAMILIES = [
	{ version: 4, ip: 'ip', length: 'netmaskLen', gateway: 'gateway', ifGateway: 'ifGateway' },
	{ version: 6, ip: 'ipv6', length: 'netmask6Len', gateway: 'gateway6', ifGateway: 'ifGateway6' },
] as const;

type Family = (typeof FAMILIES)[number];

/** Is a gateway in the network of the interface? */
function reaches({ values }: Context, family: Family, gateway: string): boolean {
	const ip = values[family.ip];
	const length = values[family.length];
	const version: Version = family.version;

	if (version === 6 && isLinkLocal(gateway)) {
		return values.ifType !== undefined;
	}
	return ip !== undefined && length !== undefined && inNetwork(gateway, ip, length, version);
}

function checkFamily(context: Context, family: Family): void {
	const { values } = context;
	const ip = values[family.ip];
	const length = values[family.length];
	const ifGateway = values[family.ifGateway];

	if (context.isBad(family.ip, family.length)) {
		return;
	}
	if (ip !== undefined && length === undefined) {
		context.missing(family.length, family.ip);
	} else if (ip === undefined && length !== undefined) {
		context.missing(family.ip, family.length);
	} else if (ifGateway !== undefined && (ip === undefined || !reaches(context, family, ifGateway))) {
		context.refuse(family.ifGateway, 'expected an address in the network of the interface');
	}
}

function checkGateway(top: Context, interfaces: readonly Context[], family: Family): void {
	const gateway = top.values[family.gateway];
	const isUnknown = interfaces.some((context) => context.isBad('ifType', family.ip, family.length));

	if (gateway !== undefined && !isUnknown && !interfaces.some((context) => reaches(context, family, gateway))) {
		top.refuse(family.gateway, 'no interface reaches this gateway; expected an address in the network of an interface');
	}
}

/** Checks addresses; with ip=… on its command line the kernel finds some of them itself. */
export function checkAddresses(top: Context, interfaces: readonly Context[]): void {
	for (const family of FAMILIES) {
		for (const context of interfaces.filter(({ values }) => values.ifType !== undefined)) {
			checkFamily(context, family);
		}
		if (!kernelFindsAddresses(top.values)) {
			checkGateway(top, interfaces, family);
		}
	}
}
