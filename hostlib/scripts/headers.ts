// SPDX-License-Identifier: GPL-2.0
// headers.ts - Read the kernel's headers of the user ABI

import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

import { addExtracts } from './extracts.js';

/** Remove what only the kernel's own build understands, as scripts/headers_install.sh does. */
export function clean(text: string): string {
	return text
		.replace(/\b(__user|__force|__iomem|__attribute_const__)\b[ \t]*/g, '')
		.replace(/^#include <linux\/compiler(_types)?\.h>.*$/gm, '')
		.replace(/\b__packed\b/g, '__attribute__((packed))')
		.replace(/(?<=^|[\s(])(inline|asm|volatile)(?=[\s(]|$)/gm, '__$1__');
}

/** Headers of ours that only include the host architecture's are replaced by those. */
function followHost(text: string, linux: string): string {
	return text.replace(/^#include <\.\.\/(arch\/[^>]+)>$/gm, (_, path: string) =>
		clean(readFileSync(join(linux, path), 'utf8')).replace(/^#ifdef __KERNEL__$/gm, '#if 0'));
}

/** C++ does not convert a void pointer by itself. */
function addCasts(headers: Map<string, string>): void {
	const ring = headers.get('linux/virtio_ring.h') ?? '';
	headers.set('linux/virtio_ring.h', ring.replace(/(vr->desc = )(p;)/, '$1(vring_desc_t *)$2')
		.replace(/(vr->used = )(\(void \*\))/, '$1(vring_used_t *)$2'));
}

/** Paths of the headers below a directory: "linux/stat.h". */
export function listHeaders(directory: string): string[] {
	return readdirSync(directory, { recursive: true, encoding: 'utf8' })
		.filter((entry) => entry.endsWith('.h'))
		.map((entry) => entry.split(sep).join('/'))
		.sort();
}

/**
 * Read all headers.
 * @param installed - directory that `make headers` filled
 * @param linux - directory of the kernel source
 * @returns text of each header by its path, "linux/stat.h"
 */
export function readHeaders(installed: string, linux: string): Map<string, string> {
	const headers = new Map<string, string>();
	for (const path of listHeaders(installed)) {
		headers.set(path, followHost(readFileSync(join(installed, path), 'utf8'), linux));
	}
	addCasts(headers);
	addExtracts(headers, linux);
	return headers;
}
