// SPDX-License-Identifier: GPL-2.0
// problem.ts - Messages about settings: one line each, whatever the values contain

const SHOWN = 160;

/** Makes a text fit to be part of one line. */
function clean(text: string): string {
	// eslint-disable-next-line no-control-regex
	return text.replace(/[\0-\x1f\x7f]/g, '?');
}

/** "LABEL=value: message"; without a value "LABEL: message". */
export function problem(label: string, message: string, value?: string): string {
	const short = value !== undefined && value.length > SHOWN ? `${value.slice(0, SHOWN)}...` : value;
	return clean(`${label}${short === undefined ? '' : `=${short}`}: ${message}`);
}
