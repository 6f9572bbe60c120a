// SPDX-License-Identifier: GPL-2.0
// copy-tool.ts - What the tools that copy into and out of an image have in common

import type { z } from 'zod';

import type { Image } from './image.js';
import { COMMON, COPYING, type copying, readCommandLine, type Tool } from './options.js';
import { isProgressWanted, run } from './tool.js';

export type CopyValues = z.output<typeof copying>;

/** Stands for the standard input as a source, and for the standard output as a target. */
export const STANDARD = '-';

/** A tool that copies. */
export function copyTool(name: string, summary: string, more: Tool['options'] = {}): Tool {
	return { name, summary, operands: 'SOURCE... TARGET', options: { ...COMMON, ...COPYING, ...more }, count: [2, Infinity] };
}

/** The command line of such a tool. */
export async function readCopyCommand<Schema extends z.ZodTypeAny>(tool: Tool, schema: Schema): Promise<{ values: z.output<Schema>; sources: string[]; target: string } | undefined> {
	const commandLine = await readCommandLine(tool, schema, process.argv.slice(2));

	return commandLine && {
		values: commandLine.values,
		sources: commandLine.operands.slice(0, -1),
		target: commandLine.operands.at(-1) ?? '',
	};
}

/** Copies; the exit status. */
export function runCopy(name: string, values: CopyValues, write: boolean, work: (image: Image) => Promise<number>): Promise<number> {
	return run({
		name,
		place: { image: values.image, partition: values.partition, type: values.type, options: values.options },
		settings: {
			exclude: values.exclude,
			uid: values.owner,
			gid: values.group,
			label: values.selinux,
			kernelLog: values['print-kernel-log'],
			totals: isProgressWanted(),
			memory: values.memory,
		},
		write,
		work,
	});
}
