// SPDX-License-Identifier: GPL-2.0
// library.ts - The functions of liblkl-fs.so, see hostlib/include/lkl_fs.h

import ffi from 'ffi-napi';

import { locate } from '../launcher/library.js';

export const lib = ffi.Library(locate('liblkl-fs.so'), {
	lkl_fs_new: ['pointer', []],
	lkl_fs_free: ['void', ['pointer']],
	lkl_fs_set_progress: ['void', ['pointer', 'pointer']],
	lkl_fs_set_totals: ['void', ['pointer']],
	lkl_fs_set_kernel_log: ['void', ['pointer']],
	lkl_fs_set_memory: ['void', ['pointer', 'uint']],
	lkl_fs_exclude: ['int', ['pointer', 'string']],
	lkl_fs_set_owner: ['void', ['pointer', 'longlong', 'longlong']],
	lkl_fs_set_label: ['int', ['pointer', 'string']],
	lkl_fs_set_numeric: ['void', ['pointer']],
	lkl_fs_set_labels_fd: ['void', ['pointer', 'int']],
	lkl_fs_open: ['int', ['pointer', 'string', 'uint', 'string', 'string', 'uint']],
	lkl_fs_close: ['int', ['pointer']],
	lkl_fs_to_tar: ['int', ['pointer', 'int']],
	lkl_fs_add_source: ['int', ['pointer', 'string']],
	lkl_fs_copy_in: ['int', ['pointer', 'string']],
	lkl_fs_copy_out: ['int', ['pointer', 'string']],
	lkl_fs_put: ['int', ['pointer', 'int', 'string']],
	lkl_fs_get: ['int', ['pointer', 'int']],
	lkl_fs_messages: ['string', ['pointer']],
});

/** LKL_FS_WRITE */
export const WRITE = 1;

/** Counters that the library keeps up while it works; the names are those of struct lkl_fs_progress. */
export class Counters {
	readonly memory = Buffer.alloc(6 * 8);

	#read(index: number): number {
		return Number(this.memory.readBigUInt64LE(8 * index));
	}

	get files(): number {
		return this.#read(0);
	}

	get bytes(): number {
		return this.#read(1);
	}

	get totalFiles(): number {
		return this.#read(2);
	}

	get totalBytes(): number {
		return this.#read(3);
	}

	get failed(): number {
		return this.#read(4);
	}

	/** Have the work end early. */
	cancel(): void {
		this.memory.writeBigUInt64LE(1n, 8 * 5);
	}
}

/** The result of a call that takes its time: it is made in another thread. */
export function later(call: (done: (error: unknown, result: number) => void) => void): Promise<number> {
	return new Promise((resolve, reject) => {
		call((error, result) => {
			if (error instanceof Error) {
				reject(error);
			} else {
				resolve(result);
			}
		});
	});
}
