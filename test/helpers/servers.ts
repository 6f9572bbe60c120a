// SPDX-License-Identifier: GPL-2.0
// servers.ts - Servers on the host: on its loopback interface, or in a test's network

import { createServer } from 'node:net';

import type { ExecutionContext } from 'ava';

import { type Background, start, until } from './background.js';
import { type Command, run } from './command.js';
import { listening } from './listening.js';
import type { Netns } from './netns.js';

/** Not the first in PATH: that may be a script of a version manager. */
export const PYTHON = '/usr/bin/python3';

/** Any port, in a network that nobody else uses. */
const PORT = 5000;

/** A port of the host's loopback interface that is free now. */
export function freePort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const server = createServer();

		server.once('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const address = server.address();
			server.close(() => {
				resolve(typeof address === 'object' && address !== null ? address.port : 0);
			});
		});
	});
}

/** Waits until a port can be connected to; `enter` puts a command to where it can be tried. */
export function reachable(address: string, port: number, enter: (command: Command) => Command = (command) => command): Promise<void> {
	return until(`port ${port} of ${address}`, async () => {
		const { status } = await run(enter(['nc', '-z', '-w', '1', address, String(port)]));
		return status === 0;
	});
}

/** A server that listens, and its port. */
export interface Server extends Background {
	readonly port: number;
}

/** Starts a server of which `command` tells the command; ready when it listens. */
export async function serve(t: ExecutionContext, command: (port: string) => Command, net?: Netns): Promise<Server> {
	const port = net ? PORT : await freePort();
	const words = command(String(port));
	const server = start(t, net ? net.within(words) : words);

	await (net ? net.listening(port) : listening(port));
	return { ...server, port };
}

/** A server that takes one connection and tells how many bytes came. */
export async function byteCounter(t: ExecutionContext, net?: Netns): Promise<Server & { bytes(): Promise<number> }> {
	const server = await serve(t, (port) => ['nc', '-d', '-l', port], net);

	return {
		...server,
		async bytes() {
			await server.status();
			return server.output().length;
		},
	};
}

/** A web server of the files in a folder. */
export function fileServer(t: ExecutionContext, folder: string, net?: Netns): Promise<Server> {
	return serve(t, (port) => [PYTHON, '-m', 'http.server', port, '--bind', net ? '::' : '127.0.0.1', '--directory', folder], net);
}
