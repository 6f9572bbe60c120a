// SPDX-License-Identifier: GPL-2.0
// load.test.ts - kernel.net with much at once, and UDP

import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import test from 'ava';

import type { AddressInfo } from '../../../hostlib/node/index.js';
import { listen, readAll, starting } from './loopback.js';

test('64 MiB: a reader that does not read holds the writer back', async (t) => {
	const { net } = await starting;
	const chunk = randomBytes(1 << 20);
	const expected = createHash('sha256');
	let written = 0;
	const { server, port } = await listen((socket) => {
		void (async () => {
			for (let count = 0; count < 64; count++) {
				expected.update(chunk);
				written += chunk.length;
				if (!socket.write(chunk)) {
					await once(socket, 'drain');
				}
			}
			socket.end();
		})();
	});
	const client = net.connect({ port });
	await once(client, 'connect');
	await sleep(500);
	const held = written;
	t.true(held < 32 << 20, `${held} bytes were written without a reader`);
	await sleep(200);
	t.is(written, held);

	const got = createHash('sha256');
	let length = 0;
	for await (const part of client) {
		got.update(part as Buffer);
		length += (part as Buffer).length;
	}
	t.is(length, 64 << 20);
	t.is(got.digest('hex'), expected.digest('hex'));
	server.close();
});

test('200 sockets at once', async (t) => {
	const { net } = await starting;
	const { server, port } = await listen((socket) => {
		socket.pipe(socket);
	});
	const messages = Array.from({ length: 200 }, (_, index) => randomBytes(1000 + 300 * index));
	const clients = messages.map(() => net.connect({ port }));

	await Promise.all(clients.map((client) => once(client, 'connect')));
	const echoes = clients.map(readAll);
	clients.forEach((client, index) => client.end(messages[index]));
	const got = await Promise.all(echoes);
	t.true(got.every((bytes, index) => bytes.equals(messages[index] ?? Buffer.alloc(0))));
	server.close();
	await once(server, 'close');
});

test('sockets have their turn while files are read', async (t) => {
	const { fs, net } = await starting;
	const { server, port } = await listen((socket) => {
		socket.pipe(socket);
	});
	const client = net.connect({ port });
	let done = false;
	let reads = 0;

	await fs.writeFile('/file', 'x');
	const reading = Promise.all(Array.from({ length: 200 }, async () => {
		for (; !done; reads++) {
			await fs.readFile('/file');
		}
	}));
	for (let trips = 0; trips < 50; trips++) {
		client.write('x');
		await once(client, 'data');
	}
	done = true;
	await reading;
	t.true(reads > 200, `${reads} reads`);
	client.destroy();
	server.close();
});

test('UDP', async (t) => {
	const { net } = await starting;
	const server = await net.bindDatagram('udp4', { address: '127.0.0.1' });
	const client = await net.bindDatagram('udp4');

	server.on('message', (message, from) => {
		void server.send(`${message.toString()} echoed`, from.port, from.address);
	});
	const answer = once(client, 'message') as Promise<[Buffer, AddressInfo]>;
	await client.send('datagram', server.address()?.port ?? 0);
	const [message, from] = await answer;
	t.is(message.toString(), 'datagram echoed');
	t.deepEqual(from, server.address());
	await Promise.all([client.close(), server.close()]);
});
