// SPDX-License-Identifier: GPL-2.0
// write-markdown.ts - Write the page that lists all settings

import { INTERFACE_TYPES } from './iftypes.js';
import { hex } from './kinds/bits.js';
import { optionOf } from './options.js';
import { variableOf } from './origin.js';
import { ENV_PREFIX, type SettingName, setting, settingNames } from './settings.js';

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

/** The option that is easier to type, and the one that is named after the variable. */
function optionNames(name: SettingName): string {
	const long = variableOf(name).replace(ENV_PREFIX, '').toLowerCase().replaceAll('_', '-');
	return [...new Set([optionOf(name), long])].map((option) => `\`--${option}\``).join(', ');
}

function settingRow(name: SettingName): string[] {
	const { json, place, use, kind, standard, help } = setting(name);
	return [
		`\`${variableOf(name)}\``,
		use === 'obsolete' ? '–' : optionNames(name),
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
		'These are the variables of the first interface, and those of none. A second interface has `LKL_HIJACK_NET1_IFTYPE`, `LKL_HIJACK_NET1_IP`,\n' +
			'`LKL_HIJACK_NET1_OFFLOAD` and so on, the sixteenth `LKL_HIJACK_NET15_IFTYPE`. On the command line each `--net`, `--tap`, `--macvtap`, `--raw`,\n' +
			'`--pipe` or `--vde` begins an interface, and the options behind it are about that one: `--tap tap0 --ip 10.0.0.2/24 --tap tap1 --mtu 1400`.',
		'With the preload library alone environment and `LKL_HIJACK_CONFIG_FILE` work the same; only `lkl-hijack` looks for `./lkl-hijack.json`.\n' +
			'Problems of a file come with line and column, in the order of the file.',
		'Of a frame longer than `LKL_HIJACK_PCAP_SNAPLEN` bytes the file has the beginning, and its length. The default takes frames of an MTU up to\n' +
			'2034 whole, and the headers of those of 64 KiB that segmentation offload makes: to write all of a stream of these takes as much of the\n' +
			'machine as the stream.',
		'`ip`, `masklen`, `ipv6` and `masklen6` may also stand at the top of the file. Numbers may be hexadecimal (`0x…`).\n' +
			'Editors complete and check the file with `lkl-hijack.schema.json`.',
		'## Types of interfaces',
		table(['Type', '`NET_IFPARAMS`', 'Can offload'], types),
	].join('\n\n') + '\n';
}
