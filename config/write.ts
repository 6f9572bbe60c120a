// SPDX-License-Identifier: GPL-2.0
// write.ts - Write settings: for the preload library, and as a JSON file

import { variableOf } from './origin.js';
import type { Settings, Values } from './schema.js';
import { type SettingName, setting, settingNames } from './settings.js';

/** The text of a value, in the spelling that every reader takes; undefined if it is not set. */
export function textOf(name: SettingName, value: Values[SettingName]): string | undefined {
	// Of which type a value is, its kind knows; the table as a whole does not.
	const format = setting(name).kind.format as (value: unknown) => string;
	return value === undefined ? undefined : format(value);
}

function variablesOf(values: Values, index: number): [string, string][] {
	return settingNames.flatMap((name) => {
		const text = textOf(name, values[name]);
		return text === undefined || setting(name).use ? [] : [[variableOf(name, index), text]];
	});
}

/** The LKL_HIJACK_* variables of the preload library. */
export function writeEnv({ top, interfaces }: Settings): Record<string, string> {
	return Object.fromEntries([...interfaces.flatMap(variablesOf), ...variablesOf(top, 0)]);
}

/** Numbers stay numbers, but for masks. */
function keysOf(values: Values): Record<string, unknown> {
	return Object.fromEntries(settingNames.flatMap((name) => {
		const { json } = setting(name);
		const text = textOf(name, values[name]);
		return json === undefined || text === undefined ? [] : [[json, text === String(values[name]) ? values[name] : text]];
	}));
}

/** What a settings file contains. */
export function settingsObject({ top, interfaces }: Settings): Record<string, unknown> {
	return { interfaces: interfaces.map(keysOf), ...keysOf(top) };
}

/** What readFile() reads. */
export function writeJson(settings: Settings): string {
	return JSON.stringify(settingsObject(settings), undefined, '\t');
}
