// SPDX-License-Identifier: GPL-2.0
// slirp.test.ts - Between Node's own sockets on the host and those of the kernel, over a user-mode network

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

import test from 'ava';

import { freePort } from '../../helpers/servers.js';
import { startKernel } from './kernel.js';

const HOST = '10.0.2.2';

const forwarded = freePort();
const starting = startKernel(forwarded.then((port) => ({ interfaces: [{ type: 'slirp', param: `tcp:${port}:80` }] })));

async function readAll(socket: AsyncIterable<Buffer>): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of socket) {
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}

test('a client of the host, a server of the kernel', async (t) => {
	const kernel = await starting;
	const bytes = randomBytes(1 << 20);
	const server = kernel.net.createServer((socket) => {
		socket.pipe(socket);
	});

	server.listen(80);
	await once(server, 'listening');
	const client = connect(await forwarded, '127.0.0.1');
	client.end(bytes);
	t.true((await readAll(client)).equals(bytes));
	server.close();
	await once(server, 'close');
});

test('a client of the kernel, a server of the host', async (t) => {
	const kernel = await starting;
	const bytes = randomBytes(1 << 20);
	const server = createServer((socket) => {
		socket.pipe(socket);
	});

	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const client = kernel.net.connect({ host: HOST, port: (server.address() as AddressInfo).port });
	client.end(bytes);
	t.true((await readAll(client)).equals(bytes));
	t.is(client.localAddress, '10.0.2.15');
	server.close();
});

test('interfaces come and go', async (t) => {
	const kernel = await starting;

	t.is(kernel.interfaces.length, 1);
	const added = await kernel.addInterface({ type: 'slirp', ip: '10.9.0.15', masklen: 24, mtu: 1400 });
	t.true(added.ifindex > (kernel.interfaces[0]?.ifindex ?? 0));
	await added.remove();
	await added.remove();
	t.like(await t.throwsAsync(kernel.addInterface({ type: 'slirp', mtu: 7, colour: 'red' } as object)), {
		code: 'ERR_LKL_SETTINGS',
		message: 'interfaces[0].colour: no such setting\ninterfaces[0].mtu=7: expected 68 to 65535',
	});
});
