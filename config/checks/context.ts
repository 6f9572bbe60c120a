// SPDX-License-Identifier: GPL-2.0
// context.ts - What the checks of settings against each other look at

import { variableOf, type Given } from '../origin.js';
import { problem } from '../problem.js';
import type { Values } from '../schema.js';
import type { SettingName } from '../settings.js';

/** The settings, and what is wrong with them. A wrong setting has no value, but is given. */
export class Context {
	readonly problems: string[] = [];

	constructor(readonly values: Values, readonly given: ReadonlyMap<SettingName, Given>) {}

	/** Is it given, but wrong by itself? Then a check keeps silent: it has its message. */
	isBad(...names: SettingName[]): boolean {
		return names.some((name) => this.given.has(name) && this.values[name] === undefined);
	}

	/** Records what is wrong with a setting that is given. */
	refuse(name: SettingName, message: string): void {
		const given = this.given.get(name);
		this.problems.push(problem(given?.label ?? variableOf(name), message, given?.text));
	}

	/** Records that `name` is missing, which has to be given with `partner`. */
	missing(name: SettingName, partner: SettingName): void {
		const given = this.given.get(partner);
		const spell = given?.origin.spell ?? variableOf;
		this.problems.push(problem(spell(name), `missing; expected with ${spell(partner)}=${given?.text ?? ''}`));
	}
}
