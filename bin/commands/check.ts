// SPDX-License-Identifier: GPL-2.0
// check.ts - Tell what the settings are and where they come from, or all that is wrong

import type { GivenMap } from '../../config/origin.js';
import type { Resolution } from '../../config/resolve.js';
import type { Values } from '../../config/schema.js';
import { type SettingName, setting, settingNames } from '../../config/settings.js';
import { settingsObject, textOf } from '../../config/write.js';
import type { Arguments } from '../launcher/arguments.js';
import { EXIT, Failure, printLine, STDOUT } from '../launcher/failure.js';
import { findProgram } from '../launcher/find-program.js';
import { findLibrary } from '../launcher/library.js';
import type { Mode } from '../launcher/preloadable.js';
import { allProblems, modeOf, resolveAll } from '../launcher/resolved.js';

/** Why a program cannot be started; no lines if it can. */
async function programProblems(name: string | undefined, mode: Mode): Promise<readonly string[]> {
	try {
		if (name !== undefined) {
			const { checkStartable } = await import('../launcher/preloadable.js');
			checkStartable(findProgram(name, process.env['PATH']), findLibrary(), mode);
		}
		return [];
	} catch (error) {
		if (error instanceof Failure) {
			return error.lines;
		}
		throw error;
	}
}

/** "NAME  value  (where from)", aligned, with the default of what is not set. */
function explain(title: string, values: Values, given: GivenMap, place: 'interface' | 'top'): string[] {
	const rows = settingNames
		.filter((name) => setting(name).place === place && setting(name).use === undefined)
		.map((name: SettingName) => ({
			name: setting(name).json ?? name,
			value: textOf(name, values[name]) ?? '-',
			from: given.get(name)?.label ?? (values[name] === undefined ? `default: ${setting(name).standard}` : 'default'),
		}));
	const [widest, longest] = (['name', 'value'] as const).map((column) => Math.max(...rows.map((row) => row[column].length)));

	return [title, ...rows.map(({ name, value, from }) => `  ${name.padEnd(widest ?? 0)}  ${value.padEnd(Math.min(longest ?? 0, 24))}  (${from})`)];
}

function explanation({ top, interfaces, given }: Resolution): string[] {
	return [
		...interfaces.flatMap((values, index) => explain(`interfaces[${index}]`, values, given.interfaces[index] ?? new Map(), 'interface')),
		...(interfaces.length === 0 ? ['no interface but lo'] : []),
		...explain('all', top, given.top, 'top'),
	];
}

/** Checks all that can be checked without starting anything. */
export async function check(wanted: Arguments): Promise<number> {
	const resolution = await resolveAll(wanted);
	const all = [...allProblems(resolution), ...await programProblems(wanted.rest[0], modeOf(resolution.top))];

	if (wanted.flags.has('json')) {
		printLine(STDOUT, JSON.stringify({ problems: all, settings: settingsObject(resolution) }, undefined, '\t'));
		return all.length > 0 ? EXIT.config : 0;
	}
	if (all.length > 0) {
		throw new Failure(EXIT.config, ...all);
	}
	printLine(STDOUT, explanation(resolution).join('\n'));
	return 0;
}
