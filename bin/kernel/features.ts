// SPDX-License-Identifier: GPL-2.0
// features.ts - What the kernel library has built in

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { QDISC_KINDS } from '../../config/kinds/entries.js';
import type { Kernel } from './lkl.js';

/** What the kernel has. */
export interface Features {
	/** "Linux version 6.12…" */
	readonly version: string;
	readonly qdiscs: readonly string[];
	readonly congestionControls: readonly string[];
	readonly fileSystems: readonly string[];
	/** Names with slashes; of an interface those of "default" are given. */
	readonly sysctls: readonly string[];
}

const FILE = 'kernel.json';
const LO = 1;
const ENOENT = 2;
const SYS = '/proc/sys';

function sysctls(kernel: Kernel, folder: string): string[] {
	return kernel.readDirectory(`${SYS}${folder}`).flatMap(({ name, isDirectory }) => {
		const path = `${folder}/${name}`;
		return isDirectory ? sysctls(kernel, path) : [path.slice(1)];
	});
}

/** Asks a kernel that runs. */
export function readFeatures(kernel: Kernel): Features {
	return {
		version: kernel.readFile('/proc/version').trim(),
		qdiscs: QDISC_KINDS.filter((kind) => kernel.addQdisc(LO, kind) !== -ENOENT),
		congestionControls: kernel.readFile(`${SYS}/net/ipv4/tcp_available_congestion_control`).trim().split(' '),
		fileSystems: kernel.readFile('/proc/filesystems').split('\n').flatMap((line) => line.split('\t')[1] ?? []),
		sysctls: sysctls(kernel, ''),
	};
}

/** What was found when the library was built; undefined if nobody has looked. */
export function builtInFeatures(library: string): Features | undefined {
	const path = join(dirname(library), FILE);
	return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) as Features : undefined;
}
