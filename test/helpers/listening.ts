// SPDX-License-Identifier: GPL-2.0
// listening.ts - Wait for a server of the host without disturbing it

import { readFileSync } from 'node:fs';

import { until } from './background.js';

const LISTEN = '0A';

/** The ports that are listened on, of the lines of /proc/net/tcp. */
function listeners(lines: string): number[] {
	return lines.split('\n').map((line) => line.trim().split(/\s+/))
		.filter(([, , , state]) => state === LISTEN)
		.map(([, local = '']) => Number.parseInt(local.split(':')[1] ?? '', 16));
}

/** Waits until somebody listens on a TCP port of the network that a process is in. */
export function listening(port: number, pid: number | 'self' = 'self'): Promise<void> {
	const tables = ['tcp', 'tcp6'].map((name) => `/proc/${pid}/net/${name}`);

	return until(`port ${port} of the host`, () =>
		tables.some((table) => listeners(readFileSync(table, 'utf8')).includes(port)));
}
