// SPDX-License-Identifier: GPL-2.0
// schema.ts - The schema of all settings together, made from the table

import { z } from 'zod';

import { type SettingName, SETTINGS, settingNames } from './settings.js';

type Shape = { readonly [Name in SettingName]: z.ZodOptional<(typeof SETTINGS)[Name]['kind']['schema']> };

function optional(name: SettingName): [SettingName, z.ZodTypeAny] {
	return [name, SETTINGS[name].kind.schema.optional()];
}

/** From the texts of the settings to their values. */
export const schema = z.object(Object.fromEntries(settingNames.map(optional)) as unknown as Shape);

/** Values of the settings that are set. */
export type Values = z.output<typeof schema>;

/** All settings. */
export interface Settings {
	/** Those that there is one of. */
	readonly top: Values;
	/** Those of each interface. */
	readonly interfaces: readonly Values[];
}
