// SPDX-License-Identifier: GPL-2.0
// library.ts - What is called of liblkl.so, and addresses of what its threads are to call

import { ffi, ref } from './ffi.js';
import { locate } from './locate.js';

function load() {
	return ffi.Library(locate('liblkl.so'), {
		lkl_async_start: ['pointer', ['pointer']],
		lkl_async_grow: ['pointer', []],
		lkl_async_ring: ['void', []],
		lkl_async_wait: ['int', ['uint']],
		lkl_is_running: ['int', []],
		lkl_error_name: ['string', ['int']],
		lkl_strerror: ['string', ['int']],
	});
}

let loaded: ReturnType<typeof load> | undefined;

/** The library; loaded when it is first needed. */
export function library(): ReturnType<typeof load> {
	loaded ??= load();
	return loaded;
}

const libraries = new Map<string, ReturnType<typeof ffi.DynamicLibrary>>();

/** Address of a function. */
export function addressOf(name: string, file = 'liblkl.so'): number {
	let opened = libraries.get(file);

	if (opened === undefined) {
		opened = ffi.DynamicLibrary(locate(file), ffi.DynamicLibrary.FLAGS.RTLD_NOW);
		libraries.set(file, opened);
	}
	return ref.address(opened.get(name));
}
