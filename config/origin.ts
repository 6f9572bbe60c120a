// SPDX-License-Identifier: GPL-2.0
// origin.ts - Where the text of a setting comes from, and how it is spelled there

import { ENV_PREFIX, type SettingName, setting } from './settings.js';

/** A place where settings are given. */
export interface Origin {
	/** How a setting is named there; `index` is that of its interface, if it has one. */
	readonly spell: (name: SettingName, index: number) => string;
}

/** The text of a setting, as it was given. */
export interface Given {
	readonly text: string;
	/** Names setting and place in messages: "LKL_HIJACK_NET_MTU", "--mtu", "lkl-hijack.json:3:9: mtu". */
	readonly label: string;
	readonly origin: Origin;
}

export type GivenMap = ReadonlyMap<SettingName, Given>;

/** What one reader found. */
export interface Source {
	readonly top: GivenMap;
	readonly interfaces: readonly GivenMap[];
	readonly problems: readonly string[];
	readonly notices?: readonly string[];
	/** Of a file: its name, which its labels begin with. */
	readonly path?: string;
}

/**
 * Name of the environment variable. The first interface has LKL_HIJACK_NET_MTU and LKL_HIJACK_OFFLOAD,
 * the second LKL_HIJACK_NET1_MTU and LKL_HIJACK_NET1_OFFLOAD, and so on.
 */
export function variableOf(name: SettingName, index = 0): string {
	const { env, place } = setting(name);
	return ENV_PREFIX + (place === 'interface' && index > 0 ? `NET${index}_${env.replace(/^NET_/, '')}` : env);
}

export const environment: Origin = { spell: variableOf };
