// SPDX-License-Identifier: GPL-2.0
// init.ts - Write lkl-hijack.json, from options or from answers

import { existsSync, readSync, writeFileSync } from 'node:fs';
import { isatty } from 'node:tty';
import { fileURLToPath, pathToFileURL } from 'node:url';

import type { Source } from '../../config/origin.js';
import { readOptions, type Word } from '../../config/read-options.js';
import { resolveSources } from '../../config/resolve.js';
import { settingsObject } from '../../config/write.js';
import type { Arguments } from '../launcher/arguments.js';
import { EXIT, Failure, printLine, printText, STDERR, STDOUT } from '../launcher/failure.js';
import { expectNoOperands } from '../launcher/resolved.js';

const STDIN = 0;
const DEFAULT_OUTPUT = 'lkl-hijack.json';
const SCHEMA = fileURLToPath(new URL('../../lkl-hijack.schema.json', import.meta.url));

/** Something to ask: which option the answer is for. */
interface Question {
	readonly text: string;
	readonly option: string;
	readonly standard: string;
}

const TYPE: Question = { text: 'Type of the network: slirp (needs no privilege), tap, macvtap, raw, pipe or vde', option: 'net', standard: 'slirp' };

/** By type; a "-" leaves a setting out. */
const QUESTIONS: Readonly<Record<string, readonly Question[]>> = {
	slirp: [{ text: 'Port to forward to the program, such as tcp:8080:80', option: 'forward', standard: '-' }],
	'': [
		{ text: 'What is it made of (tap: its name)', option: 'param', standard: 'tap0' },
		{ text: 'Address and prefix length', option: 'ip', standard: '192.168.13.2/24' },
		{ text: 'Gateway', option: 'gateway', standard: '192.168.13.1' },
	],
};

/** A line of the terminal, byte by byte: what follows is not ours. */
function readLine(): string {
	const byte = Buffer.alloc(1);
	const bytes: number[] = [];
	for (;;) {
		if (readSync(STDIN, byte, 0, 1, null) === 0) {
			throw new Failure(EXIT.usage, 'init: the input has ended; nothing is written');
		}
		if (byte[0] === 0x0a) {
			return Buffer.from(bytes).toString().trim();
		}
		bytes.push(byte[0] ?? 0);
	}
}

/** Asks until the answer makes sense together with the earlier ones. */
function ask({ text, option, standard }: Question, words: readonly Word[]): Word[] {
	for (;;) {
		printText(STDERR, `${text} [${standard}]: `);
		const value = readLine() || standard;
		if (value === '-') {
			return [];
		}
		const word = { name: option, value };
		const { problems } = resolveSources(readOptions([...words, word]));
		const own = problems.filter((problem) => problem.startsWith(`--${option}`));
		if (own.length === 0) {
			return [word];
		}
		printLine(STDERR, own.join('\n'));
	}
}

function answers(): Source {
	const words = ask(TYPE, []);
	for (const question of QUESTIONS[words[0]?.value ?? ''] ?? QUESTIONS[''] ?? []) {
		words.push(...ask(question, words));
	}
	return readOptions(words);
}

/** The settings of the options; if there are none, those of the answers. */
function wantedSource({ source }: Arguments): Source {
	if (source.top.size > 0 || source.interfaces.length > 0 || source.problems.length > 0) {
		return source;
	}
	if (!isatty(STDIN)) {
		throw new Failure(EXIT.usage, 'init: expected settings as options, such as --net slirp, or a terminal to ask on');
	}
	return answers();
}

/** Writes the file; the environment and an older file have no part in it. */
export function init(wanted: Arguments): number {
	expectNoOperands(wanted);
	const given = wanted.flags.get('output');
	const output = typeof given === 'string' ? given : DEFAULT_OUTPUT;

	if (existsSync(output) && !wanted.flags.has('force')) {
		throw new Failure(EXIT.usage, `init: ${output} exists; expected --force to overwrite it, or --output FILE`);
	}
	const { top, interfaces, problems } = resolveSources(wantedSource(wanted));
	if (problems.length > 0) {
		throw new Failure(EXIT.config, ...problems);
	}
	const content = { $schema: pathToFileURL(SCHEMA).href, ...settingsObject({ top, interfaces }) };
	writeFileSync(output, `${JSON.stringify(content, undefined, '\t')}\n`);
	printLine(STDOUT, `${output} is written; see: lkl-hijack check`);
	return 0;
}
