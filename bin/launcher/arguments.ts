// SPDX-License-Identifier: GPL-2.0
// arguments.ts - The command line: a command, our options, then the program with its own

import { parseArgs } from 'node:util';

import { OPTIONS } from '../../config/options.js';
import type { Source } from '../../config/origin.js';
import { readOptions, type Word } from '../../config/read-options.js';
import { type CommandName, COMMANDS, COMMON, isCommand, type Flag } from './commands.js';
import { EXIT, Failure } from './failure.js';

/** What the user wants. */
export interface Arguments {
	readonly command: CommandName;
	/** Settings given by options. */
	readonly source: Source;
	/** Options of the command, and those of all commands; true for one that takes no value. */
	readonly flags: ReadonlyMap<string, string | true>;
	/** What follows the options: program and arguments, for most commands. */
	readonly rest: readonly string[];
}

type Spec = Readonly<Record<string, { type: 'string' | 'boolean'; short?: string }>>;

function spec(options: readonly (Flag & { readonly name: string })[]): Spec {
	return Object.fromEntries(options.map(({ name, value, short }) => [
		name,
		{ type: value === undefined ? 'boolean' : 'string', ...(short !== undefined && { short }) },
	]));
}

/** Cuts what comes first into options in their order; they end at the first word that is none, or behind "--". */
function tokenize(args: readonly string[], options: Spec): { words: Word[]; rest: string[] } {
	const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true });
	const end = tokens.findIndex(({ kind }) => kind !== 'option');
	const last = tokens[end];
	const words = tokens.slice(0, end < 0 ? undefined : end);

	return {
		words: words.flatMap((token) => (token.kind === 'option' ? [{ name: token.name, value: token.value }] : [])),
		rest: last ? args.slice(last.kind === 'positional' ? last.index : last.index + 1) : [],
	};
}

function readFlags(words: readonly Word[], flags: Readonly<Record<string, Flag>>): Map<string, string | true> {
	return new Map(words.map(({ name, value }) => {
		if (flags[name]?.value !== undefined && value === undefined) {
			throw new Failure(EXIT.usage, `--${name}: expected a value, ${flags[name].value}`);
		}
		return [name, value ?? true];
	}));
}

/** Parses what comes behind the name of the launcher. */
export function parseArguments(args: readonly string[]): Arguments {
	const [first = ''] = args;
	const command = isCommand(first) ? first : 'run';
	const { settings, options } = COMMANDS[command];
	const flags: Readonly<Record<string, Flag>> = { ...options, ...COMMON };
	const named = Object.entries(flags).map(([name, flag]) => ({ ...flag, name }));
	const { words, rest } = tokenize(isCommand(first) ? args.slice(1) : args, spec([...(settings ? OPTIONS : []), ...named]));
	const isFlag = ({ name }: Word): boolean => name in flags;

	return {
		command,
		source: readOptions(words.filter((word) => !isFlag(word)), Object.keys(flags), settings),
		flags: readFlags(words.filter(isFlag), flags),
		rest,
	};
}
