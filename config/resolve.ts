// SPDX-License-Identifier: GPL-2.0
// resolve.ts - From all places where settings are given to their values, or to all that is wrong

import { existsSync } from 'node:fs';

import { checkAddresses } from './checks/addresses.js';
import { Context } from './checks/context.js';
import { checkInterface } from './checks/interface.js';
import { checkInterfaces } from './checks/interfaces.js';
import type { Given, GivenMap, Source } from './origin.js';
import { inFileOrder, problem } from './problem.js';
import { readFile } from './read-file.js';
import { schema, type Settings, type Values } from './schema.js';
import { type SettingName, settingNames } from './settings.js';
import { withSlirpDefaults } from './slirp.js';

const DEFAULT_FILE = './lkl-hijack.json';

/** Settings, of use only if there are no problems. */
export interface Resolution extends Settings {
	/** Where they come from. */
	readonly given: { readonly top: GivenMap; readonly interfaces: readonly GivenMap[] };
	/** What is wrong, one line each. */
	readonly problems: readonly string[];
	/** What the user should know, one line each. */
	readonly notices: readonly string[];
}

async function readConfigFile(given: Given | undefined): Promise<Source> {
	const path = given?.text ?? DEFAULT_FILE;
	const nothing = { top: new Map(), interfaces: [] };

	if (!given && !existsSync(path)) {
		return { ...nothing, problems: [] };
	}
	try {
		return await readFile(path);
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		return { ...nothing, problems: [problem(given?.label ?? path, `cannot be read: ${why}`, given?.text)] };
	}
}

/** Puts together what is given in several places: the later one wins. */
function merge(maps: readonly (GivenMap | undefined)[]): GivenMap {
	const merged = new Map<SettingName, Given>();

	for (const map of maps) {
		const type = map?.get('ifType')?.text;
		// A parameter belongs to its type.
		if (type !== undefined && type !== merged.get('ifType')?.text) {
			merged.delete('ifParams');
		}
		for (const [name, given] of map ?? []) {
			merged.set(name, given);
		}
	}
	return merged;
}

/** Checks each setting by itself; the values of those that are good. */
function parse(given: GivenMap, problems: string[]): Values {
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

/** Checks the settings against each other. */
function check(settings: Settings, top: GivenMap, interfaces: readonly GivenMap[], problems: string[]): void {
	const contexts = interfaces.map((given, index) => new Context(settings.interfaces[index] ?? {}, given, index, problems));

	for (const context of contexts) {
		checkInterface(context);
	}
	checkInterfaces(contexts);
	checkAddresses(new Context(settings.top, top, 0, problems), contexts);
}

/** Resolves settings of these sources only; the later one wins. */
export function resolveSources(...sources: readonly Source[]): Resolution {
	const count = Math.max(...sources.map(({ interfaces }) => interfaces.length));
	const top = merge(sources.map((source) => source.top));
	const interfaces = Array.from({ length: count }, (_, index) => merge(sources.map((source) => source.interfaces[index])));
	const problems = sources.flatMap((source) => source.problems);
	const parsed = { top: parse(top, problems), interfaces: interfaces.map((given) => parse(given, problems)) };

	const isWrong = (given: GivenMap | undefined, values: Values | undefined, name: SettingName): boolean =>
		given?.has(name) === true && values?.[name] === undefined;
	const settings = withSlirpDefaults(parsed, (name, index) =>
		isWrong(top, parsed.top, name) || isWrong(interfaces[index], parsed.interfaces[index], name));
	check(settings, top, interfaces, problems);
	return {
		...settings,
		given: { top, interfaces },
		problems: sources.reduce((all, { path }) => (path === undefined ? all : inFileOrder(all, path)), problems),
		notices: sources.flatMap((source) => source.notices ?? []),
	};
}

/** Resolves the settings of environment and command line, and of the file that they name or that is there. */
export async function resolve(...sources: readonly Source[]): Promise<Resolution> {
	const file = await readConfigFile(merge(sources.map(({ top }) => top)).get('configFile'));
	return resolveSources(file, ...sources);
}
