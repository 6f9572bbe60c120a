// SPDX-License-Identifier: GPL-2.0
// socket.ts - A TCP connection of the kernel as a stream; as net.Socket

import { isIPv6 } from 'node:net';

import { hasCode } from '../errors.js';
import { AF_INET, AF_INET6, checkPort, toAddress } from './address.js';
import { type Accepted, SHUT_WR, SOCK_STREAM, type SocketCalls } from './calls.js';
import { Connection } from './connection.js';
import type { ConnectOptions, ServerOptions } from './options.js';
import { Receiver } from './receiver.js';

/**
 * Events: those of a Duplex, "connect", "ready", "timeout", "close" with whether there was an error.
 */
export class Socket extends Connection {
	private readonly receiver: Receiver;
	private opening: Promise<void> | undefined;

	/** @internal */
	constructor(calls: SocketCalls, options: Pick<ConnectOptions, 'allowHalfOpen' | 'signal'> = {}) {
		super(calls, options);
		this.receiver = new Receiver(calls);
	}

	/** @internal */
	static accepted(calls: SocketCalls, { fd, peer, local }: Accepted, options: ServerOptions): Socket {
		const socket = new Socket(calls, options);
		socket.opened(fd, peer, local);
		socket.configure(options);
		return socket;
	}

	/** Connects; for kernel.net.connect(). */
	connect(options: ConnectOptions): this {
		const port = checkPort(options.port);
		const address = toAddress(options.host ?? '127.0.0.1');

		if (options.localPort !== undefined) {
			checkPort(options.localPort, 'localPort');
		}
		if (this.fd >= 0 || this.connecting) {
			throw Object.assign(new Error('Socket is connected, or connecting, already'), { code: 'EISCONN' });
		}
		this.connecting = true;
		this.holds.set(true);
		if (options.timeout !== undefined) {
			this.setTimeout(options.timeout);
		}
		this.opening = this.open(address, port, options).catch((error: unknown) => {
			this.connecting = false;
			this.destroy(error as Error);
		});
		return this;
	}

	private async open(address: string, port: number, options: ConnectOptions): Promise<void> {
		const { calls } = this;
		const fd = await calls.socket(isIPv6(address.split('%')[0] ?? '') ? AF_INET6 : AF_INET, SOCK_STREAM);

		this.fd = fd;
		if (this.destroyed) {
			await calls.close(fd);
			return;
		}
		if (options.localAddress !== undefined || options.localPort !== undefined) {
			await calls.bind(fd, options.localAddress ?? (isIPv6(address) ? '::' : '0.0.0.0'), options.localPort ?? 0);
		}
		await calls.connect(fd, address, port);
		const [local, peer] = await Promise.all([calls.name(fd), calls.name(fd, 'getpeername')]);
		this.connected({ fd, peer, local }, options);
	}

	private connected({ fd, peer, local }: Accepted, options: ConnectOptions): void {
		if (!this.destroyed) {
			this.connecting = false;
			this.opened(fd, peer, local);
			this.configure(options);
			this.emit('connect');
			this.emit('ready');
		}
	}

	override _read(): void {
		if (this.connecting) {
			this.once('connect', () => {
				this._read();
			});
			return;
		}
		this.receiver.receive(this.fd).then((bytes) => {
			if (!this.destroyed) {
				this.bytesRead += bytes.length;
				this.active();
				this.push(bytes.length === 0 ? null : bytes);
				if (bytes.length === 0) {
					// The end is told also if nobody reads, and there is nothing left to be read.
					this.read(0);
				}
			}
		}, (error: unknown) => {
			if (!this.destroyed) {
				this.destroy(error as Error);
			}
		});
	}

	override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
		if (this.connecting) {
			this.once('connect', () => {
				this._write(chunk, _encoding, callback);
			});
			return;
		}
		this.calls.send(this.fd, chunk).then(() => {
			this.bytesWritten += chunk.length;
			this.active();
			callback();
		}, callback);
	}

	override _writev(chunks: { chunk: Buffer; encoding: BufferEncoding }[], callback: (error?: Error | null) => void): void {
		this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), 'utf8', callback);
	}

	override _final(callback: (error?: Error | null) => void): void {
		if (this.connecting) {
			this.once('connect', () => {
				this._final(callback);
			});
			return;
		}
		this.calls.shutdown(this.fd, SHUT_WR).then(() => {
			callback();
		}, (error: unknown) => {
			// The other side was faster.
			callback(hasCode(error, 'ENOTCONN') ? null : error as Error);
		});
	}

	override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
		const { fd, opening } = this;
		clearTimeout(this.timer);
		this.connecting = false;
		// What waits for the socket ends with it.
		const closed = fd >= 0 ? this.calls.close(fd).catch(() => undefined) : opening ?? Promise.resolve();
		void closed.then(() => {
			this.holds.set(false);
			callback(error);
		});
	}

	/** Closes the connection with a reset. */
	resetAndDestroy(): this {
		if (this.fd >= 0 && !this.destroyed) {
			this.calls.setLinger(this.fd).catch(() => undefined);
		}
		return this.destroy();
	}
}
