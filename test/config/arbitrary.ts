// SPDX-License-Identifier: GPL-2.0
// arbitrary.ts - Settings at random: good ones, and texts that are mostly bad

import fc from 'fast-check';

import { QDISC_KINDS } from '../../config/kinds/entries.js';
import { OFFLOAD } from '../../config/offload.js';
import { SETTINGS } from '../../config/settings.js';

export type Env = Readonly<Record<string, string>>;

const byte = fc.integer({ min: 0, max: 255 });
const hexByte = byte.map((value) => value.toString(16).padStart(2, '0'));
const mac = fc.tuple(fc.constantFrom('02', '0A', 'fe'), ...Array.from({ length: 5 }, () => hexByte)).map((bytes) => bytes.join(':'));
const host = fc.tuple(fc.integer({ min: 1, max: 254 }), fc.integer({ min: 1, max: 254 })).map(([a, b]) => `${a}.${b}`);
const lists = <T>(entry: fc.Arbitrary<T>, separator: string): fc.Arbitrary<string> => fc.array(entry, { maxLength: 4 }).map((entries) => entries.join(separator));

/** Bits with those they need. */
const offload = fc.subarray(Object.entries(OFFLOAD.names)).map((bits) => bits.reduce((mask, [, bit]) => mask | bit, 0x3));

/** Settings of the interface `index`, without those that are left out at random. */
function interfaceSettings(index: number): fc.Arbitrary<Env> {
	const optional = {
		MAC: mac.map((text) => `${text.slice(0, -2)}${index.toString(16).padStart(2, '0')}`),
		MTU: fc.integer({ min: 1280, max: 1500 }).chain((mtu) => fc.constantFrom(String(mtu), `0x${mtu.toString(16)}`)),
		NEIGHBOR: lists(fc.tuple(host, mac).map(([address, link]) => `10.9.${address}|${link}`), ';'),
		QDISC: lists(fc.constantFrom(...QDISC_KINDS).map((kind) => `root|${kind}`), ';'),
		OFFLOAD: offload.chain((mask) => fc.constantFrom(String(mask), `0x${mask.toString(16)}`)),
	};
	const address = fc.option(host.map((text) => ({ IP: `10.${index}.${text.split('.')[0] ?? ''}.1`, NETMASK_LEN: '16' })), { nil: {} });
	const type = fc.constantFrom({ IFTYPE: 'tap', IFPARAMS: `tap${index}` }, { IFTYPE: 'pipe', IFPARAMS: `/tmp/a${index}|/tmp/b${index}` });

	return fc.tuple(type, address, fc.record(optional, { requiredKeys: [] })).map((parts) => Object.fromEntries(
		parts.flatMap((part) => Object.entries(part)).map(([name, value]) => [variable(name, index), value])));
}

function variable(name: string, index: number): string {
	return index > 0 ? `NET${index}_${name}` : name === 'OFFLOAD' ? name : `NET_${name}`;
}

const topSettings: fc.Arbitrary<Env> = fc.record({
	DEBUG: fc.constantFrom('0', '1', '0x101', 'log,hold_exit'),
	SINGLE_CPU: fc.constantFrom('0', '1', '2'),
	SYSCTL: lists(fc.tuple(fc.constantFrom('net.ipv4.tcp_sack', 'kernel.hostname'), fc.integer()).map(([name, value]) => `${name}=${value}`), ';'),
	BOOT_CMDLINE: fc.string({ maxLength: 20 }).filter((text) => !text.includes('\0')),
	MOUNT: lists(fc.constantFrom('proc', 'sysfs', 'tmpfs'), ','),
	DUMP: lists(fc.constantFrom('/proc/meminfo', '/x y'), ','),
	PCAP: fc.constantFrom('a.pcap', '/tmp/b.pcap'),
	PCAP_SNAPLEN: fc.integer({ min: 64, max: 262_144 }).map(String),
	DELAY_MAIN: fc.integer({ min: 0, max: 600_000_000 }).map(String),
	NAMESERVER: lists(fc.oneof(fc.ipV4(), fc.ipV6()).filter((text) => /^(?:1[0-9]{0,2}\.|2001:)/.test(text)), ','),
	ON_FORK: fc.constantFrom('shared', 'closed', 'fresh'),
	NO_FOLLOW_EXEC: fc.constantFrom('0', '1'),
	LINGER: fc.constantFrom('0', '2000', '0x10'),
	MODE: fc.constantFrom('auto', 'preload', 'trap'),
	KEEP_GOING: fc.constantFrom('0', '1'),
}, { requiredKeys: [] });

/** Settings that are right, without LKL_HIJACK_. */
export const goodEnv: fc.Arbitrary<Env> = fc.integer({ min: 0, max: 5 }).chain((count) => fc
	.tuple(topSettings, ...Array.from({ length: count }, (_, index) => interfaceSettings(index)))
	.map((parts) => Object.assign({}, ...parts) as Env));

/** Letters that matter to some reader. */
const text = fc.oneof(
	fc.string({ maxLength: 12, unit: fc.constantFrom(...Array.from('0123456789abcdefxX.:;,|/= \t\n-+%rootfqtcpudp')) }),
	fc.ipV4(), fc.ipV4Extended(), fc.ipV6(), mac, fc.nat().map(String), fc.bigInt({ min: 0n, max: 1n << 66n }).map((n) => `0x${n.toString(16)}`),
	fc.constantFrom('tap', 'slirp', 'raw', 'pipe', 'vde', 'root|fq', 'tcp:80:80', 'csum', 'tso4,csum', 'ip=dhcp', 'proc', '/a', '10.0.0.1|02:00:00:00:00:01', 'a=b'),
	fc.string({ maxLength: 8 }).filter((value) => !value.includes('\0')),
);

const names = Object.values(SETTINGS).map(({ env }) => env).filter((name) => name !== 'CONFIG_FILE' && name !== 'NET_TAP');

/** Any settings with any texts, some on top of good ones, and variables that may be misspelt. */
export const anyEnv: fc.Arbitrary<Env> = fc.tuple(
	fc.oneof(fc.constant({}), goodEnv),
	fc.dictionary(fc.oneof(
		{ weight: 8, arbitrary: fc.constantFrom(...names) },
		{ weight: 2, arbitrary: fc.tuple(fc.constantFrom(...names), fc.integer({ min: 1, max: 16 })).map(([name, index]) => variable(name.replace(/^NET_/, ''), index)) },
		{ weight: 1, arbitrary: fc.constantFrom(...names).chain((name) => fc.nat(name.length).map((at) => name.slice(0, at) + name.slice(at + 1))).filter((name) => name !== '') },
	), text, { maxKeys: 5 }),
).map(([good, bad]) => ({ ...good, ...bad }));
