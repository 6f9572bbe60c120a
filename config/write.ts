// SPDX-License-Identifier: GPL-2.0
// write.ts - Write settings: for the preload library, and as a JSON file

import { variableOf } from './origin.js';
import type { Values } from './schema.js';
import { type SettingName, setting, settingNames } from './settings.js';

/** The text of a value, in the spelling that every reader takes; undefined if it is not set. */
function textOf(name: SettingName, value: Values[SettingName]): string | undefined {
	// Of which type a value is, its kind knows; the table as a whole does not.
	const format = setting(name).kind.format as (value: unknown) => string;
	return value === undefined ? undefined : format(value);
}

/** The LKL_HIJACK_* variables of the preload library. */
export function writeEnv(values: Values): Record<string, string> {
	return Object.fromEntries(settingNames.flatMap((name) => {
		const text = textOf(name, values[name]);
		return text === undefined || setting(name).use ? [] : [[variableOf(name), text]];
	}));
}

/** What readFile() reads; numbers stay numbers, but for masks. */
export function writeJson(values: Values): string {
	const top: Record<string, unknown> = {};
	const only: Record<string, unknown> = {};

	for (const name of settingNames) {
		const { json, place } = setting(name);
		const text = textOf(name, values[name]);
		if (json !== undefined && text !== undefined) {
			(place === 'top' ? top : only)[json] = text === String(values[name]) ? values[name] : text;
		}
	}
	return JSON.stringify({ interfaces: Object.keys(only).length > 0 ? [only] : [], ...top }, undefined, '\t');
}
