// SPDX-License-Identifier: GPL-2.0
// origin.ts - Where the text of a setting comes from, and how it is spelled there

import { ENV_PREFIX, type SettingName, setting } from './settings.js';

/** A place where settings are given. */
export interface Origin {
	/** How a setting is named there. */
	readonly spell: (name: SettingName) => string;
}

/** The text of a setting, as it was given. */
export interface Given {
	readonly text: string;
	/** Names setting and place in messages: "LKL_HIJACK_NET_MTU", "--net-mtu", "lkl-hijack.json:3:9: mtu". */
	readonly label: string;
	readonly origin: Origin;
}

/** What one reader found. */
export interface Source {
	readonly given: ReadonlyMap<SettingName, Given>;
	readonly problems: readonly string[];
	readonly notices?: readonly string[];
}

/** Name of the environment variable. */
export function variableOf(name: SettingName): string {
	return ENV_PREFIX + setting(name).env;
}

/** Name of the option, without its dashes. */
export function optionOf(name: SettingName): string {
	return setting(name).env.toLowerCase().replaceAll('_', '-');
}

export const environment: Origin = { spell: variableOf };
export const commandLine: Origin = { spell: (name) => `--${optionOf(name)}` };
