// SPDX-License-Identifier: GPL-2.0
// man-page.ts - The page lkl-hijack(1), made from the tables of settings and commands

import { INTERFACE_TYPES } from '../config/iftypes.js';
import { hex } from '../config/kinds/bits.js';
import { type Option, OPTIONS } from '../config/options.js';
import { variableOf } from '../config/origin.js';
import { setting, settingNames } from '../config/settings.js';
import { type Command, COMMANDS, COMMON, type Flag } from './launcher/commands.js';

/** A text that roff prints as it is. */
function plain(text: string): string {
	return text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll('…', '...').replace(/^([.'])/gm, '\\&$1');
}

function bold(text: string): string {
	return `\\fB${plain(text)}\\fR`;
}

function tagged(tag: string, ...lines: readonly string[]): string {
	return ['.TP', tag, ...lines].join('\n');
}

function option(name: string, { help, value, short }: Flag): string {
	const names = [...(short === undefined ? [] : [bold(`-${short}`)]), bold(`--${name}`)].join(', ');
	return tagged(value === undefined ? names : `${names} \\fI${plain(value)}\\fR`, `${plain(help)}.`);
}

function settingOptions(group: Option['group']): string[] {
	return OPTIONS.filter((its) => its.group === group).map((its) => option(its.name, its));
}

function command([name, { help, operands, options }]: [string, Command]): string {
	return [
		tagged(`${bold(`lkl-hijack ${name}`)} ${plain(`[options] ${operands}`)}`, `${plain(help)}.`),
		...(Object.keys(options).length > 0 ? ['.RS', ...Object.entries(options).map(([flag, its]) => option(flag, its)), '.RE'] : []),
	].join('\n');
}

function variables(): string[] {
	return settingNames.map((name) => {
		const { help, kind, standard, json, place } = setting(name);
		const key = json === undefined ? '' : ` In the file: ${place === 'top' ? '' : 'interfaces[].'}${json}.`;
		return tagged(bold(variableOf(name)), plain(`${help}: ${kind.valid}. Default: ${standard}.${key}`));
	});
}

const STATUS: readonly [number, string][] = [
	[64, 'The command line is wrong.'],
	[70, 'The kernel does not boot, or something is wrong with the installation.'],
	[77, 'A privilege is missing.'],
	[78, 'A setting is wrong, or something that it names is missing. The program was not started.'],
	[126, 'The program cannot be executed, or not with the preload library.'],
	[127, 'The program was not found.'],
];

/** The whole page, as the text of a file. */
export function manPage(): string {
	const types = Object.entries(INTERFACE_TYPES).map(([type, { param, offload }]) =>
		tagged(bold(type), plain(`${param}. Can offload ${hex(offload)}.`)));

	return [
		'.\\" Generated from config/settings.ts and bin/launcher/commands.ts: npm run docs',
		'.TH LKL\\-HIJACK 1 "" "lkl\\-hijack" "User Commands"',
		'.SH NAME', 'lkl\\-hijack \\- run an unmodified program on a Linux kernel inside its own process',
		'.SH SYNOPSIS', `${bold('lkl-hijack')} [\\fIoptions\\fR] [\\-\\-] \\fIprogram\\fR [\\fIargs\\fR...]`, '.br', `${bold('lkl-hijack')} \\fIcommand\\fR [\\fIoptions\\fR]`,
		'.SH DESCRIPTION',
		plain('Checks the settings, then becomes the program, with a library that boots a Linux kernel in its process and redirects its network calls there. Settings are given as options, in the environment, and in a JSON file; the first of these wins. Everything that is wrong is reported at once, and the program does not start.'),
		'.SH COMMANDS', ...Object.entries<Command>(COMMANDS).map(command),
		'.SH OPTIONS',
		plain('Each variable of the section ENVIRONMENT is an option, too: LKL_HIJACK_NET_MTU is --net-mtu. These are easier to type:'),
		'.SS Interfaces', plain('Those that begin an interface come first; what follows belongs to it, up to the next.'), ...settingOptions('interface'),
		'.SS Kernel and program', ...settingOptions('kernel'),
		'.SS Others', ...Object.entries<Flag>(COMMON).map(([name, flag]) => option(name, flag)),
		'.SH TYPES OF INTERFACES', ...types,
		'.SH ENVIRONMENT',
		plain('These are the variables of the first interface, and those of none. A second interface has LKL_HIJACK_NET1_IFTYPE, LKL_HIJACK_NET1_OFFLOAD and so on, the sixteenth LKL_HIJACK_NET15_IFTYPE.'),
		...variables(),
		'.SH FILES', tagged(bold('./lkl-hijack.json'), 'Settings, if LKL_HIJACK_CONFIG_FILE names no other file.'),
		'.SH EXIT STATUS', 'That of the program. If it was not started:', ...STATUS.map(([status, text]) => tagged(String(status), plain(text))),
	].join('\n') + '\n';
}
