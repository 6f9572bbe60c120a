// SPDX-License-Identifier: GPL-2.0
// image.test.ts - The kernel that was built: what is in it, and what it asks of those who load it

import { stat } from 'node:fs/promises';

import test, { type ExecutionContext } from 'ava';

import { run, succeed } from '../helpers/command.js';
import { makeContent } from '../helpers/files.js';
import { hijacked, type Settings, slirp } from '../helpers/hijacked.js';
import { LKL_LIBRARY, PRELOAD_LIBRARY } from '../helpers/paths.js';

const MIB = 1024 * 1024;

/** The contents of a file inside the kernel, which is printed at its end. */
async function dumped(t: ExecutionContext, file: string, settings: Settings = {}): Promise<string[]> {
	const { status, stderr, report } = await run(hijacked({ ...slirp(), MOUNT: 'proc', DUMP: file, ...settings }, ['true']));
	const [title, ...lines] = stderr.split('\n');

	t.is(status, 0, report);
	t.is(title, `lkl-hijack: ${file}:`);
	return lines;
}

test('it is Linux 6.12', async (t) => {
	t.regex((await dumped(t, '/proc/version')).join('\n'), /^Linux version 6\.12\.\d+ /);
});

test('it has the command line that was set', async (t) => {
	const [line] = await dumped(t, '/proc/cmdline', { BOOT_CMDLINE: 'mem=100M some.thing=else' });
	t.regex(line ?? '', /\bmem=100M some\.thing=else\b/);

	const [total] = await dumped(t, '/proc/meminfo', { BOOT_CMDLINE: 'mem=100M' });
	const kib = Number(/^MemTotal: +(\d+) kB$/.exec(total ?? '')?.[1]);
	t.true(kib > 80 * 1024 && kib <= 100 * 1024, total);
});

test('it knows its own symbols', async (t) => {
	const names = new Set((await dumped(t, '/proc/kallsyms')).map((line) => line.split(' ')[2]));
	for (const name of ['start_kernel', 'tcp_v4_rcv', 'lkl_image_syscall']) {
		t.true(names.has(name), name);
	}
});

test('it has the filesystems', async (t) => {
	const names = new Set((await dumped(t, '/proc/filesystems')).map((line) => line.split('\t')[1]));
	for (const name of ['proc', 'sysfs', 'ext4', 'xfs', 'btrfs', 'vfat', 'exfat', 'ntfs3', 'f2fs', 'squashfs', 'erofs', 'iso9660']) {
		t.true(names.has(name), name);
	}
});

test('it has the protocols and the congestion controls', async (t) => {
	const protocols = await succeed(t, hijacked({}, ['cat', '/proc/net/protocols']));
	const controls = await succeed(t, hijacked({}, ['cat', '/proc/sys/net/ipv4/tcp_available_congestion_control']));

	for (const name of ['TCP', 'TCPv6', 'UDP', 'UDPv6', 'MPTCP', 'PACKET', 'NETLINK']) {
		t.regex(protocols, new RegExp(`^${name} `, 'm'));
	}
	t.true(['bbr', 'cubic', 'dctcp'].every((name) => controls.split(' ').includes(name)), controls);
});

test('it has the kinds of interfaces', async (t) => {
	const kinds = ['dummy', 'bridge', 'veth', 'vlan', 'wireguard'];
	const input = kinds.map((kind, nr) => kind === 'vlan'
		? `link add link dummy0 name if${nr} type vlan id 7\n`
		: `link add ${kind === 'dummy' ? 'dummy0' : `if${nr}`} type ${kind}\n`).join('');
	t.is(await succeed(t, hijacked({}, ['ip', '-batch', '-']), { input }), '');
});

test('the library exports nothing but its interface, and needs libc only', async (t) => {
	const symbols = await succeed(t, ['nm', '-D', '--defined-only', LKL_LIBRARY]);
	const dynamic = await succeed(t, ['readelf', '--wide', '--dynamic', LKL_LIBRARY]);
	const needed = [...dynamic.matchAll(/\(NEEDED\).*\[(.*)\]/g)].map(([, name]) => name);

	t.deepEqual(symbols.split('\n').map((line) => line.split(' ')[2] ?? '').filter((name) => !name.startsWith('lkl_')), []);
	t.deepEqual(needed.filter((name) => name !== 'libc.so.6' && !name?.startsWith('ld-linux')), []);
	t.notRegex(dynamic, /TEXTREL/);
});

test('the library can be loaded by a process that forbids executable stacks', async (t) => {
	for (const library of [LKL_LIBRARY, PRELOAD_LIBRARY]) {
		const headers = await succeed(t, ['readelf', '--wide', '--program-headers', library]);
		t.regex(headers, /GNU_STACK .* RW +0x/);
		t.notRegex(headers, / LOAD .* RWE /);
	}
});

test('the library is not larger than 12 MiB', async (t) => {
	const stripped = (await makeContent(t, 0)).path('stripped');

	await succeed(t, ['strip', '-o', stripped, LKL_LIBRARY]);
	t.true((await stat(stripped)).size <= 12 * MIB);
});
