// SPDX-License-Identifier: GPL-2.0
// arguments.ts - The command line: our options, then the program with its own

import yargs from 'yargs/yargs';

import type { Source } from '../../config/origin.js';
import { readOptions, settingOptions } from '../../config/read-options.js';

/** What the user wants. */
export interface Arguments {
	readonly source: Source;
	/** Program and arguments. */
	readonly program: readonly string[];
	readonly showConfig: boolean;
	readonly help: boolean;
	readonly version: boolean;
}

const OTHERS = {
	'show-config': { type: 'boolean', describe: 'Print the settings as a JSON file, and exit' },
	version: { type: 'boolean', describe: 'Print the version, and exit' },
	help: { type: 'boolean', describe: 'Print this text, and exit' },
} as const;

function parser(): ReturnType<typeof yargs> {
	return yargs()
		.scriptName('lkl-hijack')
		.usage('Usage: $0 [options] [--] program args...\n\nRuns a program on a Linux kernel inside its own process.')
		.detectLocale(false)
		.exitProcess(false)
		.help(false)
		.version(false)
		.options(settingOptions())
		.options(OTHERS)
		.group(Object.keys(OTHERS), 'Others:')
		.epilogue('Each option is a variable LKL_HIJACK_* too: --net-mtu is LKL_HIJACK_NET_MTU.\nExit status, if the program does not start: 78 bad setting, 126 not executable, 127 not found.')
		.wrap(100)
		.parserConfiguration({
			'halt-at-non-option': true,
			'boolean-negation': false,
			'camel-case-expansion': false,
			'dot-notation': false,
			'duplicate-arguments-array': false,
			'parse-numbers': false,
			'parse-positional-numbers': false,
		});
}

/** Parses what comes behind the name of the launcher. */
export function parseArguments(args: readonly string[]): Arguments {
	const { _: program, ...options } = parser().parseSync([...args]);

	return {
		source: readOptions(options, ['$0', ...Object.keys(OTHERS)]),
		program: program.map(String),
		showConfig: options['show-config'] === true,
		help: options['help'] === true,
		version: options['version'] === true,
	};
}

/** The text of --help. */
export function helpText(): Promise<string> {
	return parser().getHelp();
}
