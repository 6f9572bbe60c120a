// SPDX-License-Identifier: GPL-2.0
// report.ts - Figures as lines for a terminal, and as a table for docs/

import { readFileSync } from 'node:fs';
import { cpus, loadavg, release } from 'node:os';

import { isKept, median, ratios, type Figure } from './figure.js';

const HEADINGS = ['figure', 'value', 'reference', 'ratio (from..to)', 'limit', ''] as const;
const WIDTHS = [32, 14, 24, 22, 12, 0] as const;

function number(value: number): string {
	return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function spread(values: readonly number[]): string {
	return `${number(median(values))} (${number(Math.min(...values))}..${number(Math.max(...values))})`;
}

function verdict(figure: Figure): string {
	const kept = isKept(figure);

	if (kept === undefined) {
		return '';
	}
	return kept ? 'ok' : 'MISS';
}

function cells(figure: Figure): string[] {
	const { name, unit, values, reference, limit } = figure;
	const limitUnit = reference === undefined ? ` ${unit}` : ' x';

	return [
		name,
		`${number(median(values))} ${unit}`.trimEnd(),
		reference === undefined ? '-' : `${number(median(reference.values))} ${reference.name}`,
		reference === undefined ? '-' : spread(ratios(figure)),
		limit === undefined ? '-' : `${limit.sense} ${limit.bound}${limitUnit}`,
		verdict(figure),
	];
}

/** What it was measured on. */
export function machine(): string {
	const [cpu] = cpus();
	const [system] = /(?<=PRETTY_NAME=").*(?=")/.exec(readFileSync('/etc/os-release', 'utf8')) ?? ['?'];

	return `${cpus().length} CPUs (${cpu?.model ?? '?'}), Linux ${release()}, ${system}, load ${(loadavg()[0] ?? NaN).toFixed(2)}`;
}

/** How figures are written. */
export interface Format {
	readonly heading: string;
	line(figure: Figure): string;
}

function padded(columns: readonly string[]): string {
	return columns.map((column, index) => column.padEnd(WIDTHS[index] ?? 0)).join(' ').trimEnd();
}

function row(columns: readonly string[]): string {
	return `| ${columns.join(' | ')} |`;
}

export const TEXT: Format = { heading: padded(HEADINGS), line: (figure) => padded(cells(figure)) };

export const MARKDOWN: Format = {
	heading: `${row(HEADINGS)}\n${row(HEADINGS.map(() => '---'))}`,
	line: (figure) => row(cells(figure)),
};
