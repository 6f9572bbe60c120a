// SPDX-License-Identifier: GPL-2.0
// read-object.ts - Read settings from an object, whose keys are those of a settings file

import type { Given, Origin, Source } from './origin.js';
import { problem } from './problem.js';
import type { Setting } from './setting.js';
import { MAX_INTERFACES, type SettingName, setting, type SETTINGS, settingNames } from './settings.js';
import { suggestion } from './suggest.js';

type Place = Setting['place'];
type Json<Name extends SettingName> = (typeof SETTINGS)[Name] extends { json: infer Key extends string } ? Key : never;

/** Settings of an interface, or those that there is one of, by their keys in a settings file; docs/settings.md describes them. */
export type SettingsAt<At extends Place> = {
	readonly [Name in SettingName as (typeof SETTINGS)[Name] extends { place: At } ? Json<Name> : never]?: string | number | boolean;
};

/** What a settings file contains. */
export interface SettingsObject extends SettingsAt<'top'> {
	readonly interfaces?: readonly SettingsAt<'interface'>[];
}

/** How a setting is named in an object. */
export const objectOrigin: Origin = {
	spell: (name, index) => {
		const { json = name, place } = setting(name);
		return place === 'top' ? json : `interfaces[${index}].${json}`;
	},
};

function read(values: object, place: Place, index: number, problems: string[]): Map<SettingName, Given> {
	const keys = new Map(settingNames.flatMap((name) => {
		const { json, place: its } = setting(name);
		return json !== undefined && its === place ? [[json, name] as const] : [];
	}));
	const given = new Map<SettingName, Given>();

	for (const [key, value] of Object.entries(values) as [string, unknown][]) {
		const name = keys.get(key);
		const label = place === 'top' ? key : `interfaces[${index}].${key}`;
		if (value === undefined) {
			continue;
		}
		if (name === undefined) {
			problems.push(problem(label, `no such setting${suggestion(key, [...keys.keys()])}`));
		} else if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
			problems.push(problem(label, `expected text or a number: ${setting(name).kind.valid}`));
		} else {
			given.set(name, { text: typeof value === 'boolean' ? String(Number(value)) : String(value), label, origin: objectOrigin });
		}
	}
	return given;
}

/** Reads an object. */
export function readObject({ interfaces = [], ...top }: SettingsObject): Source {
	const problems: string[] = [];

	if (!Array.isArray(interfaces) || interfaces.length > MAX_INTERFACES) {
		return { top: new Map(), interfaces: [], problems: [problem('interfaces', `expected a list of at most ${MAX_INTERFACES} objects`)] };
	}
	return {
		top: read(top, 'top', 0, problems),
		interfaces: interfaces.map((values: SettingsAt<'interface'>, index) => read(values, 'interface', index, problems)),
		problems,
	};
}
