// SPDX-License-Identifier: GPL-2.0
// read-env.ts - Read settings from the environment

import { environment, type Given, type Source, variableOf } from './origin.js';
import { problem } from './problem.js';
import { ENV_PREFIX, type SettingName, settingNames } from './settings.js';
import { suggestion } from './suggest.js';

type Environment = Readonly<Record<string, string | undefined>>;

function unknownVariables(env: Environment): string[] {
	const known = settingNames.map(variableOf);

	return Object.entries(env)
		.filter(([name]) => name.startsWith(ENV_PREFIX) && !known.includes(name))
		.map(([name, value]) => problem(name, `no such setting${suggestion(name, known)}`, value));
}

/** Replaces the obsolete spelling by what it stands for. */
function replaceTap(given: Map<SettingName, Given>): Partial<Source> {
	const tap = given.get('tap');
	const [type, params] = [variableOf('ifType'), variableOf('ifParams')];

	if (!tap) {
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

/** Reads all LKL_HIJACK_* variables. */
export function readEnv(env: Environment): Source {
	const given = new Map<SettingName, Given>();

	for (const name of settingNames) {
		const text = env[variableOf(name)];
		if (text !== undefined) {
			given.set(name, { text, label: variableOf(name), origin: environment });
		}
	}
	const { problems = [], notices = [] } = replaceTap(given);
	return { given, notices, problems: [...unknownVariables(env), ...problems] };
}
