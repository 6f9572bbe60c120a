// SPDX-License-Identifier: GPL-2.0
// calls.ts - Requests for sockets; see hostlib/async/socket.c

import { check, type Failed } from '../errors.js';
import { SYS } from '../numbers.js';
import type { Queue } from '../queue.js';
import { type Argument, OP, OUT, type Slot } from '../slot.js';
import { ADDRESS_SIZE, type AddressInfo, readAddress, writeAddress } from './address.js';

const SOCK_NONBLOCK = 0x800;
const SOCK_CLOEXEC = 0x80000;
export const SOCK_STREAM = 1;
export const SOCK_DGRAM = 2;
export const SHUT_WR = 1;
export const SOL_SOCKET = 1;
const SO_LINGER = 13;

/** A connection that was accepted. */
export interface Accepted {
	readonly fd: number;
	readonly peer: AddressInfo | undefined;
	readonly local: AddressInfo | undefined;
}

const PEER_SIZE = 64;
/** Room for a datagram: what is longer is cut. */
const DATAGRAM = 16128;
const MAX_PEERS = 64;

/** Calls; they never keep the process, their sockets do. */
export class SocketCalls {
	constructor(readonly queue: Queue) {}

	private call<T>(failed: Failed, fill: (slot: Slot) => readonly Argument[], take: (result: number, slot: Slot) => T, op: number = OP.syscall): Promise<T> {
		return this.queue.request((slot) => {
			slot.set(op, ...fill(slot));
		}, (result, slot) => take(check(result, failed), slot), false);
	}

	socket(family: number, type: number): Promise<number> {
		return this.call({ syscall: 'socket' }, () => [SYS.socket, family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0], (fd) => fd);
	}

	bind(fd: number, address: string, port: number): Promise<void> {
		return this.call({ syscall: 'bind', address, port }, (slot) => {
			writeAddress(slot.data.subarray(OUT), address, port);
			return [SYS.bind, fd, slot.address + OUT, ADDRESS_SIZE];
		}, () => undefined);
	}

	connect(fd: number, address: string, port: number): Promise<void> {
		return this.call({ syscall: 'connect', address, port }, (slot) => {
			writeAddress(slot.data.subarray(OUT), address, port);
			return [fd, slot.address + OUT, ADDRESS_SIZE];
		}, () => undefined, OP.connect);
	}

	listen(fd: number, backlog: number, failed: Failed): Promise<void> {
		return this.call(failed, () => [SYS.listen, fd, backlog], () => undefined);
	}

	accept(fd: number): Promise<Accepted[]> {
		return this.call({ syscall: 'accept' }, (slot) => [fd, slot.address, MAX_PEERS], (count, slot) =>
			Array.from({ length: count }, (_, index) => {
				const at = index * PEER_SIZE;
				return {
					fd: slot.data.readInt32LE(at),
					peer: readAddress(slot.data.subarray(at + 4)),
					local: readAddress(slot.data.subarray(at + 4 + ADDRESS_SIZE)),
				};
			}), OP.accept);
	}

	/** The own address, or that of the other side. */
	name(fd: number, which: 'getsockname' | 'getpeername' = 'getsockname'): Promise<AddressInfo | undefined> {
		return this.call({ syscall: which }, (slot) => {
			slot.data.writeInt32LE(ADDRESS_SIZE, OUT + ADDRESS_SIZE);
			return [SYS[which], fd, slot.address + OUT, slot.address + OUT + ADDRESS_SIZE];
		}, (_, slot) => readAddress(slot.data.subarray(OUT)));
	}

	setOption(fd: number, level: number, option: number, value: number): Promise<void> {
		return this.call({ syscall: 'setsockopt' }, (slot) => {
			slot.data.writeInt32LE(value, OUT);
			return [SYS.setsockopt, fd, level, option, slot.address + OUT, 4];
		}, () => undefined);
	}

	/** Has close() reset the connection. */
	setLinger(fd: number): Promise<void> {
		return this.call({ syscall: 'setsockopt' }, (slot) => {
			// struct linger: on, 0 seconds.
			slot.data.writeInt32LE(1, OUT);
			slot.data.writeInt32LE(0, OUT + 4);
			return [SYS.setsockopt, fd, SOL_SOCKET, SO_LINGER, slot.address + OUT, 8];
		}, () => undefined);
	}

	/** Receives into the slot: a copy of what is there, at most 16256 bytes. */
	receive(fd: number): Promise<Buffer> {
		return this.call({ syscall: 'read' }, (slot) => [fd, slot.address, slot.data.length, 0, 0, 0],
			(length, slot) => Buffer.from(slot.data.subarray(0, length)), OP.recv);
	}

	/** Receives into a buffer; number of bytes. */
	receiveInto(fd: number, buffer: Buffer): Promise<number> {
		return this.call({ syscall: 'read' }, () => [fd, buffer, buffer.length, 0, 0, 0], (length) => length, OP.recv);
	}

	/** Sends all of some bytes. */
	send(fd: number, bytes: Buffer): Promise<void> {
		return this.call({ syscall: 'write' }, (slot) => {
			const copied = bytes.length <= slot.data.length && bytes.copy(slot.data) === bytes.length;
			return [fd, copied ? slot.address : bytes, bytes.length, 0, 0, 0];
		}, () => undefined, OP.send);
	}

	/** Receives a datagram; where it is from. */
	receiveFrom(fd: number): Promise<{ bytes: Buffer; from: AddressInfo | undefined }> {
		return this.call({ syscall: 'recvmsg' }, (slot) => {
			slot.data.writeInt32LE(ADDRESS_SIZE, DATAGRAM);
			return [fd, slot.address, DATAGRAM, 0, slot.address + DATAGRAM + 4, slot.address + DATAGRAM];
		}, (length, slot) => ({ bytes: Buffer.from(slot.data.subarray(0, length)), from: readAddress(slot.data.subarray(DATAGRAM + 4)) }), OP.recv);
	}

	/** Sends a datagram. */
	sendTo(fd: number, bytes: Buffer, address: string, port: number): Promise<void> {
		return this.call({ syscall: 'send', address, port }, (slot) => {
			writeAddress(slot.data.subarray(OUT), address, port);
			return [fd, bytes, bytes.length, 0, slot.address + OUT, ADDRESS_SIZE];
		}, () => undefined, OP.send);
	}

	shutdown(fd: number, how: number): Promise<void> {
		return this.call({ syscall: 'shutdown' }, () => [SYS.shutdown, fd, how], () => undefined);
	}

	/** Closes a socket; calls that wait for it fail with ECANCELED. */
	close(fd: number): Promise<void> {
		return this.call({ syscall: 'close' }, () => [fd], () => undefined, OP.close);
	}
}
