// SPDX-License-Identifier: GPL-2.0
// information.test.ts - What the launcher tells about itself

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import test from 'ava';

import { launch, LAUNCHER, run } from './launch.js';

test('--help lists every option, and the commands', async (t) => {
	const { exitCode, stdout } = await launch(['--help']);
	t.is(exitCode, 0);
	for (const word of ['--net', '--tap', '--ip', '--boot-cmdline', '--keep-going', '-v', 'check', 'env']) {
		t.regex(stdout, new RegExp(`^.*\\s${word}\\b`, 'm'));
	}
	t.false(stdout.includes('--net-mtu '));
});

test('who prints for nobody ends in silence, like any program of a pipeline', async (t) => {
	const { stdout, stderr } = await run('sh', ['-c', `exec 3>&1; { ${LAUNCHER} --help; echo "$?" >&3; } | exec 0<&- 3>&-`]);
	t.deepEqual([stdout, stderr], ['141', '']);
});

test('--version', async (t) => {
	const { stdout } = await launch(['--version']);
	t.regex(stdout, /^lkl-hijack \d+\.\d+\.\d+$/);
});

test('check --json prints a file that means the same', async (t) => {
	const first = await launch(['check', '--json', '--net=slirp', '--offload=mrg_rxbuf', '--sysctl', 'net.ipv4.tcp_sack=0', '--keep-going']);
	const { problems, settings } = JSON.parse(first.stdout) as { problems: string[]; settings: unknown };
	const file = join(mkdtempSync(join(tmpdir(), 'lkl-config-')), 'config.json');
	writeFileSync(file, JSON.stringify(settings));
	const second = await launch(['check', '--json', '--config-file', file]);

	t.deepEqual(problems, []);
	t.like(settings, {
		interfaces: [{ type: 'slirp', ip: '10.0.2.15', masklen: 24, offload: '0x8000' }],
		gateway: '10.0.2.2',
		sysctl: 'net.ipv4.tcp_sack=0',
		keep_going: 1,
	});
	t.is(second.stdout, first.stdout);
});

test('check tells where settings come from', async (t) => {
	const { exitCode, stdout } = await launch(['check', '--net', 'slirp'], { env: { LKL_HIJACK_NET_MTU: '1400' } });
	t.is(exitCode, 0);
	t.regex(stdout, /^ {2}type +slirp +\(--net\)$/m);
	t.regex(stdout, /^ {2}mtu +1400 +\(LKL_HIJACK_NET_MTU\)$/m);
	t.regex(stdout, /^ {2}mac +- +\(default: random\)$/m);
});

test('check on a file with five mistakes tells all of them, with their places', async (t) => {
	const file = join(mkdtempSync(join(tmpdir(), 'lkl-config-')), 'lkl-hijack.json');
	writeFileSync(file, `{
	"interfaces": [{
		"type": "slirp",
		"mtu": 20, // too small
		"mac": "01:00:5e:00:00:01",
		"neigbor": "10.0.2.9|02:00:00:00:00:09"
	}],
	"debug": "lgo",
	"sysctl": "net.ipv4.tcp_sack"
}`);
	const { exitCode, stdout, stderr } = await launch(['check', '--config-file', file]);

	t.is(exitCode, 78);
	t.is(stdout, '');
	const places = stderr.split('\n').map((line) => line.replace(`lkl-hijack: ${file}:`, '').replace(/;.*|: expected.*/, ''));
	t.deepEqual(places, [
		'4:10: interfaces[0].mtu=20',
		'5:10: interfaces[0].mac=01:00:5e:00:00:01: is a multicast address (its first byte is odd)',
		'6:3: interfaces[0].neigbor: no such setting',
		'8:11: debug=lgo',
		'9:12: sysctl=net.ipv4.tcp_sack',
	]);
});

test('the obsolete spelling works, with a line on stderr', async (t) => {
	const { stdout, stderr } = await launch(['check', '--json'], { env: { LKL_HIJACK_NET_TAP: 'tap0' } });
	t.like(JSON.parse(stdout), { settings: { interfaces: [{ type: 'tap', param: 'tap0' }] } });
	t.is(stderr, 'lkl-hijack: LKL_HIJACK_NET_TAP=tap0: obsolete, use LKL_HIJACK_NET_IFTYPE=tap LKL_HIJACK_NET_IFPARAMS=tap0');
});

test('env prints what the shell takes', async (t) => {
	const { stdout } = await run('bash', ['-c', 'eval "$("$0" env --net slirp --sysctl "net.ipv4.tcp_wmem=1 2 3" --sysctl kernel.hostname="it\'s")"; env | grep ^L', LAUNCHER]);
	t.regex(stdout, /^LKL_HIJACK_NET_IFTYPE=slirp$/m);
	t.regex(stdout, /^LKL_HIJACK_SYSCTL=net\.ipv4\.tcp_wmem=1 2 3;kernel\.hostname=it's$/m);
	t.regex(stdout, /^LD_PRELOAD=\/.*\/liblkl-hijack\.so$/m);
});

test('a program may have the name of a command', async (t) => {
	const folder = mkdtempSync(join(tmpdir(), 'lkl-program-'));
	writeFileSync(join(folder, 'check'), '#!/bin/sh\necho program\n', { mode: 0o755 });
	const env = { PATH: `${folder}:${process.env['PATH'] ?? ''}` };
	t.is((await launch(['run', 'check'], { env })).stdout, 'program');
	t.is((await launch(['--', 'check'], { env })).stdout, 'program');
	t.regex((await launch(['env', 'check'], { env })).stderr, /env takes options only, not "check"/);
});
