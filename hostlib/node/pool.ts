// SPDX-License-Identifier: GPL-2.0
// pool.ts - The slots that are free; the one used last, which is in the cache, is taken first

import { ref } from './ffi.js';
import { library } from './library.js';
import { Slot, SLOT_SIZE } from './slot.js';

/** LKL_ASYNC_SLOTS */
const SLOTS = 256;

export class Pool {
	private readonly free: Slot[] = [];
	private slots = 0;

	take(): Slot {
		return this.free.pop() ?? this.grow();
	}

	give(slot: Slot): void {
		slot.clear();
		this.free.push(slot);
	}

	private grow(): Slot {
		const pointer = library().lkl_async_grow();
		if (ref.isNull(pointer)) {
			throw Object.assign(new Error('ENOMEM: no memory for more requests'), { code: 'ENOMEM', errno: -12, syscall: 'mmap' });
		}
		const segment = ref.reinterpret(pointer, SLOTS * SLOT_SIZE, 0);
		const base = ref.address(segment);
		for (let index = SLOTS - 1; index >= 0; index--) {
			this.free.push(new Slot(segment, base, this.slots + index, index));
		}
		this.slots += SLOTS;
		return this.take();
	}
}
