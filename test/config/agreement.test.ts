// SPDX-License-Identifier: GPL-2.0
// agreement.test.ts - The schema agrees with what is written elsewhere: docs, and the C reader

import { readFileSync } from 'node:fs';

import test from 'ava';

import { INTERFACE_TYPES } from '../../config/iftypes.js';
import { QDISC_KINDS } from '../../config/kinds/entries.js';
import { OFFLOAD } from '../../config/offload.js';
import type { Setting } from '../../config/setting.js';
import { SETTINGS } from '../../config/settings.js';
import { settingsPage } from '../../config/write-markdown.js';
import { jsonSchema } from '../../config/write-schema.js';
import { manPage } from '../../bin/man-page.js';

function source(path: string): string {
	return readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8');
}

function matches(text: string, pattern: RegExp): string[] {
	return [...text.matchAll(pattern)].map(([, found = '']) => found);
}

for (const [name, text] of Object.entries({ 'settings.md': settingsPage, 'lkl-hijack.schema.json': jsonSchema, 'lkl-hijack.1': manPage })) {
	test(`docs/${name} is up to date (else: npm run docs)`, (t) => {
		t.is(source(`docs/${name}`), text());
	});
}

test('the preload library knows the same variables', (t) => {
	const known = matches(source('hostlib/config/table.c'), /(?:ROW\(|PREFIX )"(\w+)"/g);
	t.deepEqual(known.sort(), Object.values(SETTINGS).map(({ env }) => env).sort());
});

test('the preload library knows the same keys of files', (t) => {
	const rows = matches(source('hostlib/config/table.c'), /ROW\((".*?", ".*?")/g);
	t.deepEqual(rows, Object.values<Setting>(SETTINGS).flatMap(({ env, json }) => (json === undefined ? [] : [`"${env}", "${json}"`])));
});

test('the preload library knows the same types of interfaces', (t) => {
	t.deepEqual(matches(source('hostlib/config/iftype.c'), /\{ "(\w+)", /g), Object.keys(INTERFACE_TYPES));
});

test('the preload library knows the same queueing disciplines', (t) => {
	const [, definition = ''] = /#define QDISC_KINDS ((?:.*\\\n)*.*)/.exec(source('hostlib/config/config.h')) ?? [];
	t.deepEqual(matches(definition, /"([^"]*)"/g).join('').split(', '), QDISC_KINDS);
});

test('the device has the same features', (t) => {
	const header = source('hostlib/include/lkl_net.h');
	for (const [name, bit] of Object.entries(OFFLOAD.names)) {
		t.regex(header, new RegExp(`#define LKL_NETDEV_${name.toUpperCase()}\\s+0x0*${bit.toString(16)}\\b`));
	}
});
