// SPDX-License-Identifier: GPL-2.0
// settings.ts - The settings: the only place that knows their names, kinds, ranges, defaults and meaning

import { ifType } from './iftypes.js';
import { hostAddress, mac } from './kinds/address.js';
import { bitMask } from './kinds/bits.js';
import { choice } from './kinds/choice.js';
import { addresses, files, mounts, neighbours, qdiscs, sysctls } from './kinds/entries.js';
import { flag, integer } from './kinds/number.js';
import { text } from './kinds/text.js';
import { OFFLOAD } from './offload.js';
import type { Setting } from './setting.js';

export const ENV_PREFIX = 'LKL_HIJACK_';

/** As many interfaces can be configured. */
export const MAX_INTERFACES = 16;

const DEBUG = { names: { log: 0x1, hold_exit: 0x100, hold_start: 0x200 } } as const;

export const SETTINGS = {
	configFile: {
		env: 'CONFIG_FILE', place: 'top', use: 'launcher', kind: text('path'),
		standard: './lkl-hijack.json if it exists', help: 'JSON file of settings; comments are allowed',
	},
	ifType: {
		env: 'NET_IFTYPE', json: 'type', place: 'interface', kind: ifType,
		standard: 'no interface but lo', help: 'Type of the network interface',
	},
	ifParams: {
		env: 'NET_IFPARAMS', json: 'param', place: 'interface', option: 'param', kind: text('see below'),
		standard: 'none', help: 'What the interface is made of',
	},
	tap: {
		env: 'NET_TAP', place: 'interface', use: 'obsolete', kind: text('name of a tap device'),
		standard: 'none', help: 'Obsolete spelling of NET_IFTYPE=tap with NET_IFPARAMS',
	},
	ip: {
		env: 'NET_IP', json: 'ip', place: 'interface', alsoAtTop: true, kind: hostAddress(4, '192.168.13.2'),
		standard: 'none; slirp: 10.0.2.15', help: 'IPv4 address of the interface',
	},
	netmaskLen: {
		env: 'NET_NETMASK_LEN', json: 'masklen', place: 'interface', alsoAtTop: true, kind: integer(1, 32),
		standard: 'none; slirp: 24', help: 'Prefix length of the IPv4 address',
	},
	ipv6: {
		env: 'NET_IPV6', json: 'ipv6', place: 'interface', alsoAtTop: true, kind: hostAddress(6, 'fd00::2'),
		standard: 'none', help: 'IPv6 address of the interface',
	},
	netmask6Len: {
		env: 'NET_NETMASK6_LEN', json: 'masklen6', place: 'interface', alsoAtTop: true, kind: integer(1, 128),
		standard: 'none', help: 'Prefix length of the IPv6 address',
	},
	gateway: {
		env: 'NET_GATEWAY', json: 'gateway', place: 'top', kind: hostAddress(4, '192.168.13.1'),
		standard: 'none; slirp: 10.0.2.2', help: 'Default IPv4 route',
	},
	gateway6: {
		env: 'NET_GATEWAY6', json: 'gateway6', place: 'top', kind: hostAddress(6, 'fd00::1'),
		standard: 'none', help: 'Default IPv6 route',
	},
	ifGateway: {
		env: 'NET_IFGATEWAY', json: 'ifgateway', place: 'interface', kind: hostAddress(4, '192.168.13.1'),
		standard: 'none', help: 'Gateway for packets from the IPv4 address of the interface',
	},
	ifGateway6: {
		env: 'NET_IFGATEWAY6', json: 'ifgateway6', place: 'interface', kind: hostAddress(6, 'fd00::1'),
		standard: 'none', help: 'Gateway for packets from the IPv6 address of the interface',
	},
	mac: {
		env: 'NET_MAC', json: 'mac', place: 'interface', option: 'mac', kind: mac,
		standard: 'random', help: 'Link address of the interface',
	},
	mtu: {
		env: 'NET_MTU', json: 'mtu', place: 'interface', option: 'mtu', kind: integer(68, 65535),
		standard: '1500', help: 'Largest packet of the interface, in bytes',
	},
	neighbor: {
		env: 'NET_NEIGHBOR', json: 'neigh', place: 'interface', option: 'neigh', kind: neighbours,
		standard: 'none', help: 'Permanent neighbour entries',
	},
	qdisc: {
		env: 'NET_QDISC', json: 'qdisc', place: 'interface', option: 'qdisc', kind: qdiscs,
		standard: 'the kernel\'s', help: 'Queueing disciplines of the interface',
	},
	offload: {
		env: 'OFFLOAD', json: 'offload', place: 'interface', kind: bitMask(OFFLOAD),
		standard: '0', help: 'Features of the virtio-net device',
	},
	debug: {
		env: 'DEBUG', json: 'debug', place: 'top', kind: bitMask(DEBUG),
		standard: '0', help: 'Log to stderr, wait for Enter after the program, or before it',
	},
	singleCpu: {
		env: 'SINGLE_CPU', json: 'singlecpu', place: 'top',
		kind: integer(0, 2, '0 (off), 1 (pin the kernel and the threads that call it to one CPU) or 2 (the threads of the backends as well)'),
		standard: '0', help: 'Pin threads to one CPU of the host',
	},
	sysctl: {
		env: 'SYSCTL', json: 'sysctl', place: 'top', kind: sysctls,
		standard: 'none', help: 'Values to write below /proc/sys of the kernel',
	},
	bootCmdline: {
		env: 'BOOT_CMDLINE', json: 'boot_cmdline', place: 'top', kind: text('mem=64M ip=dhcp loglevel=8 and so on'),
		standard: 'none', help: 'Command line of the kernel',
	},
	mount: {
		env: 'MOUNT', json: 'mount', place: 'top', kind: mounts, standard: 'none', help: 'File systems to mount inside the kernel',
	},
	dump: {
		env: 'DUMP', json: 'dump', place: 'top', kind: files,
		standard: 'none', help: 'Files inside the kernel to print at exit',
	},
	pcap: {
		env: 'PCAP', json: 'pcap', place: 'top', kind: text('path of a file'), standard: 'none', help: 'Write all frames to this file, as pcapng',
	},
	pcapSnaplen: {
		env: 'PCAP_SNAPLEN', json: 'pcap_snaplen', place: 'top', kind: integer(64, 262_144, '64 to 262144 (whole frames)'),
		standard: '2048', help: 'Bytes of a frame to write; more slows down streams with segmentation offload',
	},
	delayMain: {
		env: 'DELAY_MAIN', json: 'delay_main', place: 'top', kind: integer(0, 600_000_000),
		standard: '0', help: 'Microseconds to wait before the program starts',
	},
	nameserver: {
		env: 'NAMESERVER', json: 'nameserver', place: 'top', kind: addresses,
		standard: 'the host\'s; slirp: 10.0.2.3', help: 'Name servers of the program',
	},
	onFork: {
		env: 'ON_FORK', json: 'on_fork', place: 'top', kind: choice('shared', 'closed', 'fresh'),
		standard: 'shared', help: 'Network of a child of fork(): its parent\'s kernel and sockets, or its sockets closed and no more of them, or a fresh kernel when it needs one',
	},
	noFollowExec: {
		env: 'NO_FOLLOW_EXEC', json: 'no_follow_exec', place: 'top', kind: flag,
		standard: '0', help: 'Leave the programs that the program executes on the host\'s network',
	},
	linger: {
		env: 'LINGER', json: 'linger', place: 'top', kind: integer(0, 600_000),
		standard: '2000', help: 'Milliseconds that the end waits for peers to take what has been sent',
	},
	mode: {
		env: 'MODE', json: 'mode', place: 'top', kind: choice('auto', 'preload', 'trap'),
		standard: 'auto', help: 'How calls are caught: by a library that is preloaded, by a trap at each system call, or as the program needs it',
	},
	keepGoing: {
		env: 'KEEP_GOING', json: 'keep_going', place: 'top', kind: flag,
		standard: '0', help: 'Report a sysctl, mount and the like that fails, but start the program',
	},
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;

export const settingNames = Object.keys(SETTINGS) as SettingName[];

/** A row of the table, whichever it is. */
export function setting(name: SettingName): Setting {
	return SETTINGS[name];
}
