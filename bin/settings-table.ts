// SPDX-License-Identifier: GPL-2.0
// settings-table.ts - Write docs/settings.md; usage: node settings-table.js FILE

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { settingsPage } from '../config/write-markdown.js';

const [, , file] = process.argv;
if (file === undefined) {
	throw new Error('Expected one argument: FILE');
}
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, settingsPage());
