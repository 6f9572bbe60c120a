// SPDX-License-Identifier: GPL-2.0
// server.ts - A TCP server of the kernel; as net.Server

import { EventEmitter } from 'node:events';
import { isIPv6 } from 'node:net';

import { Hold } from '../hold.js';
import { AF_INET, AF_INET6, type AddressInfo, checkPort, toAddress } from './address.js';
import { SOCK_STREAM, SOL_SOCKET, type SocketCalls } from './calls.js';
import type { ListenOptions, ServerOptions } from './options.js';
import { Socket } from './socket.js';

const SO_REUSEADDR = 2;

/** Events: "listening", "connection" with a Socket, "error", "close". */
export class Server extends EventEmitter<{ connection: [Socket]; listening: []; error: [unknown]; close: [] }> {
	private fd = -1;
	private bound: AddressInfo | undefined;
	private closed = false;
	private opening: Promise<void> = Promise.resolve();
	private readonly holds: Hold;
	private readonly sockets = new Set<Socket>();

	/** @internal */
	constructor(private readonly calls: SocketCalls, private readonly options: ServerOptions = {}) {
		super();
		this.holds = new Hold(calls.queue);
	}

	get listening(): boolean {
		return this.bound !== undefined && !this.closed;
	}

	listen(options: ListenOptions, listener?: () => void): this;
	listen(port?: number, host?: string | (() => void), listener?: () => void): this;
	listen(first: ListenOptions | number = {}, second?: string | (() => void), third?: () => void): this {
		const { port = 0, host = '0.0.0.0', backlog = 511, signal }: ListenOptions = typeof first === 'number'
			? { port: first, ...(typeof second === 'string' ? { host: second } : {}) }
			: first;
		const listener = typeof second === 'function' ? second : third;

		checkPort(port);
		if (listener !== undefined) {
			this.once('listening', listener);
		}
		this.holds.set(true);
		signal?.addEventListener('abort', () => this.close(), { once: true });
		this.opening = this.open(toAddress(host), port, backlog).catch((error: unknown) => {
			this.holds.set(false);
			this.emit('error', error);
		});
		return this;
	}

	private async open(address: string, port: number, backlog: number): Promise<void> {
		const { calls } = this;
		const fd = await calls.socket(isIPv6(address.split('%')[0] ?? '') ? AF_INET6 : AF_INET, SOCK_STREAM);

		try {
			await calls.setOption(fd, SOL_SOCKET, SO_REUSEADDR, 1);
			await calls.bind(fd, address, port);
			await calls.listen(fd, backlog, { syscall: 'listen', address, port });
			this.bound = await calls.name(fd);
		} catch (error) {
			await calls.close(fd);
			throw error;
		}
		this.fd = fd;
		if (!this.closed) {
			this.emit('listening');
			void this.accept();
		}
	}

	private async accept(): Promise<void> {
		try {
			while (!this.closed) {
				for (const accepted of await this.calls.accept(this.fd)) {
					this.connected(Socket.accepted(this.calls, accepted, this.options));
				}
			}
		} catch (error) {
			this.fail(error);
		}
	}

	/** What ends it is no error if it was closed. */
	private fail(error: unknown): void {
		if (!this.closed) {
			this.emit('error', error);
		}
	}

	private connected(socket: Socket): void {
		if (this.closed) {
			socket.destroy();
			return;
		}
		this.sockets.add(socket);
		socket.once('close', () => {
			this.sockets.delete(socket);
			this.finish();
		});
		this.emit('connection', socket);
	}

	/** The address it listens on; null before "listening". */
	address(): AddressInfo | null {
		return this.bound ?? null;
	}

	/** Takes no more connections; "close" comes when those that are open have ended. */
	close(callback?: (error?: Error) => void): this {
		if (callback !== undefined) {
			if (this.closed || this.bound === undefined) {
				queueMicrotask(() => {
					callback(Object.assign(new Error('Server is not running.'), { code: 'ERR_SERVER_NOT_RUNNING' }));
				});
			} else {
				this.once('close', callback);
			}
		}
		if (!this.closed) {
			this.closed = true;
			void this.opening.then(async () => {
				if (this.fd >= 0) {
					await this.calls.close(this.fd).catch(() => undefined);
					this.fd = -1;
				}
				this.holds.set(false);
				this.finish();
			});
		}
		return this;
	}

	/** Destroys all connections that are open. */
	closeAllConnections(): void {
		for (const socket of this.sockets) {
			socket.destroy();
		}
	}

	/** Lets the process end though this is open. */
	unref(): this {
		this.holds.count(false);
		return this;
	}

	ref(): this {
		this.holds.count(true);
		return this;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await new Promise<void>((resolve) => {
			this.close(() => {
				resolve();
			});
		});
	}

	private finish(): void {
		if (this.closed && this.fd < 0 && this.sockets.size === 0) {
			this.emit('close');
		}
	}
}
