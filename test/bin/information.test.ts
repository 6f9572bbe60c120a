// SPDX-License-Identifier: GPL-2.0
// information.test.ts - What the launcher tells about itself

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import test from 'ava';

import { launch } from './launch.js';

test('--help lists every option', async (t) => {
	const { exitCode, stdout } = await launch(['--help']);
	t.is(exitCode, 0);
	for (const option of ['--net-iftype', '--boot-cmdline', '--keep-going', '--show-config']) {
		t.true(stdout.includes(option), option);
	}
});

test('--version', async (t) => {
	const { stdout } = await launch(['--version']);
	t.regex(stdout, /^lkl-hijack \d+\.\d+\.\d+$/);
});

test('--show-config prints a file that means the same', async (t) => {
	const first = await launch(['--show-config', '--net-iftype=slirp', '--offload=mrg_rxbuf', '--sysctl', 'net.ipv4.tcp_sack=0', '--keep-going']);
	const file = join(mkdtempSync(join(tmpdir(), 'lkl-config-')), 'config.json');
	writeFileSync(file, first.stdout);
	const second = await launch(['--show-config', '--config-file', file]);

	t.like(JSON.parse(first.stdout), {
		interfaces: [{ type: 'slirp', ip: '10.0.2.15', masklen: 24, offload: '0x8000' }],
		gateway: '10.0.2.2',
		sysctl: 'net.ipv4.tcp_sack=0',
		keep_going: 1,
	});
	t.is(second.stdout, first.stdout);
});

test('the obsolete spelling works, with a line on stderr', async (t) => {
	const { stdout, stderr } = await launch(['--show-config'], { env: { LKL_HIJACK_NET_TAP: 'tap0' } });
	t.like(JSON.parse(stdout), { interfaces: [{ type: 'tap', param: 'tap0' }] });
	t.is(stderr, 'lkl-hijack: LKL_HIJACK_NET_TAP=tap0: obsolete, use LKL_HIJACK_NET_IFTYPE=tap LKL_HIJACK_NET_IFPARAMS=tap0');
});
