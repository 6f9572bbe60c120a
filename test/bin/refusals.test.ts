// SPDX-License-Identifier: GPL-2.0
// refusals.test.ts - With a bad setting the program does not start, and one line says why

import test from 'ava';

import { launch, PROGRAM } from './launch.js';

const TAP = { LKL_HIJACK_NET_IFTYPE: 'tap', LKL_HIJACK_NET_IFPARAMS: 'no-such-tap' };
const SLIRP = { LKL_HIJACK_NET_IFTYPE: 'slirp' };

const refused = test.macro({
	async exec(t, env: Record<string, string>, expected: RegExp) {
		const { exitCode, stdout, stderr } = await launch(PROGRAM, { env });

		t.is(exitCode, 78);
		t.is(stdout, '');
		t.regex(stderr, expected);
		t.is(stderr.split('\n').length, 1);
	},
	title: (what = '') => `refuses ${what}`,
});

test('an unknown type', refused, { LKL_HIJACK_NET_IFTYPE: 'tapp' }, /^lkl-hijack: LKL_HIJACK_NET_IFTYPE=tapp: expected one of tap, macvtap, raw, pipe, vde, slirp$/);
test('a type that is not built in', refused, { LKL_HIJACK_NET_IFTYPE: 'dpdk' }, /NET_IFTYPE=dpdk: not built in/);
test('a type without parameter', refused, { LKL_HIJACK_NET_IFTYPE: 'tap' }, /NET_IFPARAMS: missing; expected for type tap, the name of a tap device/);
test('a malformed address', refused, { ...SLIRP, LKL_HIJACK_NET_IP: '10.0.2', LKL_HIJACK_NET_NETMASK_LEN: '24' }, /NET_IP=10\.0\.2: expected the IPv4 address/);
test('a malformed link address', refused, { ...SLIRP, LKL_HIJACK_NET_MAC: '02:00' }, /NET_MAC=02:00: is not of the form/);
test('a malformed neighbour', refused, { ...SLIRP, LKL_HIJACK_NET_NEIGHBOR: '10.0.2.9|02:00:00:00:00:09;10.0.2.8' }, /NET_NEIGHBOR=10\.0\.2\.8: expected entries/);
test('a malformed sysctl', refused, { LKL_HIJACK_SYSCTL: 'net.ipv4.tcp_sack=1;net.ipv4' }, /SYSCTL=net\.ipv4: expected entries/);
test('a prefix length of 33', refused, { ...SLIRP, LKL_HIJACK_NET_IP: '10.0.2.7', LKL_HIJACK_NET_NETMASK_LEN: '33' }, /NET_NETMASK_LEN=33: expected 1 to 32$/);
test('an MTU of 20', refused, { ...SLIRP, LKL_HIJACK_NET_MTU: '20' }, /NET_MTU=20: expected 68 to 65535$/);
test('a missing tap device', refused, TAP, /^lkl-hijack: tap: no-such-tap: no such device; create it: ip tuntap add dev no-such-tap mode tap user /);
test('an unknown variable', refused, { LKL_HIJACK_NET_MTUU: '1500' }, /NET_MTUU=1500: no such setting; did you mean LKL_HIJACK_NET_MTU\?$/);
test('settings of an interface that is not there', refused, { LKL_HIJACK_NET_MTU: '1400' }, /NET_MTU=1400: there is no interface/);

test('a fifo in a directory that does not exist', refused, { LKL_HIJACK_NET_IFTYPE: 'pipe', LKL_HIJACK_NET_IFPARAMS: '/nowhere/a|/tmp/lkl-test-b' }, /^lkl-hijack: pipe: \/nowhere\/a: cannot be made: \/nowhere: no such file$/);
test('a file that is no fifo', refused, { LKL_HIJACK_NET_IFTYPE: 'pipe', LKL_HIJACK_NET_IFPARAMS: '/dev/null|/tmp/lkl-test-b' }, /^lkl-hijack: pipe: \/dev\/null: not a fifo/);
test('a missing interface of the host', refused, { LKL_HIJACK_NET_IFTYPE: 'raw', LKL_HIJACK_NET_IFPARAMS: 'nowhere0' }, /^lkl-hijack: raw: nowhere0: no such interface/);
test('a missing switch', refused, { LKL_HIJACK_NET_IFTYPE: 'vde', LKL_HIJACK_NET_IFPARAMS: '/nowhere' }, /^lkl-hijack: vde: \/nowhere: no such file; start a switch/);
test('a missing macvtap device', refused, { LKL_HIJACK_NET_IFTYPE: 'macvtap', LKL_HIJACK_NET_IFPARAMS: '/dev/tap9999' }, /^lkl-hijack: macvtap: \/dev\/tap9999: no such file/);

test('everything that is wrong is reported at once', async (t) => {
	const { exitCode, stdout, stderr } = await launch(['--net-mtu=20', '--no-such', '--', ...PROGRAM], {
		env: { LKL_HIJACK_NET_IFTYPE: 'foo', LKL_HIJACK_NET_IP: 'bar', LKL_HIJACK_NET_MAC: '01:00:00:00:00:00' },
	});

	t.is(exitCode, 78);
	t.is(stdout, '');
	t.is(stderr.split('\n').length, 5);
	for (const label of ['--net-mtu=20:', '--no-such:', 'LKL_HIJACK_NET_IFTYPE=foo:', 'LKL_HIJACK_NET_IP=bar:', 'LKL_HIJACK_NET_MAC=01:']) {
		t.true(stderr.includes(label), label);
	}
});
