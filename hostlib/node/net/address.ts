// SPDX-License-Identifier: GPL-2.0
// address.ts - Addresses of sockets: struct sockaddr_in and sockaddr_in6

import { isIPv4, isIPv6 } from 'node:net';

import { invalid } from '../errors.js';

export const AF_INET = 2;
export const AF_INET6 = 10;

/** As of net.Socket.address(). */
export interface AddressInfo {
	readonly address: string;
	readonly family: 'IPv4' | 'IPv6';
	readonly port: number;
}

/** Bytes of the structures. */
export const ADDRESS_SIZE = 28;

function ipv6Bytes(address: string): number[] {
	// A dotted end stands for two groups.
	const hex = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts: string[]) => {
		const [a = 0, b = 0, c = 0, d = 0] = parts.map(Number);
		return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
	});
	const [head = [], tail] = hex.split('::').map((half) => half.split(':').filter((group) => group !== ''));
	const groups = tail === undefined ? head : [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail];
	return groups.flatMap((group) => {
		const value = Number.parseInt(group, 16);
		return [value >> 8, value & 0xff];
	});
}

/** Writes an address; what the family is. */
export function writeAddress(to: Buffer, address: string, port: number): number {
	const [plain = '', scope = '0'] = address.split('%');

	to.fill(0, 0, ADDRESS_SIZE);
	to.writeUInt16BE(port, 2);
	if (isIPv4(plain)) {
		to.writeUInt16LE(AF_INET, 0);
		to.set(plain.split('.').map(Number), 4);
		return AF_INET;
	}
	if (!isIPv6(plain)) {
		throw invalid('host', 'an IPv4 or IPv6 address', address);
	}
	to.writeUInt16LE(AF_INET6, 0);
	to.set(ipv6Bytes(plain), 8);
	to.writeUInt32LE(Number(scope) || 0, 24);
	return AF_INET6;
}

function ipv6Text(bytes: Buffer): string {
	const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(2 * index).toString(16));
	if (groups.slice(0, 5).every((group) => group === '0') && groups[5] === 'ffff') {
		return `::ffff:${bytes.subarray(12, 16).join('.')}`;
	}
	// The longest run of zeros is left out.
	const text = groups.join(':');
	const [longest] = [...text.matchAll(/(?<![\da-f])0(?::0)+(?![\da-f])/g)].map(([match]) => match).sort((a, b) => b.length - a.length);
	if (longest === undefined) {
		return text;
	}
	const at = text.search(new RegExp(`(?<![\\da-f])${longest}(?![\\da-f])`));
	return `${text.slice(0, at).replace(/:$/, '')}::${text.slice(at + longest.length).replace(/^:/, '')}`;
}

/** Reads an address; undefined if there is none. */
export function readAddress(from: Buffer): AddressInfo | undefined {
	const port = from.readUInt16BE(2);

	switch (from.readUInt16LE(0)) {
		case AF_INET:
			return { address: from.subarray(4, 8).join('.'), family: 'IPv4', port };
		case AF_INET6:
			return { address: ipv6Text(from.subarray(8, 24)), family: 'IPv6', port };
		default:
			return undefined;
	}
}

/** A port number. */
export function checkPort(port: unknown, name = 'port'): number {
	const number = Number(port);
	if (!(Number.isInteger(number) && number >= 0 && number <= 65535) || port === null || port === '') {
		throw Object.assign(invalid(name, 'an integer from 0 to 65535', port), { code: 'ERR_SOCKET_BAD_PORT' });
	}
	return number;
}

/** The address that a host stands for. Names are not looked up: there is no resolver inside the kernel. */
export function toAddress(host: string): string {
	return host === 'localhost' ? '127.0.0.1' : host;
}
