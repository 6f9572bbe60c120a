// SPDX-License-Identifier: GPL-2.0
// problem.ts - Messages about settings: one line each, whatever the values contain

const SHOWN = 160;

/** Makes a text fit to be part of one line. */
function clean(text: string): string {
	// eslint-disable-next-line no-control-regex
	return text.replace(/[\0-\x1f\x7f]/g, '?');
}

/** Puts the problems with places in the file `path` first, in the order of these. */
export function inFileOrder(problems: readonly string[], path: string): string[] {
	const placed = problems.map((line) => {
		const place = line.startsWith(path) ? /^:(\d+):(\d+)/.exec(line.slice(path.length)) : undefined;
		const [, row = Infinity, column = 0] = place ?? [];
		return { line, row: Number(row), column: Number(column) };
	});
	return placed.sort((a, b) => (a.row === b.row ? a.column - b.column : a.row < b.row ? -1 : 1)).map(({ line }) => line);
}

/** "LABEL=value: message"; without a value "LABEL: message". */
export function problem(label: string, message: string, value?: string): string {
	const short = value !== undefined && value.length > SHOWN ? `${value.slice(0, SHOWN)}...` : value;
	return clean(`${label}${short === undefined ? '' : `=${short}`}: ${message}`);
}
