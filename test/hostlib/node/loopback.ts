// SPDX-License-Identifier: GPL-2.0
// loopback.ts - A kernel, and servers on its loopback device

import { once } from 'node:events';

import type { Server, Socket } from '../../../hostlib/node/index.js';
import { startKernel } from './kernel.js';

export const starting = startKernel();

/** A server that listens, and its port. */
export async function listen(onConnection: (socket: Socket) => void, options: { allowHalfOpen?: boolean; host?: string } = {}): Promise<{ server: Server; port: number }> {
	const { net } = await starting;
	const server = net.createServer(options, onConnection);

	server.listen({ host: options.host ?? '127.0.0.1' });
	await once(server, 'listening');
	return { server, port: server.address()?.port ?? 0 };
}

/** All that comes. */
export async function readAll(socket: Socket): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of socket) {
		chunks.push(chunk as Buffer);
	}
	return Buffer.concat(chunks);
}
