// SPDX-License-Identifier: GPL-2.0
// refusals.test.ts - A bad setting is told in one line, and the program never starts on the host's network

import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { ExecutionContext } from 'ava';

import { start } from '../helpers/background.js';
import { type Command, run } from '../helpers/command.js';
import { hijacked, launched, type Settings, slirp, TAP } from '../helpers/hijacked.js';
import { makeNetns, type Netns, netnsProblem } from '../helpers/netns.js';
import { testUnless } from '../helpers/provided.js';
import { asUser, makeFolder, rootProblem, userProblem } from '../helpers/user.js';

const EX_CONFIG = 78;
const WAYS = { 'the library alone': hijacked, 'the launcher': launched } as const;

/** Each line that is expected: setting or thing, value, what would be right or what to do. */
type Expected = readonly RegExp[];

/** Settings without one of them. */
const without = (name: string, settings: Settings): Settings =>
	Object.fromEntries(Object.entries(settings).filter(([key]) => key !== name));

const CASES: Readonly<Record<string, readonly [settings: Settings, ...expected: Expected]>> = {
	'unknown type of interface': [{ NET_IFTYPE: 'tun', NET_IFPARAMS: 'x' }, /NET_IFTYPE\b.*\btun\b.*tap, macvtap, raw, pipe, vde, slirp/],
	'malformed IPv4 address': [{ ...TAP, NET_IP: '192.168.13.256' }, /NET_IP\b.*192\.168\.13\.256.*expected/],
	'malformed IPv6 address': [{ ...TAP, NET_IPV6: 'fc03:::2' }, /NET_IPV6\b.*fc03:::2.*expected/],
	'address without mask': [without('NET_NETMASK_LEN', TAP), /NET_IP\b.*NET_NETMASK_LEN|NET_NETMASK_LEN.*NET_IP\b/],
	'mask without address': [without('NET_IP', TAP), /NET_IP\b.*NET_NETMASK_LEN|NET_NETMASK_LEN.*NET_IP\b/],
	'mask of 33 bits': [{ ...TAP, NET_NETMASK_LEN: 33 }, /NET_NETMASK_LEN\b.*33.*1 to 32/],
	'MTU of 20': [{ ...TAP, NET_MTU: 20 }, /NET_MTU\b.*20.*68 to 65535/],
	'malformed MAC address': [{ ...TAP, NET_MAC: '02:00:00:00:00' }, /NET_MAC\b.*02:00:00:00:00.*expected/],
	'multicast MAC address': [{ ...TAP, NET_MAC: '01:00:00:00:00:01' }, /NET_MAC\b.*01:00:00:00:00:01.*unicast/],
	'malformed neighbour': [{ ...TAP, NET_NEIGHBOR: '192.168.13.9|02:00:00:00:00:09;192.168.13.8' }, /NET_NEIGHBOR\b.*192\.168\.13\.8.*expected/],
	'unknown queueing discipline': [{ ...TAP, NET_QDISC: 'root|fqq' }, /NET_QDISC\b.*fqq.*\bfq_codel\b/],
	'malformed kernel parameter': [{ ...slirp(), SYSCTL: 'net.ipv4.tcp_wmem' }, /SYSCTL\b.*net\.ipv4\.tcp_wmem.*expected/],
	'kernel parameter that is not there': [{ ...slirp(), SYSCTL: 'net.ipv4.no_such=1' }, /SYSCTL\b.*net\.ipv4\.no_such.*no such (?:file|parameter)/i],
	'value that the kernel refuses': [{ ...slirp(), SYSCTL: 'net.ipv4.tcp_sack=many' }, /SYSCTL\b.*net\.ipv4\.tcp_sack.*Invalid argument/i],
	'gateway that no interface reaches': [{ ...TAP, NET_GATEWAY: '10.9.9.9' }, /NET_GATEWAY\b.*10\.9\.9\.9/],
	'unknown offload': [{ ...TAP, OFFLOAD: '0x20000' }, /OFFLOAD\b.*0x20000.*expected/],
	'segmentation without checksums': [{ ...TAP, OFFLOAD: '0x800' }, /OFFLOAD\b.*0x800.*csum/],
	'unknown setting': [{ ...slirp(), NET_IPP: '1.2.3.4' }, /NET_IPP\b.*NET_IP\b/],
	'two errors': [{ ...TAP, NET_MTU: 20, NET_MAC: 'x' }, /NET_MAC\b.*\bx\b/, /NET_MTU\b.*20/],
};

/** Runs a command that must be refused; `expected` lines on stderr, in any order. */
async function checkRefused(t: ExecutionContext, wrap: (program: Command) => Command, expected: Expected): Promise<void> {
	const witness = join(await makeFolder(t), 'started');
	const { status, stdout, stderr, report } = await run(wrap(['touch', witness]));
	const lines = stderr.split('\n');

	t.is(status, EX_CONFIG, report);
	t.is(stdout, '');
	t.false(existsSync(witness), report);
	t.is(lines.length, expected.length, report);
	for (const pattern of expected) {
		t.true(lines.some((line) => line.startsWith('lkl-hijack: ') && pattern.test(line)), `${String(pattern)}\n${report}`);
	}
}

const problem = await netnsProblem();
const noUser = await userProblem();

for (const [way, command] of Object.entries(WAYS)) {
	const checkIn = (net: Netns, t: ExecutionContext, settings: Settings, ...expected: Expected): Promise<void> =>
		checkRefused(t, (program) => net.within(command(settings, program)), expected);

	for (const [title, [settings, ...expected]] of Object.entries(CASES)) {
		testUnless([problem], `${title}, under ${way}`, async (t) => {
			await checkIn(await makeNetns(t), t, settings, ...expected);
		});
	}
	testUnless([problem], `no such tap device, under ${way}`, async (t) => {
		await checkIn(await makeNetns(t), t, { ...TAP, NET_IFPARAMS: 'tap7' }, /\btap7: no such device; create it: ip tuntap add dev tap7/);
	});
	testUnless([problem], `a tap device in use, under ${way}`, async (t) => {
		const net = await makeNetns(t);
		start(t, net.within(hijacked(TAP, ['sleep', '60'])));
		await net.attached();
		await checkIn(net, t, TAP, /\btap0: .*in use/);
	});
	testUnless([problem, noUser, rootProblem], `no permission on the tap device, under ${way}`, async (t) => {
		const net = await makeNetns(t);
		await checkRefused(t, (program) => net.within(asUser(command(TAP, program))), [/ (?:tap0|\/dev\/net\/tun): .*(?:permi|chmod)/i]);
	});
}

testUnless([], 'a program that is not there', async (t) => {
	const { status, stderr } = await run(launched(slirp(), ['no-such-program']));
	t.is(status, 127);
	t.regex(stderr, /^lkl-hijack: no-such-program: .+$/);
});

testUnless([], 'a program that cannot be executed', async (t) => {
	const { status, stderr } = await run(launched(slirp(), ['/etc/passwd']));
	t.is(status, 126);
	t.regex(stderr, /^lkl-hijack: \/etc\/passwd: .+$/);
});
