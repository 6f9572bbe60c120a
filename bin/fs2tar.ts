// SPDX-License-Identifier: GPL-2.0
// fs2tar.ts - A file system image as a tar archive

import { openSync } from 'node:fs';

import { z } from 'zod';

import { COMMON, common, readCommandLine, type Tool } from './images/options.js';
import { isProgressWanted, run, runTool, STATUS } from './images/tool.js';
import { Failure } from './launcher/failure.js';

const STDOUT = 1;

const TOOL: Tool = {
	name: 'fs2tar',
	operands: 'IMAGE ARCHIVE',
	summary: 'Writes the files of a file system image to a tar archive ("-": to the standard output), with\nowners, permissions, times, extended attributes, ACLs, links, holes and device nodes.\nThe image is not changed, even if it was not unmounted properly.',
	options: {
		...COMMON,
		selinux: { alias: 's', type: 'string', describe: 'Write the SELinux labels to this file as well, a line "PATH LABEL" for each' },
		'numeric-owner': { type: 'boolean', default: false, describe: 'Leave out the names of users and groups (they come from etc/passwd and etc/group of the image)' },
	},
	count: [2, 2],
};

const schema = common.extend({ selinux: z.string().min(1).optional(), 'numeric-owner': z.boolean() });

function create(path: string): number {
	try {
		return path === '-' ? STDOUT : openSync(path, 'w', 0o666);
	} catch (error) {
		throw new Failure(STATUS.failed, (error as Error).message);
	}
}

await runTool(TOOL.name, async () => {
	const commandLine = await readCommandLine(TOOL, schema, process.argv.slice(2));
	if (commandLine === undefined) {
		return 0;
	}
	const { values, operands: [image = '', archive = ''] } = commandLine;
	const labels = values.selinux === undefined ? undefined : create(values.selinux);

	return run({
		name: TOOL.name,
		place: { image, partition: values.partition, type: values.type, options: values.options },
		settings: {
			exclude: values.exclude,
			numericOwner: values['numeric-owner'],
			labels,
			kernelLog: values['print-kernel-log'],
			totals: isProgressWanted(),
			memory: values.memory,
		},
		write: false,
		// Not before the image is open: an archive that is there is not lost by a misspelt name.
		work: (opened) => opened.toTar(create(archive)),
	});
});
