// SPDX-License-Identifier: GPL-2.0
// read-options.ts - Read settings from command-line options

import { type Option, optionOf, OPTIONS } from './options.js';
import type { Given, Origin, Source } from './origin.js';
import { problem } from './problem.js';
import { MAX_INTERFACES, type SettingName, setting } from './settings.js';
import { suggestion } from './suggest.js';

/** An option as it stands on the command line. */
export interface Word {
	readonly name: string;
	/** None: a flag, or the value is missing. */
	readonly value: string | undefined;
}

type OptionMap = ReadonlyMap<string, Option>;

const byName: OptionMap = new Map(OPTIONS.flatMap((option) => [option.name, ...(option.short ? [option.short] : [])].map((name) => [name, option])));

/** Collects the options in their order: those of an interface belong to the last one that was opened. */
class Reader {
	readonly top = new Map<SettingName, Given>();
	readonly interfaces: Map<SettingName, Given>[] = [];
	readonly problems: string[] = [];
	/** Which options have opened interfaces. */
	private readonly opened: string[] = [];

	constructor(private readonly options: OptionMap, private readonly others: readonly string[]) {}

	word({ name, value }: Word): void {
		const option = this.options.get(name);

		if (!option) {
			const known = [...this.options.keys(), ...this.others].filter((other) => other.length > 1);
			this.problems.push(problem(spell(name), `no such option${name.length > 1 ? suggestion(name, known).replace('mean ', 'mean --') : ''}`));
		} else if (option.value !== undefined && value === undefined) {
			this.problems.push(problem(spell(name), `expected a value, ${option.value}`));
		} else {
			this.option(option, value ?? '1');
		}
	}

	private option(option: Option, text: string): void {
		const typed = `${spell(option.name)}${option.value === undefined ? '' : ` ${text}`}`;

		if (option.opens && this.opened.length === MAX_INTERFACES) {
			this.problems.push(problem(typed, `more than ${MAX_INTERFACES} interfaces`));
			return;
		}
		if (option.opens) {
			this.opened.push(typed);
		}
		const message = option.problem?.(text);
		if (message !== undefined) {
			this.problems.push(problem(`${this.prefix(Math.max(this.opened.length - 1, 0), option)}${spell(option.name)}`, message, text));
			return;
		}
		for (const [name, gift] of option.gives(text)) {
			this.give(option, name, gift);
		}
	}

	private give(option: Option, name: SettingName, text: string): void {
		const index = setting(name).place === 'top' ? 0 : Math.max(this.opened.length - 1, 0);
		const map = setting(name).place === 'top' ? this.top : this.interface(index);
		const label = `${this.prefix(index, option)}${spell(option.name)}`;
		const earlier = map.get(name);

		if (!earlier) {
			map.set(name, { text, label, origin: this.origin });
		} else if (option.join !== undefined) {
			map.set(name, { ...earlier, text: `${earlier.text}${option.join}${text}` });
		} else {
			this.problems.push(problem(label, `given before, as ${earlier.label}=${earlier.text}`, text));
		}
	}

	private interface(index: number): Map<SettingName, Given> {
		const map = this.interfaces[index] ?? new Map<SettingName, Given>();
		this.interfaces[index] = map;
		return map;
	}

	/** Tells which one it is of several interfaces. */
	private prefix(index: number, option?: Option): string {
		return index === 0 || option?.opens ? '' : `${this.opened[index] ?? ''} `;
	}

	private readonly origin: Origin = {
		spell: (name, index) => `${this.prefix(setting(name).place === 'top' ? 0 : index)}${spell(optionOf(name))}`,
	};
}

function spell(name: string): string {
	return `${name.length > 1 ? '--' : '-'}${name}`;
}

/**
 * Reads options in their order.
 *
 * @param others - names of those that are no settings, for suggestions
 * @param settings - are settings wanted at all?
 */
export function readOptions(words: readonly Word[], others: readonly string[] = [], settings = true): Source {
	const reader = new Reader(settings ? byName : new Map<string, Option>(), others);
	for (const word of words) {
		reader.word(word);
	}
	return reader;
}
