// SPDX-License-Identifier: GPL-2.0
// context.ts - What the checks of settings against each other look at

import { environment, type GivenMap } from '../origin.js';
import { problem } from '../problem.js';
import type { Values } from '../schema.js';
import type { SettingName } from '../settings.js';

/** The settings of one interface, or those of none. A wrong setting has no value, but is given. */
export class Context {
	private readonly bad = new Set<SettingName>();

	constructor(
		readonly values: Values,
		readonly given: GivenMap,
		/** Of the interface. */
		readonly index: number,
		/** What is wrong; shared by all contexts. */
		private readonly problems: string[],
	) {}

	/** Is it wrong by itself, or has it been refused? Then a check keeps silent: it has its message. */
	isBad(...names: SettingName[]): boolean {
		return names.some((name) => this.bad.has(name) || (this.given.has(name) && this.values[name] === undefined));
	}

	/** Is nothing given? */
	get isEmpty(): boolean {
		return this.given.size === 0;
	}

	/** Records what is wrong with a setting that has a value. */
	refuse(name: SettingName, message: string): void {
		this.bad.add(name);
		this.problems.push(problem(this.given.get(name)?.label ?? this.spell(name, name), message, this.text(name)));
	}

	/** Records that `name` is missing, which goes with `partner`. */
	missing(name: SettingName, partner: SettingName, expected = `with ${this.shown(partner)}`): void {
		this.bad.add(name);
		this.problems.push(problem(this.spell(name, partner), `missing; expected ${expected}`));
	}

	/** How `name` is to be given where `partner` has been. */
	spell(name: SettingName, partner: SettingName): string {
		return (this.given.get(partner)?.origin ?? environment).spell(name, this.index);
	}

	/** A setting and its value. */
	shown(name: SettingName): string {
		return `${this.spell(name, name)}=${this.text(name)}`;
	}

	private text(name: SettingName): string {
		return this.given.get(name)?.text ?? String(this.values[name] ?? '');
	}
}
