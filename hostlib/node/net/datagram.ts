// SPDX-License-Identifier: GPL-2.0
// datagram.ts - UDP sockets of the kernel

import { EventEmitter } from 'node:events';

import { hasCode } from '../errors.js';
import { Hold } from '../hold.js';
import { AF_INET, AF_INET6, type AddressInfo, checkPort, toAddress } from './address.js';
import { SOCK_DGRAM, type SocketCalls } from './calls.js';
import type { BindOptions } from './options.js';

/** Events: "message" with a Buffer of 16128 bytes at most and an address, "error", "close". */
export class DatagramSocket extends EventEmitter<{ message: [Buffer, AddressInfo]; error: [unknown]; close: [] }> {
	private closed = false;
	private bound: AddressInfo | undefined;
	private readonly holds: Hold;

	private constructor(private readonly calls: SocketCalls, private readonly fd: number) {
		super();
		this.holds = new Hold(calls.queue);
		this.holds.set(true);
	}

	/** @internal */
	static async create(calls: SocketCalls, type: 'udp4' | 'udp6', { port = 0, address = type === 'udp4' ? '0.0.0.0' : '::' }: BindOptions): Promise<DatagramSocket> {
		const fd = await calls.socket(type === 'udp4' ? AF_INET : AF_INET6, SOCK_DGRAM);
		const socket = new DatagramSocket(calls, fd);

		try {
			await calls.bind(fd, toAddress(address), checkPort(port));
			socket.bound = await calls.name(fd);
		} catch (error) {
			await socket.close();
			throw error;
		}
		void socket.receive();
		return socket;
	}

	private async receive(): Promise<void> {
		while (!this.closed) {
			try {
				const { bytes, from } = await this.calls.receiveFrom(this.fd);
				if (from !== undefined) {
					this.emit('message', bytes, from);
				}
			} catch (error) {
				// What came back for a datagram that was sent is not the end.
				if (!hasCode(error, 'ECONNREFUSED', 'EHOSTUNREACH')) {
					this.fail(error);
					return;
				}
			}
		}
	}

	private fail(error: unknown): void {
		if (!this.closed) {
			this.emit('error', error);
		}
	}

	send(message: string | Uint8Array, port: number, address = '127.0.0.1'): Promise<void> {
		return this.calls.sendTo(this.fd, Buffer.from(message), toAddress(address), checkPort(port));
	}

	address(): AddressInfo | undefined {
		return this.bound;
	}

	async close(): Promise<void> {
		if (!this.closed) {
			this.closed = true;
			await this.calls.close(this.fd);
			this.holds.set(false);
			this.emit('close');
		}
	}

	unref(): this {
		this.holds.count(false);
		return this;
	}

	ref(): this {
		this.holds.count(true);
		return this;
	}
}
