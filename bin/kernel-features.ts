// SPDX-License-Identifier: GPL-2.0
// kernel-features.ts - Boot the kernel library, print what it has built in as JSON; usage: node kernel-features.js LIBRARY

import { writeSync } from 'node:fs';

import { readFeatures } from './kernel/features.js';
import { Kernel } from './kernel/lkl.js';

const [, , library] = process.argv;
if (library === undefined) {
	throw new Error('Expected one argument: the path of liblkl.so');
}
writeSync(1, `${JSON.stringify(readFeatures(new Kernel(library)))}\n`);
// The kernel's threads would keep the process.
process.exit(0);
