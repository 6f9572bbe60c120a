// SPDX-License-Identifier: GPL-2.0
// cpfromfs.ts - Copy files out of a file system image

import { copyTool, readCopyCommand, runCopy, STANDARD } from './images/copy-tool.js';
import { copying } from './images/options.js';
import { runTool } from './images/tool.js';

const STDOUT = 1;

const TOOL = copyTool(
	'cpfromfs',
	'Copies files and directories out of a file system image, with all that belongs to them. The last\npart of a source may be a pattern. The target is a directory of the host, or the name that a single\nsource is to have; "-" writes the contents of the sources, files, to the standard output. The image is not changed, even if it was not unmounted properly.',
);

await runTool(TOOL.name, async () => {
	const command = await readCopyCommand(TOOL, copying);
	if (command === undefined) {
		return 0;
	}
	const { values, sources, target } = command;
	return runCopy(TOOL.name, values, false, (opened) =>
		target === STANDARD ? opened.get(sources, STDOUT) : opened.copyOut(sources, target));
});
