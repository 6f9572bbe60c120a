// SPDX-License-Identifier: GPL-2.0
// host-checks.ts - Is there on the host what the interfaces are made of?

import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

import type { Settings, Values } from '../../config/schema.js';

const READ_WRITE = constants.R_OK | constants.W_OK;
const TUN = '/dev/net/tun';

/** Why a file cannot be used; undefined if it can. */
function accessProblem(path: string, mode: number): string | undefined {
	try {
		accessSync(path, mode);
		return undefined;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : 'no permission';
	}
}

/** Has the host an interface? Not asked of /sys, which shows the namespace it was mounted in. */
export function hasInterface(name: string): boolean {
	return readFileSync('/proc/self/net/dev', 'utf8').split('\n').some((line) => line.trimStart().startsWith(`${name}:`));
}

function checkTap(name: string): string | undefined {
	const why = accessProblem(TUN, READ_WRITE);

	if (!hasInterface(name)) {
		return `${name}: no such device; create it: ip tuntap add dev ${name} mode tap user ${process.geteuid?.() ?? '$USER'}`;
	}
	return why === undefined ? undefined : `${TUN}: ${why}; as root: ${why === 'no such file' ? 'modprobe tun' : `chmod 666 ${TUN}`}`;
}

function checkMacvtap(path: string): string | undefined {
	const why = accessProblem(path, READ_WRITE);
	if (why !== undefined) {
		return `${path}: ${why}; as root: ip link add link eth0 type macvtap mode bridge, and give the device /dev/tapN to you`;
	}
	return statSync(path).isCharacterDevice() ? undefined : `${path}: not a macvtap device`;
}

function checkRaw(name: string): string | undefined {
	return hasInterface(name) ? undefined : `${name}: no such interface of the host; see: ip link`;
}

function checkFifo(path: string): string | undefined {
	const why = accessProblem(path, READ_WRITE);

	if (why === 'no such file') {
		const folder = dirname(path);
		const folderWhy = accessProblem(folder, constants.W_OK);
		return folderWhy === undefined ? undefined : `${path}: cannot be made: ${folder}: ${folderWhy}`;
	}
	if (why !== undefined) {
		return `${path}: ${why}`;
	}
	return statSync(path).isFIFO() ? undefined : `${path}: not a fifo; make one: mkfifo ${path}`;
}

function checkVde(path: string): string | undefined {
	// A vde_open() URL such as vde:///run/vde/switch is the library's business.
	const why = path.includes('://') ? undefined : accessProblem(path, constants.R_OK);
	return why === undefined ? undefined : `${path}: ${why}; start a switch: vde_switch -daemon -sock ${path}`;
}

const CHECKS: Readonly<Record<string, (param: string) => readonly (string | undefined)[]>> = {
	tap: (name) => [checkTap(name)],
	macvtap: (path) => [checkMacvtap(path)],
	raw: (name) => [checkRaw(name)],
	pipe: (paths) => paths.split('|').map(checkFifo),
	vde: (path) => [checkVde(path)],
};

/** Can the file be made, or written? */
function checkPcap(path: string): string | undefined {
	const why = existsSync(path) ? accessProblem(path, constants.W_OK) : accessProblem(dirname(path), constants.W_OK);
	return why === undefined ? undefined : `pcap: ${path}: cannot be written: ${why}`;
}

function interfaceProblems({ ifType, ifParams = '' }: Values): string[] {
	const found = ifType === undefined ? [] : CHECKS[ifType]?.(ifParams) ?? [];
	return found.filter((line) => line !== undefined).map((line) => `${ifType ?? ''}: ${line}`);
}

/** What is missing on the host for the settings, one line each. */
export function hostProblems({ top, interfaces }: Settings): string[] {
	const pcap = top.pcap === undefined ? undefined : checkPcap(top.pcap);
	return [...interfaces.flatMap(interfaceProblems), ...(pcap === undefined ? [] : [pcap])];
}
