// SPDX-License-Identifier: GPL-2.0
// read-env.ts - Read settings from the environment

import { environment, type Given, type Source, variableOf } from './origin.js';
import { problem } from './problem.js';
import { ENV_PREFIX, MAX_INTERFACES, type SettingName, setting, settingNames } from './settings.js';
import { suggestion } from './suggest.js';

type Environment = Readonly<Record<string, string | undefined>>;

const topNames = settingNames.filter((name) => setting(name).place === 'top');
const interfaceNames = settingNames.filter((name) => setting(name).place === 'interface');

/** The obsolete spelling knows one interface only. */
function namesOf(index: number): readonly SettingName[] {
	return index === 0 ? interfaceNames : interfaceNames.filter((name) => setting(name).use !== 'obsolete');
}

const indices = Array.from({ length: MAX_INTERFACES }, (_, index) => index);

/** All variables: those of the first interface and of none in the order of the table, then those of the others. */
const variables = [
	...settingNames.map((name) => variableOf(name)),
	...indices.slice(1).flatMap((index) => namesOf(index).map((name) => variableOf(name, index))),
];

function unknownVariables(env: Environment): string[] {
	return Object.entries(env)
		.filter(([name]) => name.startsWith(ENV_PREFIX) && !variables.includes(name))
		.map(([name, value]) => problem(name, `no such setting${suggestion(name, variables, ENV_PREFIX)}`, value));
}

/** Replaces the obsolete spelling by what it stands for. */
function replaceTap(given: Map<SettingName, Given> | undefined): Partial<Source> {
	const tap = given?.get('tap');
	const [type, params] = [variableOf('ifType'), variableOf('ifParams')];

	if (!given || !tap) {
		return {};
	}
	given.delete('tap');
	if (given.has('ifType') || given.has('ifParams')) {
		const message = `obsolete, and given beside ${type} or ${params}; expected one or the other`;
		return { problems: [problem(tap.label, message, tap.text)] };
	}
	given.set('ifType', { ...tap, text: 'tap' });
	given.set('ifParams', tap);
	return { notices: [problem(tap.label, `obsolete, use ${type}=tap ${params}=${tap.text}`, tap.text)] };
}

function read(env: Environment, names: readonly SettingName[], index: number): Map<SettingName, Given> {
	const given = new Map<SettingName, Given>();

	for (const name of names) {
		const text = env[variableOf(name, index)];
		if (text !== undefined) {
			given.set(name, { text, label: variableOf(name, index), origin: environment });
		}
	}
	return given;
}

/** Reads all LKL_HIJACK_* variables. */
export function readEnv(env: Environment): Source {
	const interfaces = indices.map((index) => read(env, namesOf(index), index));
	const count = indices.reduce((most, index) => (interfaces[index]?.size ? index + 1 : most), 0);
	const { problems = [], notices = [] } = replaceTap(interfaces[0]);

	return {
		top: read(env, topNames, 0),
		interfaces: interfaces.slice(0, count),
		notices,
		problems: [...unknownVariables(env), ...problems],
	};
}
