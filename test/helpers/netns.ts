// SPDX-License-Identifier: GPL-2.0
// netns.ts - A host network of its own for a test: a network namespace with the tap device tap0
//
// A process holds the namespace: when its standard input is closed it ends, and the namespace with
// it, even if the tests are killed. Users get a user namespace too, in which they are root.

import type { ExecutionContext } from 'ava';

import { type Background, start, until } from './background.js';
import { type Command, run } from './command.js';
import { listening } from './listening.js';

/** Addresses: of the host's end of the tap, and for a program. */
export const HOST = { ip: '192.168.13.1', ipv6: 'fc03::1' } as const;
export const GUEST = { ip: '192.168.13.2', ipv6: 'fc03::2', mac: '02:00:00:00:00:02' } as const;

const ROOT = process.getuid?.() === 0;
const UNSHARE: Command = ['unshare', '--net', ...ROOT ? [] : ['--user', '--map-root-user']];

const SET_UP = `set -e
ip tuntap add dev tap0 mode tap
ip address add ${HOST.ip}/24 dev tap0
ip address add ${HOST.ipv6}/64 dev tap0 nodad
ip link set tap0 up
`;

/** Why there can be no such network here; undefined if there can. */
export async function netnsProblem(): Promise<string | undefined> {
	const { status, stderr } = await run([...UNSHARE, 'sh', '-c', `${SET_UP} : 0<>/dev/net/tun`]);
	return status === 0 ? undefined : `no tap device in a network namespace; users need /dev/net/tun: ${stderr.trim()}`;
}

export interface Netns {
	/** Puts a command into the namespace; it stays the same process. */
	readonly within: (command: Command) => Command;
	/** Waits until a command inside listens on a TCP port of the namespace. */
	readonly listening: (port: number) => Promise<void>;
	/** Waits until a program has opened the tap; packets from then on reach it. */
	readonly attached: () => Promise<void>;
}

/** Makes a network; it goes when the test ends. Without loopback, no process there reaches an address of its own. */
export async function makeNetns(t: ExecutionContext, { loopback = true } = {}): Promise<Netns> {
	const loopbackUp = loopback ? 'ip link set lo up;' : '';
	const holder: Background = start(t, [...UNSHARE, 'sh', '-c', `${SET_UP} ${loopbackUp} echo ready; exec cat`]);
	const target = ['--target', String(holder.pid), ...ROOT ? ['--net'] : ['--net', '--user', '--preserve-credentials']];

	await until(`a network namespace: ${holder.output()}`, () => holder.output().includes('ready'));

	const within = (command: Command): Command => ['nsenter', ...target, ...command];
	return {
		within,
		listening: (port) => listening(port, holder.pid),
		attached: () => until('a program on tap0', async () =>
			(await run(within(['ip', 'link', 'show', 'tap0']))).stdout.includes('LOWER_UP')),
	};
}
