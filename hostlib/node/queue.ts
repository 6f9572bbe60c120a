// SPDX-License-Identifier: GPL-2.0
// queue.ts - Calls of the kernel, made by threads of the library; see hostlib/include/lkl_async.h

import { Socket, type SocketConstructorOpts } from 'node:net';

import type { Pointer } from 'ref-napi';

import { ref } from './ffi.js';
import { library } from './library.js';
import { Pool } from './pool.js';
import type { Slot } from './slot.js';

const SUBMITTED = 0;
const AWAKE = 1;
const COMPLETED = 2;
const NOTIFIED = 3;

/** What to do when a request is done; throws what the caller is to get as an error. */
type Take<T> = (result: number, slot: Slot) => T;

interface Pending {
	readonly slot: Slot;
	readonly counts: boolean;
	readonly done: () => void;
}

/** The queue; there is one in a process. */
export class Queue {
	private readonly head: Int32Array;
	private readonly pipe: Socket;
	private readonly pool = new Pool();
	private readonly pending: (Pending | undefined)[] = [];
	/** Whatever has to keep the process. */
	private holders = 0;
	private willRing = false;

	constructor() {
		const fd = Buffer.alloc(4);
		const head = library().lkl_async_start(fd as unknown as Pointer<unknown>);

		if (ref.isNull(head)) {
			throw new Error('There is one kernel in a process: another thread of this one has it');
		}
		const bytes = ref.reinterpret(head, 16, 0);
		this.head = new Int32Array(bytes.buffer, bytes.byteOffset, 4);
		this.pipe = new Socket({
			fd: fd.readInt32LE(0),
			readable: true,
			writable: false,
			onread: {
				buffer: Buffer.alloc(64),
				callback: () => {
					this.drain();
					return true;
				},
			},
		} as SocketConstructorOpts);
		this.pipe.unref();
	}

	/**
	 * Makes a request.
	 *
	 * @param fill - writes it; may throw
	 * @param take - makes a value of the result, while the slot is still there
	 * @param counts - has it to keep the process?
	 */
	request<T>(fill: (slot: Slot) => void, take: Take<T>, counts = true): Promise<T> {
		return new Promise((resolve, reject) => {
			const slot = this.pool.take();
			try {
				fill(slot);
			} catch (error) {
				this.pool.give(slot);
				throw error;
			}
			this.pending[slot.id] = {
				slot,
				counts,
				done: () => {
					try {
						resolve(take(slot.result, slot));
					} catch (error) {
						reject(error instanceof Error ? error : new Error(String(error)));
					}
				},
			};
			if (counts) {
				this.hold();
			}
			this.submit(slot);
		});
	}

	/** Executes a request while everything else of this thread waits: for the end of the process. */
	wait<T>(fill: (slot: Slot) => void, take: Take<T>): T {
		const slot = this.pool.take();
		fill(slot);
		const error = library().lkl_async_wait(slot.id);
		return take(error === 0 ? slot.result : error, slot);
	}

	/** Keeps the process from ending, until release() is called as often. */
	hold(): void {
		if (this.holders++ === 0) {
			this.pipe.ref();
		}
	}

	release(): void {
		if (--this.holders === 0) {
			this.pipe.unref();
		}
	}

	/** Nothing will be asked any more. */
	end(): void {
		this.pipe.destroy();
	}

	private submit(slot: Slot): void {
		const { head } = this;
		let first;

		do {
			first = Atomics.load(head, SUBMITTED);
			slot.words[0] = first;
		} while (Atomics.compareExchange(head, SUBMITTED, first, slot.id + 1) !== first);
		// All that is asked for in this turn of the event loop needs one ring.
		if (!this.willRing && Atomics.load(head, AWAKE) === 0) {
			this.willRing = true;
			process.nextTick(() => {
				this.willRing = false;
				if (Atomics.load(head, AWAKE) === 0) {
					library().lkl_async_ring();
				}
			});
		}
	}

	private drain(): void {
		const { head } = this;

		for (;;) {
			const ids: number[] = [];
			for (let next = Atomics.exchange(head, COMPLETED, 0); next !== 0;) {
				ids.push(next - 1);
				next = this.pending[next - 1]?.slot.words[0] ?? 0;
			}
			for (let index = ids.length - 1; index >= 0; index--) {
				this.finish(ids[index] ?? -1);
			}
			if (ids.length === 0) {
				Atomics.store(head, NOTIFIED, 0);
				if (Atomics.load(head, COMPLETED) === 0) {
					return;
				}
			}
		}
	}

	private finish(id: number): void {
		const request = this.pending[id];

		if (request !== undefined) {
			this.pending[id] = undefined;
			request.done();
			this.pool.give(request.slot);
			if (request.counts) {
				this.release();
			}
		}
	}
}
