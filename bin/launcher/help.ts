// SPDX-License-Identifier: GPL-2.0
// help.ts - The text of --help, and the completion of words in the shell: what yargs makes of our tables

import yargs, { type Argv, type Options } from 'yargs';

import { OPTIONS } from '../../config/options.js';
import { type Command, type CommandName, COMMANDS, COMMON, type Flag } from './commands.js';

export const EXIT_STATUS = 'Exit status, if the program does not start: 78 bad setting, 126 not executable, 127 not found, 64 wrong usage.';

const ABOUT = `Each interface begins with --net, --tap, --macvtap, --raw, --pipe or --vde; its options follow.
Settings can be given in the environment (LKL_HIJACK_*) and in ./lkl-hijack.json as well. Each
variable is an option, too: LKL_HIJACK_NET_MTU is --net-mtu. See docs/settings.md.
${EXIT_STATUS}`;

const GROUPS = { interface: 'Interface:', kernel: 'Kernel and program:' } as const;

function described({ help, value, short }: Flag): Options {
	return {
		describe: value === undefined ? help : `${value}: ${help}`,
		...(short !== undefined && { alias: short }),
	};
}

function settingOptions(): Record<string, Options> {
	return Object.fromEntries(OPTIONS.map((option): [string, Options] => [
		option.name,
		{ ...described(option), ...(option.group === undefined ? { hidden: true } : { group: GROUPS[option.group] }) },
	]));
}

function flagOptions(flags: Readonly<Record<string, Flag>>): Record<string, Options> {
	return Object.fromEntries(Object.entries(flags).map(([name, flag]) => [name, { ...described(flag), group: 'Others:' }]));
}

function plain(): Argv {
	return yargs().scriptName('lkl-hijack').detectLocale(false).exitProcess(false).help(false).version(false).wrap(null);
}

function withOptions(parser: Argv, { settings, options }: Command): Argv {
	return parser.options({ ...(settings && settingOptions()), ...flagOptions({ ...options, ...COMMON }) });
}

/** All commands and the options of `run`. */
function whole(): Argv {
	const parser = withOptions(plain(), COMMANDS.run);
	for (const [name, command] of Object.entries<Command>(COMMANDS)) {
		parser.command(name, command.help, (inner) => withOptions(inner, command));
	}
	return parser;
}

/** The text of --help. */
export function helpText(name: CommandName): Promise<string> {
	const command: Command = COMMANDS[name];
	const [parser, usage] = name === 'run'
		? [whole(), `Usage: $0 [options] ${command.operands}\n       $0 COMMAND [options]\n\nRuns a program on a Linux kernel inside its own process.\nA program that is named like a command: $0 run NAME`]
		: [withOptions(plain(), command), `Usage: $0 ${name} [options] ${command.operands}\n\n${command.help}.`];
	return parser.usage(usage).epilogue(name === 'run' ? ABOUT : EXIT_STATUS).getHelp();
}

/** Which words may stand at the end of `words`. */
export async function completions(words: readonly string[]): Promise<string[]> {
	const found = await whole().completion('completion', false).getCompletion([...words]);
	return [...new Set(found)];
}

/** Prints the script for the shell. */
export function showCompletionScript(): void {
	whole().completion('completion', false).showCompletionScript();
}
