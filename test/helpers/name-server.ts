// SPDX-License-Identifier: GPL-2.0
// name-server.ts - A program: a name server (RFC 1035) on UDP and TCP; usage: node name-server.js ADDRESS
//
// host.test has the addresses 192.168.13.1 and fc03::1, and the former that name. many.test has 1000
// addresses, which are too many for UDP: there the answer is marked as truncated. No other name is.

import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

const PORT = 53;
const A = 1;
const PTR = 12;
const AAAA = 28;

const RESPONSE = 0x8580;
const TRUNCATED = 0x0200;
const NO_SUCH_NAME = 3;
const MAX_UDP = 512;

/** A name as it is in a message. */
const encode = (name: string): Buffer => Buffer.concat([...name.split('.').flatMap((label) =>
	[Buffer.from([label.length]), Buffer.from(label)]), Buffer.from([0])]);

const RECORDS: Readonly<Record<string, Readonly<Record<number, readonly Buffer[]>>>> = {
	'host.test': {
		[A]: [Buffer.from([192, 168, 13, 1])],
		[AAAA]: [Buffer.from('fc030000000000000000000000000001', 'hex')],
	},
	'many.test': { [A]: Array.from({ length: 1000 }, (_, nr) => Buffer.from([10, 0, nr >> 8, nr & 255])) },
	'1.13.168.192.in-addr.arpa': { [PTR]: [encode('host.test')] },
};

/** The answer to a query with one question. */
function answer(query: Buffer, max: number): Buffer {
	const labels: string[] = [];
	let at = 12;

	for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
		labels.push(query.toString('latin1', at + 1, at + 1 + length));
		at += 1 + length;
	}
	const types = RECORDS[labels.join('.').toLowerCase()];
	const type = query.readUInt16BE(at + 1);
	const records = (types?.[type] ?? []).map((data) => {
		const head = Buffer.from('c00c0000000100000e100000', 'hex');
		head.writeUInt16BE(type, 2);
		head.writeUInt16BE(data.length, 10);
		return Buffer.concat([head, data]);
	});
	const build = (flags: number, answers: readonly Buffer[]): Buffer => {
		const head = Buffer.from(query.subarray(0, 12));
		[flags, 1, answers.length, 0, 0].forEach((value, nr) => head.writeUInt16BE(value, 2 + 2 * nr));
		return Buffer.concat([head, query.subarray(12, at + 5), ...answers]);
	};
	const full = build(RESPONSE | (types ? 0 : NO_SUCH_NAME), records);

	return full.length > max ? build(RESPONSE | TRUNCATED, []) : full;
}

const address = process.argv[2];
const udp = createSocket(address?.includes(':') === true ? 'udp6' : 'udp4');
const tcp = createServer((client) => {
	// Queries are small: one is never in pieces here.
	client.on('data', (bytes) => {
		const reply = answer(bytes.subarray(2), Infinity);
		const length = Buffer.alloc(2);
		length.writeUInt16BE(reply.length);
		client.write(Buffer.concat([length, reply]));
	});
});

udp.on('message', (query, { port, address: from }) => {
	udp.send(answer(query, MAX_UDP), port, from);
});
udp.bind(PORT, address, () => tcp.listen(PORT, address));
