// SPDX-License-Identifier: GPL-2.0
// interfaces.ts - Do the interfaces go together?

import { interfaceType } from '../iftypes.js';
import { addressKey } from '../kinds/address.js';
import type { SettingName } from '../settings.js';
import type { Context } from './context.js';

/** What no two interfaces may share: the setting, and what makes two values the same one. */
const UNIQUE: readonly { name: SettingName; key: (context: Context) => string | undefined }[] = [
	{
		name: 'ifParams',
		key({ values: { ifType = '', ifParams } }) {
			return ifParams !== undefined && interfaceType(ifType)?.exclusive ? `${ifType} ${ifParams}` : undefined;
		},
	},
	{ name: 'mac', key: ({ values: { mac } }) => mac?.toLowerCase() },
	{ name: 'ip', key: ({ values: { ip } }) => ip },
	{ name: 'ipv6', key: ({ values: { ipv6 } }) => (ipv6 === undefined ? undefined : addressKey(ipv6)) },
];

function checkUnique(contexts: readonly Context[], { name, key }: (typeof UNIQUE)[number]): void {
	const seen = new Map<string, Context>();

	for (const context of contexts) {
		const value = context.isBad(name) ? undefined : key(context);
		const first = value === undefined ? undefined : seen.get(value);
		if (first) {
			context.refuse(name, `the same as ${first.shown(name)}; expected another one`);
		} else if (value !== undefined) {
			seen.set(value, context);
		}
	}
}

/** Checks the numbers of interfaces, and what they must not share. */
export function checkInterfaces(contexts: readonly Context[]): void {
	for (const [index, context] of contexts.entries()) {
		const next = contexts[index + 1];
		if (context.isEmpty && next) {
			context.missing('ifType', 'ifType', 'since there are further interfaces');
		}
	}
	for (const unique of UNIQUE) {
		checkUnique(contexts, unique);
	}
}
