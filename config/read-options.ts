// SPDX-License-Identifier: GPL-2.0
// read-options.ts - Read settings from command-line options

import type { Options } from 'yargs';

import { commandLine, type Given, optionOf, type Source } from './origin.js';
import { problem } from './problem.js';
import { type SettingName, setting, settingNames } from './settings.js';
import { suggestion } from './suggest.js';

const names = settingNames.filter((name) => setting(name).use !== 'obsolete');

/** The options of all settings, as yargs describes options. */
export function settingOptions(): Record<string, Options> {
	return Object.fromEntries(names.map((name): [string, Options] => {
		const { kind, help } = setting(name);
		return [optionOf(name), { type: kind.flag ? 'boolean' : 'string', describe: help }];
	}));
}

/**
 * Reads options that have been parsed: texts by their names, true for a flag.
 * `others` are the options that are not settings.
 */
export function readOptions(options: Readonly<Record<string, unknown>>, others: readonly string[] = []): Source {
	const given = new Map<SettingName, Given>();
	const known = [...names.map(optionOf), ...others];

	for (const name of names) {
		const value = options[optionOf(name)];
		if (value !== undefined) {
			const text = typeof value === 'string' ? value : String(Number(value));
			given.set(name, { text, label: commandLine.spell(name), origin: commandLine });
		}
	}
	const problems = Object.keys(options)
		.filter((option) => !known.includes(option))
		.map((option) => problem(`${option.length > 1 ? '--' : '-'}${option}`, `no such option${suggestion(option, known).replace('mean ', 'mean --')}`));
	return { given, problems };
}
