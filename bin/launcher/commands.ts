// SPDX-License-Identifier: GPL-2.0
// commands.ts - The commands of the launcher: what they are for, and their options

/** An option that is no setting. */
export interface Flag {
	readonly help: string;
	/** What its value is called; none: it has none. */
	readonly value?: string;
	readonly short?: string;
}

/** A command. */
export interface Command {
	readonly help: string;
	/** What follows its options. */
	readonly operands: string;
	/** Does it take settings? */
	readonly settings: boolean;
	readonly options: Readonly<Record<string, Flag>>;
}

const tap = {
	'dry-run': { help: 'Only print the commands' },
} as const satisfies Record<string, Flag>;

export const COMMANDS = {
	run: {
		help: 'Start a program on a Linux kernel of its own (if no command is named)',
		operands: '[--] program args...', settings: true, options: {},
	},
	check: {
		help: 'Tell what the settings are and where they come from, or all that is wrong',
		operands: '[[--] program]', settings: true,
		options: { json: { help: 'Print problems and settings as JSON' } },
	},
	env: {
		help: 'Print the environment that does the same without the launcher',
		operands: '', settings: true,
		options: { null: { short: '0', help: 'End each variable with a NUL, for lkl-hijack-exec' } },
	},
	init: {
		help: 'Write lkl-hijack.json; asks if no settings are given',
		operands: '', settings: true,
		options: {
			output: { value: 'FILE', help: 'Another file' },
			force: { help: 'Overwrite the file' },
		},
	},
	'setup-tap': {
		help: 'Create the tap devices of the settings, with the gateway\'s address on the host',
		operands: '', settings: true,
		options: {
			owner: { value: 'USER', help: 'Who may use the device; you, also below sudo, if not given' },
			address: { value: 'ADDRESS/LENGTH', help: 'The host\'s address on the device in place of the gateway\'s; several with commas' },
			forwarding: { help: 'Let the host forward packets' },
			...tap,
		},
	},
	'teardown-tap': { help: 'Delete the tap devices of the settings', operands: '', settings: true, options: tap },
	doctor: {
		help: 'Tell what works on this host, and what the kernel has built in',
		operands: '', settings: false,
		options: { json: { help: 'Print it as JSON' } },
	},
	completion: { help: 'Print a script that makes bash or zsh complete our options', operands: '', settings: false, options: {} },
} as const satisfies Record<string, Command>;

export type CommandName = keyof typeof COMMANDS;

/** Options of every command. */
export const COMMON = {
	help: { short: 'h', help: 'Print this text, and exit' },
	version: { help: 'Print the version, and exit' },
} as const satisfies Record<string, Flag>;

export function isCommand(word: string): word is CommandName {
	return Object.hasOwn(COMMANDS, word);
}
