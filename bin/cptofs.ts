// SPDX-License-Identifier: GPL-2.0
// cptofs.ts - Copy files of the host into a file system image

import { z } from 'zod';

import { replaceWhenDone } from './images/atomic.js';
import { copyTool, readCopyCommand, runCopy, STANDARD } from './images/copy-tool.js';
import { copying } from './images/options.js';
import { runTool } from './images/tool.js';
import { EXIT, Failure } from './launcher/failure.js';

const STDIN = 0;

const TOOL = copyTool(
	'cptofs',
	'Copies files and directories of the host into a file system image, with all that belongs to them.\nThe last part of a source may be a pattern. The target is a directory in the image, or the name\nthat a single source is to have. If the source is "-", the standard input becomes the file that the\ntarget names. The image is unmounted properly, whatever happens.',
	{ atomic: { type: 'boolean', default: false, describe: 'Work on a copy of the image, which takes its place if all is well' } },
);

const schema = copying.extend({ atomic: z.boolean() });

await runTool(TOOL.name, async () => {
	const command = await readCopyCommand(TOOL, schema);
	if (command === undefined) {
		return 0;
	}
	const { values, sources, target } = command;
	const isInput = sources.includes(STANDARD);
	if (isInput && sources.length > 1) {
		throw new Failure(EXIT.usage, `expected "${STANDARD}" to be the only source, got ${sources.join(' ')}`, `see ${TOOL.name} --help`);
	}
	const copy = (image: string): Promise<number> =>
		runCopy(TOOL.name, { ...values, image }, true, (opened) => isInput ? opened.put(STDIN, target) : opened.copyIn(sources, target));

	return values.atomic ? replaceWhenDone(values.image, copy) : copy(values.image);
});
