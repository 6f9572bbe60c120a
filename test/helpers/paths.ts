// SPDX-License-Identifier: GPL-2.0
// paths.ts - Where things are that were built

import { fileURLToPath } from 'node:url';

/** LKL_BUILD is another build directory with C programs and libraries: build/debug, build/asan. */
const BUILD = process.env['LKL_BUILD'] ?? 'build';

const at = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));

export const LAUNCHER = at('build/bin/lkl-hijack');
export const LKL_LIBRARY = at(`${BUILD}/lib/liblkl.so`);
export const PRELOAD_LIBRARY = at(`${BUILD}/lib/liblkl-hijack.so`);

/** A C program of the tests, such as hostlib/boot. */
export const testProgram = (name: string): string => at(`${BUILD}/test/${name}`);

/** A folder of the sources. */
export const sourceFolder = (name: string): string => at(name);
