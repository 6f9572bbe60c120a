// SPDX-License-Identifier: GPL-2.0
// sockets.test.ts - kernel.net over the loopback device of the kernel

import { once } from 'node:events';

import test from 'ava';

import type { Socket } from '../../../hostlib/node/index.js';
import { listen, readAll, starting } from './loopback.js';

test('echo, addresses, both ends close', async (t) => {
	const { net } = await starting;
	const { server, port } = await listen((socket) => {
		socket.pipe(socket);
	});
	const client = net.connect({ port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 });

	client.end('hello');
	t.is((await readAll(client)).toString(), 'hello');
	t.like(client, { remoteAddress: '127.0.0.1', remotePort: port, remoteFamily: 'IPv4', localAddress: '127.0.0.1', bytesRead: 5, bytesWritten: 5 });
	t.true((client.localPort ?? 0) > 0);
	server.close();
	await once(server, 'close');
	t.false(server.listening);
});

test('IPv6', async (t) => {
	const { net } = await starting;
	const { server, port } = await listen((socket) => {
		socket.end(`${socket.remoteAddress ?? ''} ${socket.remoteFamily ?? ''}`);
	}, { host: '::1' });

	t.is((await readAll(net.connect({ port, host: '::1' }))).toString(), '::1 IPv6');
	t.deepEqual(server.address(), { address: '::1', family: 'IPv6', port });
	server.close();
});

test('half-open connections', async (t) => {
	const { net } = await starting;
	const { server, port } = await listen((socket) => {
		socket.resume().once('end', () => {
			setTimeout(() => socket.end('after the end'), 20);
		});
	}, { allowHalfOpen: true });
	const client = net.connect({ port, allowHalfOpen: true });

	client.end('x');
	t.is((await readAll(client)).toString(), 'after the end');
	server.close();
});

test('errors', async (t) => {
	const { net } = await starting;
	const { server, port } = await listen(() => undefined);

	const [refused] = await once(net.connect({ port: 1 }), 'error') as [Error];
	t.like(refused, { code: 'ECONNREFUSED', errno: -111, syscall: 'connect', address: '127.0.0.1', port: 1, message: 'ECONNREFUSED: connection refused, connect 127.0.0.1:1' });
	const [inUse] = await once(net.createServer().listen(port, '127.0.0.1'), 'error') as [Error];
	t.like(inUse, { code: 'EADDRINUSE', address: '127.0.0.1', port });
	t.throws(() => net.connect({ port: 70_000 }), { code: 'ERR_SOCKET_BAD_PORT' });
	const [named] = await once(net.connect({ port, host: 'example.org' }), 'error') as [Error];
	t.like(named, { code: 'ERR_INVALID_ARG_VALUE' });
	server.close();
});

test('reset, abort, timeout, destroy', async (t) => {
	const { net } = await starting;
	const accepted: Socket[] = [];
	const { server, port } = await listen((socket) => {
		accepted.push(socket.on('error', () => undefined));
		socket.once('data', () => socket.resetAndDestroy());
	});

	const reset = net.connect({ port });
	reset.write('x');
	reset.resume();
	t.like((await once(reset, 'error'))[0] as Error, { code: 'ECONNRESET', syscall: 'read' });

	const controller = new AbortController();
	const aborted = net.connect({ port, signal: controller.signal });
	await once(aborted, 'connect');
	controller.abort();
	t.like((await once(aborted, 'error'))[0] as Error, { name: 'AbortError' });

	const idle = net.connect({ port, timeout: 50 });
	await once(idle, 'timeout');
	idle.destroy();
	await once(idle, 'close');
	t.true(idle.destroyed);
	// 192.0.2.0/24 leads nowhere.
	const nowhere = net.connect({ port, host: '192.0.2.1' });
	nowhere.on('error', () => undefined).destroy();
	await once(nowhere, 'close');
	for (const socket of accepted) {
		socket.destroy();
	}
	server.close();
	await once(server, 'close');
});
