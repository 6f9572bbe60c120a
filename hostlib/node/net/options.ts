// SPDX-License-Identifier: GPL-2.0
// options.ts - Options of sockets; those of node:net that make sense here

/** Of connect(). */
export interface ConnectOptions {
	readonly port: number;
	/** An address (or "localhost"); names are not looked up. Default: 127.0.0.1 */
	readonly host?: string;
	readonly localAddress?: string;
	readonly localPort?: number;
	/** Keep the writable side open when the other side ends. Default: false */
	readonly allowHalfOpen?: boolean;
	readonly noDelay?: boolean;
	readonly keepAlive?: boolean;
	/** Milliseconds. */
	readonly keepAliveInitialDelay?: number;
	/** Milliseconds without data after which "timeout" is emitted. */
	readonly timeout?: number;
	/** Destroys the socket. */
	readonly signal?: AbortSignal;
}

/** Of listen(). */
export interface ListenOptions {
	/** 0: any. Default: 0 */
	readonly port?: number;
	/** An address; default: 0.0.0.0 */
	readonly host?: string;
	/** Connections that wait to be accepted. Default: 511 */
	readonly backlog?: number;
	/** Closes the server. */
	readonly signal?: AbortSignal;
}

/** Of createServer(). */
export interface ServerOptions {
	readonly allowHalfOpen?: boolean;
	readonly noDelay?: boolean;
	readonly keepAlive?: boolean;
	readonly keepAliveInitialDelay?: number;
}

/** Of bindDatagram(). */
export interface BindOptions {
	/** 0: any. Default: 0 */
	readonly port?: number;
	/** Default: all addresses */
	readonly address?: string;
}
