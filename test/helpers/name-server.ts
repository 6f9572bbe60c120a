// SPDX-License-Identifier: GPL-2.0
// name-server.ts - A program: a name server (RFC 1035) on UDP and TCP; usage: node name-server.js ADDRESS
//
// It knows the names of name-records.ts, and some that test what a resolver does with answers that are late, cut
// off, refused or wrong. No other name is.

import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

import { A, AAAA, CNAME, encode, ERRORS, ipv4, number, RECORDS, type Resource, SERVER_FAILED } from './name-records.js';

const PORT = 53;

const RESPONSE = 0x8580;
const TRUNCATED = 0x0200;
const NO_SUCH_NAME = 3;
const MAX_UDP = 512;

/** Milliseconds that a late answer takes. */
const LATE = 200;

interface Answer {
	readonly flags: number;
	readonly records: readonly Resource[];
}

/** What is known about a name, along the chain of its aliases. */
function find(wanted: string, type: number): Answer {
	if (wanted === 'stray.test' && type === A) {
		return { flags: 0, records: ipv4('other.test', '192.0.2.66') };
	}
	const error = Object.entries(ERRORS).find(([zone]) => wanted === zone || wanted.endsWith(`.${zone}`));
	if (error) {
		return { flags: error[1], records: [] };
	}
	const own = RECORDS.filter(({ name: owner }) => owner === wanted);
	if (own.length === 0) {
		return { flags: NO_SUCH_NAME, records: [] };
	}
	const alias = own.find((record) => record.type === CNAME);
	const target = RECORDS.find(({ name: owner }) => alias?.data.equals(encode(owner)));
	return {
		flags: 0,
		records: [
			...own.filter((record) => record.type === type || record === alias),
			...target && target !== alias ? find(target.name, type).records : [],
		],
	};
}

interface Reply {
	readonly bytes: Buffer;
	readonly late: boolean;
}

/** The answer to a query with one question. */
function answer(query: Buffer, overTcp: boolean): Reply | undefined {
	const labels: string[] = [];
	let at = 12;

	for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
		labels.push(query.toString('latin1', at + 1, at + 1 + length));
		at += 1 + length;
	}
	const wanted = labels.join('.').toLowerCase();
	const type = query.readUInt16BE(at + 1);
	const build = (flags: number, records: readonly Resource[]): Buffer => Buffer.concat([
		query.subarray(0, 2), ...[RESPONSE | flags, 1, records.length, 0, 0].map((value) => number(value, 2)),
		query.subarray(12, at + 5),
		...records.flatMap((record) => [
			// The name of the question is only pointed to.
			record.name === wanted ? number(0xc00c, 2) : encode(record.name),
			number(record.type, 2), number(1, 2), number(3600, 4), number(record.data.length, 2), record.data,
		]),
	]);
	const reply = (bytes: Buffer, late = false): Reply => ({ bytes, late });

	if (wanted === 'tcp.test' && !overTcp) {
		return undefined;
	}
	if (wanted === 'cut.test') {
		return overTcp ? undefined : reply(build(TRUNCATED, ipv4(wanted, '192.0.2.1')));
	}
	if (wanted === 'cut-failed.test') {
		return reply(overTcp ? build(SERVER_FAILED, []) : build(TRUNCATED, []));
	}
	if (wanted === 'late.test' && type === AAAA) {
		return reply(build(SERVER_FAILED, []));
	}
	const { flags, records } = find(wanted, type);
	const full = build(flags, records);
	return reply(!overTcp && full.length > MAX_UDP ? build(flags | TRUNCATED, []) : full, wanted === 'late.test');
}

const address = process.argv[2];
const udp = createSocket(address?.includes(':') === true ? 'udp6' : 'udp4');
const tcp = createServer((client) => {
	let read: Buffer = Buffer.alloc(0);

	client.on('error', () => client.destroy());
	client.on('data', (bytes) => {
		read = Buffer.concat([read, bytes]);
		for (let end = 0; read.length >= 2 && read.length >= (end = 2 + read.readUInt16BE(0)); read = read.subarray(end)) {
			const reply = answer(read.subarray(2, end), true);
			if (reply) {
				client.write(Buffer.concat([number(reply.bytes.length, 2), reply.bytes]));
			} else {
				client.destroy();
			}
		}
	});
});

udp.on('message', (query, { port, address: from }) => {
	const reply = answer(query, false);
	if (reply) {
		setTimeout(() => {
			udp.send(reply.bytes, port, from);
		}, reply.late ? LATE : 0);
	}
});
udp.bind(PORT, address, () => tcp.listen(PORT, address));
