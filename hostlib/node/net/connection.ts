// SPDX-License-Identifier: GPL-2.0
// connection.ts - What can be known of a connection, and set

import { Duplex } from 'node:stream';

import { invalid } from '../errors.js';
import { Hold } from '../hold.js';
import type { AddressInfo } from './address.js';
import { SOL_SOCKET, type SocketCalls } from './calls.js';
import type { ConnectOptions, ServerOptions } from './options.js';

const SO_KEEPALIVE = 9;
const IPPROTO_TCP = 6;
const TCP_NODELAY = 1;
const TCP_KEEPIDLE = 4;

export abstract class Connection extends Duplex {
	/** Bytes so far. */
	bytesRead = 0;
	bytesWritten = 0;
	connecting = false;
	/** Milliseconds, see setTimeout(). */
	timeout: number | undefined;
	protected fd = -1;
	protected peer: AddressInfo | undefined;
	protected local: AddressInfo | undefined;
	/** @internal */
	protected readonly holds: Hold;
	protected timer: NodeJS.Timeout | undefined;

	/** @internal */
	protected constructor(protected readonly calls: SocketCalls, { allowHalfOpen = false, signal }: Pick<ConnectOptions, 'allowHalfOpen' | 'signal'>) {
		super({ allowHalfOpen, ...(signal === undefined ? {} : { signal }) });
		this.holds = new Hold(calls.queue);
	}

	protected opened(fd: number, peer: AddressInfo | undefined, local: AddressInfo | undefined): void {
		this.fd = fd;
		this.peer = peer;
		this.local = local;
		this.holds.set(true);
		this.active();
		// Begins to read, also if nobody asks: to see the end.
		this.read(0);
	}

	protected configure({ noDelay = false, keepAlive = false, keepAliveInitialDelay }: ServerOptions): void {
		if (noDelay) {
			this.setNoDelay();
		}
		if (keepAlive) {
			this.setKeepAlive(true, keepAliveInitialDelay);
		}
	}

	/** Sends small pieces at once. */
	setNoDelay(noDelay = true): this {
		this.set(IPPROTO_TCP, TCP_NODELAY, Number(noDelay));
		return this;
	}

	/** @param initialDelay - milliseconds; 0: as it is */
	setKeepAlive(enable = false, initialDelay = 0): this {
		this.set(SOL_SOCKET, SO_KEEPALIVE, Number(enable));
		if (enable && initialDelay >= 1000) {
			this.set(IPPROTO_TCP, TCP_KEEPIDLE, Math.floor(initialDelay / 1000));
		}
		return this;
	}

	/** Emits "timeout" after some milliseconds without data; 0: never. */
	setTimeout(timeout: number, listener?: () => void): this {
		if (!(timeout >= 0 && Number.isFinite(timeout))) {
			throw invalid('timeout', 'a non-negative number', timeout);
		}
		this.timeout = timeout;
		if (listener !== undefined) {
			this.once('timeout', listener);
		}
		this.active();
		return this;
	}

	/** The own end. */
	address(): AddressInfo | Record<string, never> {
		return this.local ?? {};
	}

	get remoteAddress(): string | undefined { return this.peer?.address; }
	get remotePort(): number | undefined { return this.peer?.port; }
	get remoteFamily(): 'IPv4' | 'IPv6' | undefined { return this.peer?.family; }
	get localAddress(): string | undefined { return this.local?.address; }
	get localPort(): number | undefined { return this.local?.port; }
	get localFamily(): 'IPv4' | 'IPv6' | undefined { return this.local?.family; }
	get pending(): boolean { return this.peer === undefined; }

	/** Lets the process end though this is open. */
	unref(): this {
		this.holds.count(false);
		return this;
	}

	ref(): this {
		this.holds.count(true);
		return this;
	}

	private set(level: number, option: number, value: number): void {
		if (this.fd >= 0 && !this.destroyed) {
			this.calls.setOption(this.fd, level, option, value).catch(() => undefined);
		}
	}

	protected active(): void {
		clearTimeout(this.timer);
		if (this.timeout) {
			this.timer = setTimeout(() => {
				this.emit('timeout');
			}, this.timeout).unref();
		}
	}
}
