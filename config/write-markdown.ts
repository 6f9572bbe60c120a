// SPDX-License-Identifier: GPL-2.0
// write-markdown.ts - Write the page that lists all settings

import { INTERFACE_TYPES } from './iftypes.js';
import { hex } from './kinds/bits.js';
import { optionOf } from './options.js';
import { variableOf } from './origin.js';
import { type SettingName, setting, settingNames } from './settings.js';

const INTRODUCTION = `# Settings

<!-- Generated from config/settings.ts: npm run docs -->

A setting can be given as an option of \`lkl-hijack\`, in the environment, and in a JSON file; the first of these wins.
Everything that is wrong is reported at once, and the program does not start (exit status 78).`;

function row(cells: readonly string[]): string {
	return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
	return [head, head.map(() => '---'), ...rows].map(row).join('\n');
}

function settingRow(name: SettingName): string[] {
	const { json, place, use, kind, standard, help } = setting(name);
	return [
		`\`${variableOf(name)}\``,
		use === 'obsolete' ? '–' : `\`--${optionOf(name)}\``,
		json === undefined ? '–' : `\`${place === 'top' ? '' : 'interfaces[].'}${json}\``,
		help,
		kind.valid.replaceAll('...', '…'),
		standard,
	];
}

/** The whole page. */
export function settingsPage(): string {
	const types = Object.entries(INTERFACE_TYPES).map(([type, { param, offload }]) => [`\`${type}\``, param, `\`${hex(offload)}\``]);

	return [
		INTRODUCTION,
		table(['Environment', 'Option', 'JSON key', 'Meaning', 'Valid', 'Default'], settingNames.map(settingRow)),
		'`ip`, `masklen`, `ipv6` and `masklen6` may also stand at the top of the file. Numbers may be hexadecimal (`0x…`).',
		'## Types of interfaces',
		table(['Type', '`NET_IFPARAMS`', 'Can offload'], types),
	].join('\n\n') + '\n';
}
