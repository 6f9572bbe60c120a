// SPDX-License-Identifier: GPL-2.0
// progress-bar.ts - How far the work is, on a terminal

import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';

import type { Counters } from './library.js';

const STDERR = 2;
const PERIOD_MS = 200;
const BAR_WIDTH = 24;
/** Go to the first column, and clear the line. */
const CLEAR = '\r\u001B[K';

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** A number of bytes for people. */
export function formatBytes(bytes: number): string {
	const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length - 1);
	return `${(bytes / 1024 ** power).toFixed(power > 0 ? 1 : 0)} ${UNITS[power] ?? ''}`;
}

/** A time for people. */
export function formatSeconds(seconds: number): string {
	const whole = Math.ceil(seconds);
	const minutes = Math.floor(whole / 60);
	return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}

/** One line: bar, bytes, files, rate, time left. */
export function progressLine(counters: Pick<Counters, 'files' | 'bytes' | 'totalFiles' | 'totalBytes'>, seconds: number): string {
	const { files, bytes, totalFiles, totalBytes } = counters;
	// A file without contents is work as well: as much as some of contents.
	const cost = 4096;
	const total = totalBytes + totalFiles * cost;
	const done = total > 0 ? Math.min(1, (bytes + files * cost) / total) : 0;
	const filled = Math.round(done * BAR_WIDTH);
	const rate = seconds > 0 ? bytes / seconds : 0;
	const left = done > 0 ? `, ${formatSeconds(seconds / done - seconds)} left` : '';

	return `[${'#'.repeat(filled)}${' '.repeat(BAR_WIDTH - filled)}] ${Math.floor(done * 100)} %  ${formatBytes(bytes)}, ${files} files, ${formatBytes(rate)}/s${left}`;
}

/** Is there somebody to look at it? */
export function isWanted(): boolean {
	return isatty(STDERR);
}

/** Shows the counters until the function that is returned is called. */
export function showProgress(counters: Counters): () => void {
	const start = performance.now();
	const timer = setInterval(() => {
		writeSync(STDERR, CLEAR + progressLine(counters, (performance.now() - start) / 1000));
	}, PERIOD_MS);

	return () => {
		clearInterval(timer);
		writeSync(STDERR, CLEAR);
	};
}
