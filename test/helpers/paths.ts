// SPDX-License-Identifier: GPL-2.0
// paths.ts - Where things are in build/

import { fileURLToPath } from 'node:url';

const built = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

export const LAUNCHER = built('bin/lkl-hijack');
export const LKL_LIBRARY = built('lib/liblkl.so');
export const PRELOAD_LIBRARY = built('lib/liblkl-hijack.so');

/** A C program of the tests, such as hostlib/boot. */
export const testProgram = (name: string): string => built(`test/${name}`);
