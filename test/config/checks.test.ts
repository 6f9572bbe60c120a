// SPDX-License-Identifier: GPL-2.0
// checks.test.ts - Settings that do not fit together

import test from 'ava';

import { resolving, TAP } from './resolving.js';

const SLIRP = { NET_IFTYPE: 'slirp' };

const refused = test.macro({
	async exec(t, env: Record<string, string>, ...expected: string[]) {
		const { problems } = await resolving(env);
		t.deepEqual(problems.map((line) => line.replaceAll('LKL_HIJACK_', '')), expected);
	},
	title: (what = '') => `refuses ${what}`,
});

const accepted = test.macro({
	async exec(t, env: Record<string, string>) {
		t.deepEqual((await resolving(env)).problems, []);
	},
	title: (what = '') => `accepts ${what}`,
});

test('everything for a tap', accepted, { ...TAP, NET_GATEWAY: '192.168.13.1', NET_GATEWAY6: 'fe80::1', NET_IFGATEWAY: '192.168.13.1', OFFLOAD: '0xd983', NET_MTU: '9000' });
test('an interface without addresses', accepted, { NET_IFTYPE: 'raw', NET_IFPARAMS: 'eth0' });
test('nothing at all', accepted, {});
test('a gateway that DHCP will reach', accepted, { NET_IFTYPE: 'tap', NET_IFPARAMS: 'tap0', BOOT_CMDLINE: 'quiet ip=dhcp', NET_GATEWAY: '10.1.1.1' });
test('forwards', accepted, { ...SLIRP, NET_IFPARAMS: 'tcp:8080:80,udp:53:53', OFFLOAD: 'mrg_rxbuf' });

test('an address without prefix length', refused, { ...SLIRP, NET_IP: '10.0.2.7' }, 'NET_NETMASK_LEN: missing; expected with NET_IP=10.0.2.7');
test('a prefix length without address', refused, { ...TAP, NET_IPV6: 'x' }, 'NET_IPV6=x: expected the IPv6 address of a host, such as fd00::2');
test('an IPv6 prefix length without address', refused, { ...SLIRP, NET_NETMASK6_LEN: '64' }, 'NET_IPV6: missing; expected with NET_NETMASK6_LEN=64');
test('a gateway out of reach', refused, { ...TAP, NET_GATEWAY: '192.168.14.1' }, 'NET_GATEWAY=192.168.14.1: no interface reaches this gateway; expected an address in the network of an interface');
test('a gateway of an interface out of reach', refused, { ...TAP, NET_IFGATEWAY6: 'fd01::1' }, 'NET_IFGATEWAY6=fd01::1: expected an address in the network of the interface');
test('a gateway without interface', refused, { NET_GATEWAY: '10.0.0.1' }, 'NET_GATEWAY=10.0.0.1: no interface reaches this gateway; expected an address in the network of an interface');
test('an MTU too small for IPv6', refused, { ...TAP, NET_MTU: '1000' }, 'NET_MTU=1000: expected 1280 or more with an IPv6 address');
test('host segmentation without checksums', refused, { ...TAP, OFFLOAD: '0x1802' }, 'OFFLOAD=0x1802: host_tso4 and host_tso6 without csum; expected csum (0x1) too');
test('guest segmentation without checksums', refused, { ...TAP, OFFLOAD: '0x81' }, 'OFFLOAD=0x81: guest_tso4 without guest_csum; expected guest_csum (0x2) too');
test('a backend that cannot offload', refused, { ...SLIRP, OFFLOAD: '0x8883' }, 'OFFLOAD=0x8883: the type slirp cannot offload 0x883; expected 0 or 0x8000');
test('a forward that is none', refused, { ...SLIRP, NET_IFPARAMS: 'tcp:80' }, 'NET_IFPARAMS=tcp:80: expected, for type slirp, a list of ports to forward, tcp:HOSTPORT:GUESTPORT or udp:HOSTPORT:GUESTPORT,...');
test('a name too long for an interface', refused, { NET_IFTYPE: 'tap', NET_IFPARAMS: 'tap4567890123456' }, 'NET_IFPARAMS=tap4567890123456: expected, for type tap, the name of a tap device, 1 to 15 bytes, such as tap0');
test('one fifo', refused, { NET_IFTYPE: 'pipe', NET_IFPARAMS: '/tmp/a' }, 'NET_IFPARAMS=/tmp/a: expected, for type pipe, two fifos, to read and to write, such as /tmp/a|/tmp/b');
test('both spellings of a tap', refused, { ...TAP, NET_TAP: 'tap1' }, 'NET_TAP=tap1: obsolete, and given beside NET_IFTYPE or NET_IFPARAMS; expected one or the other');

test('a user-mode network gets the addresses of its DHCP server', async (t) => {
	const { top, interfaces } = await resolving(SLIRP);
	t.like(interfaces[0], { ip: '10.0.2.15', netmaskLen: 24 });
	t.is(top.gateway, '10.0.2.2');
});
