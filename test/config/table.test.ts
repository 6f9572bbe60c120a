// SPDX-License-Identifier: GPL-2.0
// table.test.ts - The table of valid and invalid values, values.json: the schema and the preload library agree on it

import { readFileSync } from 'node:fs';

import test from 'ava';

import type { Setting } from '../../config/setting.js';
import { SETTINGS } from '../../config/settings.js';
import { type Env, preloadProblems } from './preload-reader.js';
import { resolving, settingsFile } from './resolving.js';

interface Group {
	readonly base: string;
	readonly setting: string;
	readonly values: readonly string[];
	/** What is wrong with each of them. */
	readonly message?: string;
}

interface Case {
	readonly env: Env;
	readonly problems: readonly string[];
}

interface Table {
	readonly bases: Readonly<Record<string, Env>>;
	readonly valid: readonly Group[];
	readonly invalid: readonly Group[];
	readonly together: readonly Case[];
}

const table = JSON.parse(readFileSync(new URL('../../../../test/config/values.json', import.meta.url), 'utf8')) as Table;

/** As messages do. */
function shown(value: string): string {
	// eslint-disable-next-line no-control-regex
	return value.replace(/[\0-\x1f\x7f]/g, '?');
}

function casesOf({ base, setting, values, message }: Group): Case[] {
	return values.map((value) => ({
		env: { ...table.bases[base], [setting]: value },
		problems: message === undefined ? [] : [`${setting}=${shown(value)}: ${message}`],
	}));
}

const valid = table.valid.flatMap(casesOf);
const invalid = table.invalid.flatMap(casesOf);
const cases = [...valid, ...invalid, ...table.together];

/** Both readers, and the table, in an order of their own. */
function normal(problems: readonly string[]): string[] {
	return problems.map((line) => line.replace(/^LKL_HIJACK_/, '')).sort();
}

test('the table is large enough', (t) => {
	t.true(invalid.length >= 200, String(invalid.length));
	t.is(new Set(cases.map(({ env }) => JSON.stringify(env))).size, cases.length);
});

test('the schema agrees with the table', async (t) => {
	for (const { env, problems } of cases) {
		t.deepEqual(normal((await resolving(env)).problems), normal(problems), JSON.stringify(env));
	}
});

test('the preload library agrees with the table', async (t) => {
	const found = await preloadProblems(cases.map(({ env }) => env));
	t.is(found.length, cases.length);
	for (const [index, { env, problems }] of cases.entries()) {
		t.deepEqual(normal(found[index] ?? []), normal(problems), JSON.stringify(env));
	}
});

/** The settings of an environment as a file; undefined if it has some that no file can have. */
function asFile(env: Env): string | undefined {
	const file: Record<string, unknown> & { interfaces: Record<string, string>[] } = { interfaces: [] };

	for (const [name, value] of Object.entries(env)) {
		const [, number = '0', own = ''] = /^(?:NET(\d+)_)?(.*)$/.exec(name) ?? [];
		const found = Object.values<Setting>(SETTINGS).find(({ env: known }) => known === name || (name !== own && [own, `NET_${own}`].includes(known)));
		if (found?.json === undefined) {
			return undefined;
		}
		if (found.place === 'interface') {
			const index = Number(number);
			while (file.interfaces.length <= index) {
				file.interfaces.push({});
			}
			Object.assign(file.interfaces[index] ?? {}, { [found.json]: value });
		} else {
			file[found.json] = value;
		}
	}
	return JSON.stringify(file, undefined, '\t');
}

test('the same in a file: both readers find the same, with the same places', async (t) => {
	const files = cases.flatMap(({ env, problems }) => {
		const content = asFile(env);
		return content === undefined ? [] : [{ content, path: settingsFile(content), problems }];
	});
	const found = await preloadProblems(files.map(({ path }) => ({ CONFIG_FILE: path })));

	t.true(files.length > cases.length * 0.9, String(files.length));
	for (const [index, { content, path, problems }] of files.entries()) {
		const resolution = await resolving({ CONFIG_FILE: path });
		t.deepEqual(found[index], resolution.problems, content);
		t.is(resolution.problems.length, problems.length, content);
	}
});
