// SPDX-License-Identifier: GPL-2.0
// name-records.ts - What the name server of the tests knows

export const A = 1;
export const CNAME = 5;
export const PTR = 12;
export const AAAA = 28;

export const SERVER_FAILED = 2;
const REFUSED = 5;

export interface Resource {
	readonly name: string;
	readonly type: number;
	readonly data: Buffer;
}

export const number = (value: number, bytes: number): Buffer => {
	const buffer = Buffer.alloc(bytes);
	buffer.writeUIntBE(value, 0, bytes);
	return buffer;
};

/** A name as it is in a message. */
export const encode = (name: string): Buffer => Buffer.concat([...name.split('.').flatMap((label) =>
	[number(label.length, 1), Buffer.from(label, 'latin1')]), number(0, 1)]);

export const ipv4 = (name: string, ...addresses: string[]): Resource[] =>
	addresses.map((address) => ({ name, type: A, data: Buffer.from(address.split('.').map(Number)) }));

/** Addresses in the form PREFIX::LAST. */
const ipv6 = (name: string, ...addresses: string[]): Resource[] => addresses.map((address) => {
	const [front = '', last = ''] = address.split('::');
	const bytes = Buffer.alloc(16);
	front.split(':').forEach((part, nr) => bytes.writeUInt16BE(parseInt(part, 16), 2 * nr));
	bytes.writeUInt16BE(parseInt(last, 16), 14);
	return { name, type: AAAA, data: bytes };
});

const name = (owner: string, type: number, value: string): Resource => ({ name: owner, type, data: encode(value) });
const pointer = (ip: string, value: string): Resource => name(`${ip.split('.').reverse().join('.')}.in-addr.arpa`, PTR, value);

export const RECORDS: readonly Resource[] = [
	...ipv4('host.test', '192.168.13.1'), ...ipv6('host.test', 'fc03::1'),
	pointer('192.168.13.1', 'host.test'),
	...ipv4('many.test', ...Array.from({ length: 1000 }, (_, nr) => `10.0.${nr >> 8}.${nr & 255}`)),
	...ipv4('four.test', '192.168.13.1'),
	...ipv6('six.test', 'fc03::1'),
	name('alias.test', CNAME, 'middle.test'), name('middle.test', CNAME, 'host.test'),
	name('circle.test', CNAME, 'circle.test'),
	...ipv4('order.test', '198.51.100.1', '192.168.13.64', '192.168.13.128', '127.0.0.1'),
	...ipv6('order.test', '2001:db8::1', 'fc03::64', 'fc03::8000'),
	...ipv4('late.test', '192.168.13.1'),
	...ipv4('tcp.test', '192.168.13.1'),
	// The reverse of RFC 2317, two names, and names that no host can have.
	name('7.13.168.192.in-addr.arpa', CNAME, '7.part.test'), name('7.part.test', PTR, 'part.test'),
	pointer('192.168.13.8', 'one.test'), pointer('192.168.13.8', 'two.test'),
	pointer('192.168.13.66', 'host.test\0.evil.test'),
	pointer('192.168.13.67', 'a b.test'),
	pointer('192.168.13.68', '$(id).test'),
];

/** Names of other zones, the answer to which is an error. */
export const ERRORS: Readonly<Record<string, number>> = { 'refused.test': REFUSED, 'failed.test': SERVER_FAILED };
