// SPDX-License-Identifier: GPL-2.0
// load.ts - The network load: netperf; without it, iperf3 for streams and our own rr for transactions

import { spawnSync } from 'node:child_process';

import type { Command } from './exec.js';
import { program } from './program.js';

export type Transaction = 'TCP_RR' | 'UDP_RR';
export type Stream = 'TCP_STREAM' | 'TCP_MAERTS';

/** A test between a client and a server. */
export interface Load {
	/** For the report. */
	readonly tool: string;
	readonly server: Command;
	/** The server listens on it. */
	readonly port: number;
	client(address: string, seconds: number): Command;
	/** What the client prints: transactions, or megabits, per second. */
	parse(output: string): number;
}

/** The first number after some text. */
export function numberAfter(text: string, output: string): number {
	const value = Number(new RegExp(`${text}\\s*([\\d.e+]+)`).exec(output)?.[1] ?? NaN);

	if (!(value > 0)) {
		throw new Error(`expected a number after "${text}", got: ${output}`);
	}
	return value;
}

let found: boolean | undefined;

function hasNetperf(): boolean {
	found ??= spawnSync('netperf', ['-V']).error === undefined && spawnSync('netserver', ['-V']).error === undefined;
	return found;
}

function netperf(test: Transaction | Stream): Load {
	return {
		tool: 'netperf',
		server: ['netserver', '-D', '-f'],
		port: 12865,
		client: (address, seconds) => ['netperf', '-H', address, '-t', test, '-l', `${seconds}`, '-P', '0', '-v', '0'],
		parse: (output) => numberAfter('(?:^|\\n)', output),
	};
}

/** Our own request and response. */
export function rr(protocol: 'tcp' | 'udp'): Load {
	const port = 7000;

	return {
		tool: 'rr',
		server: [program('rr'), 'serve', protocol, `${port}`],
		port,
		client: (address, seconds) => [program('rr'), protocol, address, `${port}`, `${seconds}`],
		parse: (output) => numberAfter('rate', output),
	};
}

function iperf3(test: Stream): Load {
	return {
		tool: 'iperf3',
		server: ['iperf3', '-s'],
		port: 5201,
		client: (address, seconds) => ['iperf3', '-c', address, '-t', `${seconds}`, '-J', ...(test === 'TCP_MAERTS' ? ['-R'] : [])],
		parse: (output) => numberAfter('"sum_received":[^}]*"bits_per_second":', output) / 1e6,
	};
}

export function transactions(test: Transaction): Load {
	return hasNetperf() ? netperf(test) : rr(test === 'TCP_RR' ? 'tcp' : 'udp');
}

export function stream(test: Stream): Load {
	return hasNetperf() ? netperf(test) : iperf3(test);
}
