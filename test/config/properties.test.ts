// SPDX-License-Identifier: GPL-2.0
// properties.test.ts - What holds for all settings: round trips, and that both readers agree

import { writeFileSync } from 'node:fs';

import Ajv from 'ajv';
import test from 'ava';
import fc from 'fast-check';

import { writeEnv, writeJson } from '../../config/write.js';
import { jsonSchema } from '../../config/write-schema.js';
import { anyEnv, type Env, goodEnv } from './arbitrary.js';
import { preloadProblems } from './preload-reader.js';
import { resolving, settingsFile } from './resolving.js';

const AGREEMENTS = 2000;

function withoutPrefix(env: Env): Env {
	return Object.fromEntries(Object.entries(env).map(([name, value]) => [name.replace('LKL_HIJACK_', ''), value]));
}

test('environment, settings, environment: a round trip', async (t) => {
	await fc.assert(fc.asyncProperty(goodEnv, async (env) => {
		const first = await resolving(env);
		t.deepEqual(first.problems, []);
		const second = await resolving(withoutPrefix(writeEnv(first)));
		t.deepEqual([second.top, second.interfaces], [first.top, first.interfaces]);
		t.deepEqual(writeEnv(second), writeEnv(first));
	}), { numRuns: 100 });
});

test('file, settings, file: a round trip that the JSON Schema accepts', async (t) => {
	const validate = new Ajv.default({ strict: false, validateFormats: false }).compile(JSON.parse(jsonSchema()) as object);

	await fc.assert(fc.asyncProperty(goodEnv, async (env) => {
		const first = await resolving(env);
		const content = writeJson(first);
		t.true(validate(JSON.parse(content)), JSON.stringify(validate.errors));
		const second = await resolving({ CONFIG_FILE: settingsFile(content) });
		t.deepEqual(second.problems, []);
		t.is(writeJson(second), content);
	}), { numRuns: 100 });
});

test('the preload library takes what the launcher writes', async (t) => {
	const environments = await Promise.all(fc.sample(goodEnv, 300).map(async (env) => withoutPrefix(writeEnv(await resolving(env)))));
	t.deepEqual((await preloadProblems(environments)).flat(), []);
});

test('the schema and the preload library agree on any settings', async (t) => {
	const environments = fc.sample(anyEnv, AGREEMENTS);
	const found = await preloadProblems(environments);
	let wrong = 0;

	for (const [index, env] of environments.entries()) {
		const { problems } = await resolving(env);
		wrong += problems.length > 0 ? 1 : 0;
		t.deepEqual([...(found[index] ?? [])].sort(), [...problems].sort(), JSON.stringify(env));
	}
	t.true(wrong > AGREEMENTS / 2 && wrong < AGREEMENTS, String(wrong));
});

/** A file with one letter changed, added or left out, or with its end missing. */
const damagedFile = fc.tuple(goodEnv, fc.nat(), fc.constantFrom(...Array.from('{}[]",:/*\\0-+e.tnu \n\t\u0001é')), fc.constantFrom(0, 1), fc.integer({ min: 0, max: 9 }));

test('the preload library and the launcher agree on damaged files', async (t) => {
	const files = await Promise.all(fc.sample(damagedFile, AGREEMENTS).map(async ([env, place, letter, left, cut]) => {
		const content = `// A comment\n${writeJson(await resolving(env))} /* and another */`;
		const at = place % content.length;
		const rest = cut === 0 ? '' : content.slice(at + left);
		return { path: settingsFile(''), content: content.slice(0, at) + letter + rest };
	}));
	let bad = 0;

	for (const { path, content } of files) {
		writeFileSync(path, content);
	}
	const found = await preloadProblems(files.map(({ path }) => ({ CONFIG_FILE: path })));
	for (const [index, { path, content }] of files.entries()) {
		const { problems } = await resolving({ CONFIG_FILE: path });
		// What is said about JSON, and where, is each library's own.
		const same = (line: string): string => line.replace(/:\d+:\d+: not JSON: .*/, ': not JSON').replace(/(: expected text or a number).*/, '$1');
		bad += problems.some((line) => line.includes('not JSON')) ? 1 : 0;
		t.deepEqual((found[index] ?? []).map(same), problems.map(same), content);
	}
	t.true(bad > AGREEMENTS / 4, String(bad));
});
