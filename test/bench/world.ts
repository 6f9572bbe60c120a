// SPDX-License-Identifier: GPL-2.0
// world.ts - Namespaces that the benchmark runs in: a tap, a veth pair to another host, and nobody else
//
// All is private to the benchmark (network, /run, process ids) and is gone with it, whatever way it ends.

import { spawnSync } from 'node:child_process';

import { PRELOAD_LIBRARY } from '../helpers/paths.js';
import { run, type Command } from './exec.js';

const INSIDE = 'LKL_BENCH_INSIDE';

/** The tap: the host's end, and the LKL kernel's, or that of rawtap.c. */
export const TAP = { name: 'tap0', host: '192.168.13.1', lkl: '192.168.13.2', mac: '02:00:00:00:13:02' } as const;

/** The other host: another network namespace at the end of a veth pair; what it knows this one by. */
export const PEER = '192.168.14.2';
export const HOST_FOR_PEER = '192.168.14.1';

const SET_UP: readonly Command[] = [
	['ip', 'link', 'set', 'lo', 'up'],
	['ip', 'tuntap', 'add', 'dev', TAP.name, 'mode', 'tap'],
	['ip', 'address', 'add', `${TAP.host}/24`, 'dev', TAP.name],
	['ip', 'link', 'set', TAP.name, 'up'],
	['ip', 'neighbour', 'replace', TAP.lkl, 'lladdr', TAP.mac, 'dev', TAP.name, 'nud', 'permanent'],
	['ip', 'netns', 'add', 'peer'],
	['ip', 'link', 'add', 'veth0', 'type', 'veth', 'peer', 'name', 'veth1', 'netns', 'peer'],
	['ip', 'address', 'add', `${HOST_FOR_PEER}/24`, 'dev', 'veth0'],
	['ip', 'link', 'set', 'veth0', 'up'],
	['ip', '-n', 'peer', 'address', 'add', `${PEER}/24`, 'dev', 'veth1'],
	['ip', '-n', 'peer', 'link', 'set', 'veth1', 'up'],
];

/** Goes on inside new namespaces: the exit status of this program there; undefined if this is there. */
export function enterWorld(): number | undefined {
	if (process.env[INSIDE] !== undefined) {
		return undefined;
	}

	const user = process.getuid?.() === 0 ? [] : ['--map-root-user'];
	const { status, error } = spawnSync('unshare', [
		...user, '--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc',
		'sh', '-c', 'mount -t tmpfs tmpfs /run && exec "$@"', 'sh', process.execPath, ...process.argv.slice(1),
	], { stdio: 'inherit', env: { ...process.env, [INSIDE]: '1' } });

	if (error !== undefined) {
		throw error;
	}
	return status ?? 1;
}

let network: Promise<void> | undefined;

/** Makes the tap and the veth pair. */
export function setUpNetwork(): Promise<void> {
	network ??= (async () => {
		for (const command of SET_UP) {
			await run(command, 10);
		}
	})();
	return network;
}

/** The command on the other host. */
export function onPeer(command: Command): Command {
	return ['nsenter', '--net=/run/netns/peer', ...command];
}

/** The command on one CPU. */
export function pinned(cpu: number, command: Command): Command {
	return ['taskset', '-c', `${cpu}`, ...command];
}

/** The command on an LKL kernel without an interface. */
export function onLoopback(command: Command): Command {
	return ['env', `LD_PRELOAD=${PRELOAD_LIBRARY}`, ...command];
}

/** The command on the LKL kernel, over the tap. Has to be the innermost change: it sets LD_PRELOAD. */
export function hijacked(command: Command, offload?: number, more: Readonly<Record<string, string>> = {}): Command {
	const settings = {
		NET_IFTYPE: 'tap', NET_IFPARAMS: TAP.name, NET_IP: TAP.lkl, NET_NETMASK_LEN: '24', NET_MAC: TAP.mac,
		...(offload === undefined ? {} : { OFFLOAD: `0x${offload.toString(16)}` }),
		...more,
	};
	const variables = Object.entries(settings).map(([name, value]) => `LKL_HIJACK_${name}=${value}`);

	return ['env', ...variables, `LD_PRELOAD=${PRELOAD_LIBRARY}`, ...command];
}
