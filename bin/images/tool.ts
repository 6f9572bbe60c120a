// SPDX-License-Identifier: GPL-2.0
// tool.ts - The life of a tool: open the image, work, close it, report

import { EXIT, Failure, printLine } from '../launcher/failure.js';
import { Image, type Message, type Place, type Settings } from './image.js';
import type { Counters } from './library.js';
import { formatBytes, isWanted, showProgress } from './progress-bar.js';

const STDERR = 2;

/** Exit statuses, as --help has them. */
export const STATUS = { done: 0, some: 1, failed: 2, interrupted: 130 } as const;

/** Signals that end the work early, but properly. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A job for a tool. */
export interface Job {
	readonly name: string;
	readonly place: Place;
	readonly settings: Settings;
	/** The image is written to. */
	readonly write: boolean;
	work(image: Image): Promise<number>;
}

function report(name: string, messages: readonly Message[]): void {
	for (const { kind, text } of messages) {
		printLine(STDERR, `${name}: ${kind === 'kernel' ? 'kernel: ' : ''}${text}`);
	}
}

/** After a failure it matters how much was done before. */
function reportDone(name: string, { files, bytes }: Counters): void {
	printLine(STDERR, `${name}: done before that: ${files} files, ${formatBytes(bytes)}`);
}

/** Has signals cancel the work until `stop` is called. */
function listenToSignals(counters: Counters): { signal: AbortSignal; stop: () => void } {
	const controller = new AbortController();
	const cancel = (): void => {
		controller.abort();
		counters.cancel();
	};

	for (const signal of SIGNALS) {
		process.on(signal, cancel);
	}
	return {
		signal: controller.signal,
		stop: () => {
			for (const signal of SIGNALS) {
				process.off(signal, cancel);
			}
		},
	};
}

/** Works with an open image and closes it, whatever happens; two error numbers. */
async function workAndClose(image: Image, job: Job): Promise<{ error: number; closed: number }> {
	const stopShowing = job.settings.totals === true ? showProgress(image.counters) : () => undefined;
	let error;
	let closed = 0;
	try {
		error = await job.work(image);
	} finally {
		stopShowing();
		closed = await image.close();
		report(job.name, image.messages());
	}
	return { error, closed };
}

/** Does a job; the exit status. */
export async function run(job: Job): Promise<number> {
	const image = new Image(job.settings);
	const { counters } = image;
	const { signal, stop } = listenToSignals(counters);
	try {
		if (await image.open(job.place, job.write) !== 0) {
			report(job.name, image.messages());
			return STATUS.failed;
		}
		const { error, closed } = await workAndClose(image, job);
		if (error !== 0) {
			reportDone(job.name, counters);
			return signal.aborted ? STATUS.interrupted : STATUS.failed;
		}
		return closed !== 0 ? STATUS.failed : counters.failed > 0 ? STATUS.some : STATUS.done;
	} finally {
		stop();
		image.free();
	}
}

/** Runs the main function of a tool; sets the exit status. */
export async function runTool(name: string, main: () => Promise<number>): Promise<void> {
	try {
		process.exitCode = await main();
	} catch (error) {
		const { lines, status } = error instanceof Failure ? error : new Failure(EXIT.software, String(error));
		for (const line of lines) {
			printLine(STDERR, `${name}: ${line}`);
		}
		process.exitCode = status;
	}
}

export { isWanted as isProgressWanted };
