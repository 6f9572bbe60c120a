// SPDX-License-Identifier: GPL-2.0
// demo.ts - The main job on real input: ip and curl on a kernel of their own, without root

import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

const LAUNCHER = fileURLToPath(new URL('../../bin/lkl-hijack', import.meta.url));
const PAGE = 'This page comes from an HTTP server on the host, fetched through a Linux kernel inside curl.\n';
const PATIENCE_MS = 60_000;

/** Run a program on its own kernel, show what it prints; resolves to that. */
function run(...command: readonly string[]): Promise<string> {
	const args = ['--net-iftype', 'slirp', ...command];

	process.stdout.write(`\n$ lkl-hijack ${args.join(' ')}\n`);
	return new Promise((resolve, reject) => {
		const child = spawn(LAUNCHER, args, { stdio: ['ignore', 'pipe', 'inherit'], timeout: PATIENCE_MS });
		let output = '';

		child.stdout.setEncoding('utf8').on('data', (text: string) => {
			output += text;
			process.stdout.write(text);
		});
		child.once('error', reject).once('close', (status, signal) => {
			if (status === 0) {
				resolve(output);
			} else {
				reject(new Error(`${command[0] ?? ''} ended with ${signal ?? String(status)}`));
			}
		});
	});
}

const server = createServer((_request, response) => {
	response.end(PAGE);
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;

try {
	const addresses = await run('ip', 'address', 'show');
	const kernel = await run('cat', '/proc/net/dev');
	// 10.0.2.2 is the host, seen from the user-mode network.
	const page = await run('curl', '--silent', '--show-error', `http://10.0.2.2:${String(port)}/`);

	if (!addresses.includes('10.0.2.15/24') || !kernel.includes('eth0') || page !== PAGE) {
		throw new Error('the output is not what it should be');
	}
	process.stdout.write('\nThe programs ran unmodified, each on a Linux kernel inside its own process.\n');
} finally {
	server.close();
}
