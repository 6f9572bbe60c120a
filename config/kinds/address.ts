// SPDX-License-Identifier: GPL-2.0
// address.ts - Settings that are IP or link addresses

import { BlockList, isIP } from 'node:net';

import { type Kind, textKind } from './kind.js';

const MAC = /^[\da-f]{2}(?::[\da-f]{2}){5}$/i;

/** 4 or 6. */
export type Version = 4 | 6;

type Family = 'ipv4' | 'ipv6';

function family(version: Version): Family {
	return `ipv${version}`;
}

function networks(...list: [address: string, length: number, version: Version][]): BlockList {
	const found = new BlockList();
	for (const [address, length, version] of list) {
		found.addSubnet(address, length, family(version));
	}
	return found;
}

// 224.0.0.0/4 is multicast, 240.0.0.0/4 ends with broadcast. A list for each version, since
// a list with IPv4 networks matches IPv6 addresses that contain an IPv4 one, too.
const notHosts = {
	4: networks(['0.0.0.0', 32, 4], ['224.0.0.0', 3, 4]),
	6: networks(['::', 128, 6], ['ff00::', 8, 6]),
} as const;
const linkLocal = networks(['fe80::', 10, 6]);

/** Which version of IP a host's address is of; undefined if it is none. */
export function hostVersion(text: string): Version | undefined {
	const version = isIP(text);
	if ((version !== 4 && version !== 6) || text.includes('%')) {
		return undefined;
	}
	return notHosts[version].check(text, family(version)) ? undefined : version;
}

/** The same for all spellings of an IPv6 address. */
export function addressKey(ipv6: string): string {
	return new URL(`http://[${ipv6}]`).hostname;
}

/** Is it an address of fe80::/10? */
export function isLinkLocal(address: string): boolean {
	return linkLocal.check(address, 'ipv6');
}

/** Is `address` in the network of `member`, whose prefix has `length` bits? */
export function inNetwork(address: string, member: string, length: number, version: Version): boolean {
	return networks([member, length, version]).check(address, family(version));
}

/** An address of a host. */
export function hostAddress(version: Version, example: string): Kind<string> {
	const valid = `the IPv${version} address of a host, such as ${example}`;
	return {
		...textKind(valid, (text) => (hostVersion(text) === version ? undefined : `expected ${valid}`)),
		json: { type: 'string', format: family(version) },
	};
}

/** What is wrong with a link address; undefined if nothing is. */
export function macProblem(text: string): string | undefined {
	if (!MAC.test(text)) {
		return 'is not of the form aa:bb:cc:dd:ee:ff';
	}
	if (/^.[13579bdf]/i.test(text)) {
		return 'is a multicast address (its first byte is odd)';
	}
	return /[^0:]/.test(text) ? undefined : 'is all zero';
}

/** A link address of one interface. */
export const mac: Kind<string> = {
	...textKind('a unicast address, such as 02:00:00:00:00:01', (text) => {
		const why = macProblem(text);
		return why === undefined ? undefined : `${why}; expected a unicast address, such as 02:00:00:00:00:01`;
	}),
	json: { type: 'string', pattern: '^[0-9a-fA-F][02468aceACE](:[0-9a-fA-F]{2}){5}$' },
};
