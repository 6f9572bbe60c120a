// SPDX-License-Identifier: GPL-2.0
// table.test.ts - The table of valid and invalid values, values.json: the schema and the preload library agree on it

import { readFileSync } from 'node:fs';

import test from 'ava';

import { type Env, preloadProblems } from './preload-reader.js';
import { resolving } from './resolving.js';

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
