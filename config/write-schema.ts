// SPDX-License-Identifier: GPL-2.0
// write-schema.ts - Write the JSON Schema of settings files, with which editors complete and check them

import type { Setting } from './setting.js';
import { MAX_INTERFACES, setting, settingNames } from './settings.js';

type Schema = Readonly<Record<string, unknown>>;

function property({ kind, help, standard }: Setting): Schema {
	return { description: `${help}: ${kind.valid} (default: ${standard})`, ...(kind.json ?? { type: 'string' }) };
}

function properties(isWanted: (setting: Setting) => boolean): Record<string, Schema> {
	return Object.fromEntries(settingNames.map(setting).flatMap((its) => (
		its.json !== undefined && isWanted(its) ? [[its.json, property(its)]] : []
	)));
}

/** The schema, as the text of a file. */
export function jsonSchema(): string {
	const schema = {
		$schema: 'http://json-schema.org/draft-07/schema#',
		title: 'lkl-hijack.json',
		description: 'Settings of lkl-hijack; comments and trailing commas are allowed',
		type: 'object',
		additionalProperties: false,
		properties: {
			$schema: { type: 'string' },
			interfaces: {
				description: 'Network interfaces; lo is always there',
				type: 'array',
				maxItems: MAX_INTERFACES,
				items: {
					type: 'object',
					additionalProperties: false,
					properties: properties(({ place }) => place === 'interface'),
				},
			},
			...properties(({ place, alsoAtTop }) => place === 'top' || alsoAtTop === true),
		},
	};
	return `${JSON.stringify(schema, undefined, '\t')}\n`;
}
