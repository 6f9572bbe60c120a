// SPDX-License-Identifier: GPL-2.0
// options.ts - The command lines of the tools: what they share, reading and checking

import { readFileSync } from 'node:fs';

import yargs, { type Options } from 'yargs';
import { z } from 'zod';

import { EXIT, Failure, printLine } from '../launcher/failure.js';

const STDOUT = 1;

/** Options that all tools have. */
export const COMMON = {
	type: { alias: 't', type: 'string', default: 'auto', describe: 'Type of the file system, such as ext4, xfs, btrfs, vfat; auto: what it looks like' },
	partition: { alias: 'P', type: 'string', default: '0', describe: 'Number of the partition; 0: the whole image' },
	options: { type: 'string', default: '', describe: 'Mount options' },
	exclude: { type: 'string', array: true, default: [] as string[], describe: 'Leave out files that match: a path if it has a "/", else a name' },
	memory: { type: 'string', default: '64', describe: 'MiB of memory of the kernel' },
	'print-kernel-log': { alias: 'p', type: 'boolean', default: false, describe: 'Print the messages of the kernel' },
} satisfies Record<string, Options>;

/** Options of the tools that copy. */
export const COPYING = {
	image: { alias: 'i', type: 'string', describe: 'The image: a file or a block device' },
	owner: { alias: 'o', type: 'string', describe: 'User id of the copies, instead of that of the source' },
	group: { alias: 'g', type: 'string', describe: 'Group id of the copies, instead of that of the source' },
	selinux: { alias: 's', type: 'string', describe: 'SELinux label of the copies (security.selinux)' },
} satisfies Record<string, Options>;

const STATUSES = [
	'Exit status:',
	'  0   done',
	'  1   some files could not be read or written; the others are done',
	'  2   could not be done: the image cannot be mounted, there is no room, ...',
	'  64  wrong usage',
	'  130 interrupted; the image is unmounted properly',
].join('\n');

/** A number from `min` to `max`, in digits. */
export function wholeNumber(min: number, max: number): z.ZodEffects<z.ZodString, number> {
	return z.string().transform((text, context) => {
		const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
		if (!(value >= min && value <= max)) {
			context.addIssue({ code: 'custom', message: `expected a number from ${min} to ${max}, got "${text}"` });
		}
		return value;
	});
}

const ID_MAX = 2 ** 32 - 2;

/** What comes of the options that all tools have. */
export const common = z.object({
	type: z.string().min(1),
	partition: wholeNumber(0, 1023),
	options: z.string(),
	exclude: z.array(z.string()),
	memory: wholeNumber(32, 65536),
	'print-kernel-log': z.boolean(),
});

/** What comes of those of the tools that copy. */
export const copying = common.extend({
	image: z.string({ message: 'expected the image' }).min(1),
	owner: wholeNumber(0, ID_MAX).optional(),
	group: wholeNumber(0, ID_MAX).optional(),
	selinux: z.string().min(1).optional(),
});

/** A tool: its name and the texts of its help. */
export interface Tool {
	readonly name: string;
	/** Behind the name and the options. */
	readonly operands: string;
	readonly summary: string;
	readonly options: Record<string, Options>;
	/** The smallest and the largest number of operands. */
	readonly count: readonly [number, number];
}

function version(): string {
	const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
	return version;
}

function usage(tool: Tool, ...lines: string[]): Failure {
	return new Failure(EXIT.usage, ...lines, `see ${tool.name} --help`);
}

/** Checks options; a Failure that tells all that is wrong. */
function check<Schema extends z.ZodTypeAny>(tool: Tool, schema: Schema, values: unknown): z.output<Schema> {
	const result = schema.safeParse(values);

	if (!result.success) {
		throw usage(tool, ...result.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`));
	}
	return result.data as z.output<Schema>;
}

/** Reads a command line; `undefined` if it asks for help or the version, which is printed. */
export async function readCommandLine<Schema extends z.ZodTypeAny>(tool: Tool, schema: Schema, args: readonly string[]): Promise<{ values: z.output<Schema>; operands: string[] } | undefined> {
	const parser = yargs()
		.scriptName(tool.name)
		.usage(`Usage: ${tool.name} [options] ${tool.operands}\n\n${tool.summary}`)
		.detectLocale(false)
		.exitProcess(false)
		.help(false)
		.version(false)
		.options({ ...tool.options, version: { type: 'boolean', describe: 'Print the version' }, help: { alias: 'h', type: 'boolean', describe: 'Print this text' } })
		.strictOptions()
		.fail((message, error) => {
			throw usage(tool, message || error.message);
		})
		.epilogue(STATUSES)
		.wrap(null)
		.parserConfiguration({
			'boolean-negation': false,
			'camel-case-expansion': false,
			'dot-notation': false,
			'greedy-arrays': false,
			'parse-numbers': false,
			'parse-positional-numbers': false,
			'strip-aliased': true,
		});
	const { _, $0: name, help, version: wantsVersion, ...values } = parser.parseSync([...args]);
	const operands = _.map(String);
	const [least, most] = tool.count;

	if (help === true) {
		printLine(STDOUT, await parser.getHelp());
		return undefined;
	}
	if (wantsVersion === true) {
		printLine(STDOUT, `${name} ${version()}`);
		return undefined;
	}
	if (operands.length < least || operands.length > most) {
		throw usage(tool, `expected ${tool.operands}, got ${operands.length === 0 ? 'nothing' : operands.join(' ')}`);
	}
	return { values: check(tool, schema, values), operands };
}
