// SPDX-License-Identifier: GPL-2.0
// docs.ts - Write what is generated below docs/; usage: node docs.js FOLDER

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { settingsPage } from '../config/write-markdown.js';
import { jsonSchema } from '../config/write-schema.js';
import { manPage } from './man-page.js';

/** The files, by name. */
const PAGES: Readonly<Record<string, () => string>> = {
	'settings.md': settingsPage,
	'lkl-hijack.schema.json': jsonSchema,
	'lkl-hijack.1': manPage,
};

const [, , folder] = process.argv;
if (folder === undefined) {
	throw new Error('Expected one argument: FOLDER');
}
mkdirSync(folder, { recursive: true });
for (const [name, write] of Object.entries(PAGES)) {
	writeFileSync(join(folder, name), write());
}
