// SPDX-License-Identifier: GPL-2.0
// network.ts - Sockets on the network stack of the kernel; as node:net

import type { Queue } from '../queue.js';
import { SocketCalls } from './calls.js';
import { DatagramSocket } from './datagram.js';
import type { BindOptions, ConnectOptions, ServerOptions } from './options.js';
import { Server } from './server.js';
import { Socket } from './socket.js';

export class Network {
	private readonly calls: SocketCalls;

	/** @internal */
	constructor(queue: Queue) {
		this.calls = new SocketCalls(queue);
	}

	/** Connects; errors come as "error". */
	connect(options: ConnectOptions | number, listener?: () => void): Socket {
		const all = typeof options === 'number' ? { port: options } : options;
		const socket = new Socket(this.calls, all);

		if (listener !== undefined) {
			socket.once('connect', listener);
		}
		return socket.connect(all);
	}

	/** Makes a server, which is to listen(). */
	createServer(options?: ServerOptions | ((socket: Socket) => void), listener?: (socket: Socket) => void): Server {
		const server = new Server(this.calls, typeof options === 'function' ? {} : options);
		const connected = typeof options === 'function' ? options : listener;

		if (connected !== undefined) {
			server.on('connection', connected);
		}
		return server;
	}

	/** Makes a UDP socket that receives. */
	bindDatagram(type: 'udp4' | 'udp6', options: BindOptions = {}): Promise<DatagramSocket> {
		return DatagramSocket.create(this.calls, type, options);
	}
}
