// SPDX-License-Identifier: GPL-2.0
// values.test.ts - What each kind of value takes and refuses

import test from 'ava';

import { SETTINGS, settingNames, type SettingName } from '../../config/settings.js';

function parse(name: SettingName, text: string): { data: unknown; messages: string[] } {
	const { data, error } = SETTINGS[name].kind.schema.safeParse(text);
	return { data, messages: (error?.issues ?? []).map((issue) => issue.message) };
}

const GOOD: readonly [SettingName, string, unknown][] = [
	['netmaskLen', '1', 1],
	['netmaskLen', '32', 32],
	['netmask6Len', '128', 128],
	['mtu', '0x5dc', 1500],
	['mtu', '65535', 65535],
	['offload', '0', 0],
	['offload', '0x8002', 0x8002],
	['offload', '0x883', 0x883],
	['offload', '0x8883', 0x8883],
	['offload', '0xd983', 0xd983],
	['offload', '34947', 0x8883],
	['offload', 'csum, guest_csum,tso4', 0x883],
	['debug', '0x301', 0x301],
	['singleCpu', '2', 2],
	['mac', '02:00:00:AA:bb:0c', '02:00:00:AA:bb:0c'],
	['neighbor', '192.168.13.9|02:00:00:00:00:09; fd00::9|02:00:00:00:00:0a;', '192.168.13.9|02:00:00:00:00:09; fd00::9|02:00:00:00:00:0a;'],
	['qdisc', 'root|fq;1:2|pfifo', 'root|fq;1:2|pfifo'],
	['sysctl', 'net.ipv4.tcp_wmem=4096 87380 2147483647', 'net.ipv4.tcp_wmem=4096 87380 2147483647'],
	['mount', 'proc,sysfs', 'proc,sysfs'],
	['dump', '/proc/net/snmp', '/proc/net/snmp'],
	['nameserver', '10.0.2.3 fd00::3', '10.0.2.3 fd00::3'],
];

for (const [name, text, value] of GOOD) {
	test(`${name} takes ${text}`, (t) => {
		t.deepEqual(parse(name, text), { data: value, messages: [] });
	});
}

const BAD: readonly [SettingName, string, RegExp][] = [
	['ip', '192.168.13', /IPv4 address/],
	['ip', '224.0.0.1', /of a host/],
	['ip', '0.0.0.0', /of a host/],
	['ip', 'fd00::2', /IPv4/],
	['ipv6', 'fe80::1%eth0', /IPv6/],
	['ipv6', 'ff02::1', /of a host/],
	['netmaskLen', '0', /^expected 1 to 32$/],
	['netmaskLen', '33', /^expected 1 to 32$/],
	['netmaskLen', ' 24', /^expected 1 to 32$/],
	['mtu', '67', /^expected 68 to 65535$/],
	['mtu', '1e3', /^expected 68 to 65535$/],
	['mtu', '', /^expected 68 to 65535$/],
	['mac', '02:00:00:00:00', /not of the form/],
	['mac', '01:00:5e:00:00:01', /multicast/],
	['mac', '00:00:00:00:00:00', /all zero/],
	['offload', '0x10000', /unknown bits 0x10000; expected/],
	['offload', '0x100000001', /unknown bits 0x100000000; expected/],
	['offload', 'csum,tso5', /^expected a sum/],
	['offload', '', /^expected a sum/],
	['offload', '-1', /^expected a sum/],
	['debug', '2', /unknown bits 0x2; expected a sum of 0x1 \(log\), 0x100/],
	['singleCpu', '3', /^expected 0 \(off\), 1/],
	['qdisc', 'root', /^expected entries/],
	['qdisc', 'root|nosuch', /unknown kind; expected one of fq, /],
	['sysctl', '../etc/passwd=x', /^expected entries/],
	['sysctl', 'net.ipv4.tcp_sack=', /^expected entries/],
	['mount', 'proc,/dev/sda', /types of file systems/],
	['dump', 'proc/net', /absolute/],
	['nameserver', 'dns.example', /addresses/],
	['bootCmdline', 'x'.repeat(4001), /is 4001 bytes long; expected at most 4000/],
	['delayMain', '600000001', /^expected 0 to 600000000$/],
	['keepGoing', 'yes', /^expected 0 or 1$/],
];

for (const [name, text, message] of BAD) {
	test(`${name} refuses "${text.slice(0, 40)}"`, (t) => {
		const { messages } = parse(name, text);
		t.is(messages.length, 1);
		t.regex(messages[0] ?? '', message);
	});
}

test('each wrong entry of a list is a problem', (t) => {
	t.is(parse('neighbor', '1.2.3.4;10.0.0.1|02:00:00:00:00:01;5.6.7.8|x').messages.length, 2);
});

test('names of variables and keys are unique', (t) => {
	const variables = settingNames.map((name) => SETTINGS[name].env);
	t.is(new Set(variables).size, variables.length);
});
