// SPDX-License-Identifier: GPL-2.0
// doctor.ts - Tell what works on this host, and what the kernel has built in

import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Features } from '../kernel/features.js';
import type { Arguments } from '../launcher/arguments.js';
import { EXIT, printLine, STDOUT } from '../launcher/failure.js';
import { findLibrary, LOADER } from '../launcher/library.js';
import { hasCapability } from '../launcher/privilege.js';
import { expectNoOperands } from '../launcher/resolved.js';

/** What was looked at. */
interface Finding {
	readonly name: string;
	/** no: something cannot be used; bad: nothing can. */
	readonly state: 'ok' | 'no' | 'bad';
	readonly detail: string;
}

const TUN = '/dev/net/tun';
const BOOT = fileURLToPath(new URL('../kernel-features.js', import.meta.url));
const PROGRAM = '/bin/true';
const BOOT_PATIENCE_MS = 20_000;

function tun(): Finding {
	const name = 'tap devices';
	if (!existsSync(TUN)) {
		return { name, state: 'no', detail: `${TUN} does not exist; as root: modprobe tun` };
	}
	try {
		accessSync(TUN, constants.R_OK | constants.W_OK);
		return { name, state: 'ok', detail: `${TUN} can be opened; a device of yours is needed: lkl-hijack setup-tap` };
	} catch {
		return { name, state: 'no', detail: `${TUN}: no permission; as root: chmod 666 ${TUN}` };
	}
}

function capability(capability: 'CAP_NET_ADMIN' | 'CAP_NET_RAW', use: string): Finding {
	const has = hasCapability(capability);
	return { name: capability, state: has ? 'ok' : 'no', detail: `${has ? 'can' : 'cannot'} ${use}` };
}

function status(key: string): string {
	return new RegExp(`^${key}:\\s*(\\S+)`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
}

function seccomp(): Finding {
	const filters = status('Seccomp_filters') || '0';
	const is = status('Seccomp') === '2';
	return { name: 'seccomp', state: 'ok', detail: is ? `${filters} filters are in force; what they forbid fails in the program too` : 'no filter' };
}

function ptrace(): Finding {
	const traced = status('TracerPid');
	return { name: 'ptrace', state: 'ok', detail: traced === '0' ? 'not traced' : `traced by process ${traced}` };
}

/** Starts a program that is trapped; without settings, so no kernel boots. */
function trap(hijack: string): Finding {
	const { status, stderr } = spawnSync(join(dirname(hijack), LOADER), [PROGRAM, PROGRAM], { encoding: 'utf8', env: {}, timeout: BOOT_PATIENCE_MS });

	return status === 0
		? { name: 'mode trap', state: 'ok', detail: 'static programs, and others that make system calls without libc, can be started' }
		: { name: 'mode trap', state: 'no', detail: stderr.trim().split('\n').at(-1) ?? '' };
}

async function library(name: string, file: string, use: string): Promise<Finding> {
	const { canLoad } = await import('../launcher/libc.js');
	const works = canLoad(file);
	return { name, state: works ? 'ok' : 'no', detail: works ? `${file}: ${use}` : `${file} is missing, which is for: ${use}` };
}

async function libc(): Promise<Finding> {
	const { libcVersion } = await import('../launcher/libc.js');
	const version = libcVersion();
	return version === undefined
		? { name: 'libc', state: 'bad', detail: 'not glibc, which the preload library is made for' }
		: { name: 'libc', state: 'ok', detail: `glibc ${version}` };
}

/** Boots the kernel, in a process of its own. */
function kernel(hijack: string): { findings: Finding[]; features: Features | undefined } {
	const path = join(dirname(hijack), 'liblkl.so');
	const begin = performance.now();
	const { status, stdout, stderr } = spawnSync(process.execPath, [BOOT, path], { encoding: 'utf8', timeout: BOOT_PATIENCE_MS });

	if (status !== 0) {
		const why = stderr.trim().split('\n').at(-1) ?? '';
		return { findings: [{ name: 'kernel', state: 'bad', detail: `${path} does not boot: ${why}` }], features: undefined };
	}
	const features = JSON.parse(stdout) as Features;
	const lists: [string, readonly string[]][] = [
		['qdiscs', features.qdiscs], ['congestion control', features.congestionControls], ['file systems', features.fileSystems],
	];
	return {
		features,
		findings: [
			{ name: 'kernel', state: 'ok', detail: `${features.version.replace(/ \(.*/, '')}, boots (${Math.round(performance.now() - begin)} ms, with a Node of its own)` },
			...lists.map(([name, list]): Finding => ({ name, state: 'ok', detail: list.join(' ') })),
			{ name: 'sysctls', state: 'ok', detail: String(features.sysctls.length) },
		],
	};
}

/** Looks at everything. */
export async function doctor(wanted: Arguments): Promise<number> {
	expectNoOperands(wanted);
	const hijack = findLibrary();
	const { findings: ofKernel, features } = kernel(hijack);
	const findings = [
		{ name: 'library', state: 'ok', detail: hijack } as const,
		await libc(),
		...ofKernel,
		trap(hijack),
		tun(),
		capability('CAP_NET_ADMIN', 'create tap devices'),
		capability('CAP_NET_RAW', 'use interfaces of the type raw'),
		await library('slirp', 'libslirp.so.0', 'interfaces of the type slirp'),
		await library('vde', 'libvdeplug.so.2', 'interfaces of the type vde'),
		seccomp(),
		ptrace(),
	];

	if (wanted.flags.has('json')) {
		printLine(STDOUT, JSON.stringify({ findings, features }, undefined, '\t'));
	} else {
		for (const { name, state, detail } of findings) {
			printLine(STDOUT, `${state.padEnd(4)}${name.padEnd(20)}${detail}`);
		}
	}
	return findings.some(({ state }) => state === 'bad') ? EXIT.software : 0;
}
