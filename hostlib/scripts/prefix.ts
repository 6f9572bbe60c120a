// SPDX-License-Identifier: GPL-2.0
// prefix.ts - The name that an identifier of the kernel has for applications

/** Names of C itself and of <stdint.h>, <stddef.h>: the same for everybody. */
const COMMON = new Set([
	'NULL', 'offsetof', 'bool', 'true', 'false', 'size_t', 'uintptr_t', 'intptr_t', 'inline', '__inline__',
	...['8', '16', '32', '64'].flatMap((bits) => [`int${bits}_t`, `uint${bits}_t`]),
]);

export function isCommon(name: string): boolean {
	return COMMON.has(name);
}

/**
 * open_how → lkl_open_how, O_RDONLY → LKL_O_RDONLY, __u32 → __lkl__u32,
 * __NR_open → __lkl__NR_open, _IOC → _LKL_IOC
 */
export function prefix(name: string): string {
	const tag = /[a-z]/.test(name) ? 'lkl' : 'LKL';
	const underscores = name.startsWith('__') ? '__' : name.startsWith('_') ? '_' : '';
	return underscores ? underscores + tag + name : `${tag}_${name}`;
}

/** The name that prefix() made this one of. */
export function unprefix(name: string): string {
	return name.replace(/^(?:_{1,2}(?:lkl|LKL)(?=_)|lkl_|LKL_)/, '');
}
