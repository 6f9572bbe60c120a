// SPDX-License-Identifier: GPL-2.0
// resolve.ts - From all places where settings are given to their values, or to all that is wrong

import { existsSync } from 'node:fs';

import { checkAddresses } from './checks/addresses.js';
import { Context } from './checks/context.js';
import { checkInterface } from './checks/interface.js';
import type { Given, Source } from './origin.js';
import { problem } from './problem.js';
import { readFile } from './read-file.js';
import { schema, type Values } from './schema.js';
import { type SettingName, settingNames } from './settings.js';
import { withSlirpDefaults } from './slirp.js';

const DEFAULT_FILE = './lkl-hijack.json';

/** Settings, of use only if there are no problems. */
export interface Resolution {
	readonly values: Values;
	/** What is wrong, one line each. */
	readonly problems: readonly string[];
	/** What the user should know, one line each. */
	readonly notices: readonly string[];
}

async function readConfigFile(given: Given | undefined): Promise<Source> {
	const path = given?.text ?? DEFAULT_FILE;

	if (!given && !existsSync(path)) {
		return { given: new Map(), problems: [] };
	}
	try {
		return await readFile(path);
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		return { given: new Map(), problems: [problem(given?.label ?? path, `cannot be read: ${why}`, given?.text)] };
	}
}

/** Checks each setting by itself; the values of those that are good. */
function parse(given: ReadonlyMap<SettingName, Given>, problems: string[]): Values {
	const values: Record<string, unknown> = {};

	for (const name of settingNames) {
		const { label, text } = given.get(name) ?? {};
		const result = schema.shape[name].safeParse(text);
		values[name] = result.data;
		for (const issue of result.error?.issues ?? []) {
			const part: unknown = issue.code === 'custom' ? issue.params?.['part'] : undefined;
			problems.push(problem(label ?? name, issue.message, typeof part === 'string' ? part : text));
		}
	}
	return values;
}

/**
 * Resolves the settings.
 *
 * @param sources - those of environment and command line; the later one wins, the file that they name comes first
 */
export async function resolve(...sources: readonly Source[]): Promise<Resolution> {
	const named = new Map(sources.flatMap((source) => [...source.given]));
	const all = [await readConfigFile(named.get('configFile')), ...sources];
	const given = new Map(all.flatMap((source) => [...source.given]));
	const problems = all.flatMap((source) => source.problems);
	const context = new Context(parse(given, problems), given);

	checkInterface(context);
	const complete = new Context(context.isBad('ip', 'netmaskLen', 'gateway') ? context.values : withSlirpDefaults(context.values), given);
	checkAddresses(complete);
	return {
		values: complete.values,
		problems: [...problems, ...context.problems, ...complete.problems],
		notices: sources.flatMap((source) => source.notices ?? []),
	};
}
