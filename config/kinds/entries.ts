// SPDX-License-Identifier: GPL-2.0
// entries.ts - Settings that are lists: neighbours, queueing disciplines, sysctls, mounts, files, addresses

import { hostVersion, macProblem } from './address.js';
import { BLANK, list, splitEntry } from './list.js';

/** What NET_QDISC can set: of the kinds built in those that need no parameters. */
export const QDISC_KINDS =
	'fq fq_codel fq_pie codel pie cake hhf sfq sfb skbprio drr qfq pfifo bfifo pfifo_fast pfifo_head_drop noqueue plug blackhole'.split(' ');

/** `address|mac;…` */
export const neighbours = list({
	separators: ';',
	pair: true,
	valid: '192.168.13.9|02:00:00:00:00:09;…, IPv4 or IPv6',
	problem(entry) {
		const [address, link] = splitEntry(entry, '|') ?? [];
		if (address === undefined || link === undefined || hostVersion(address) === undefined) {
			return 'expected entries as 192.168.13.9|02:00:00:00:00:09;..., the IPv4 or IPv6 address of a host and its MAC address';
		}
		const why = macProblem(link);
		return why === undefined ? undefined : `the MAC address ${why}; expected a unicast address, such as 02:00:00:00:00:09`;
	},
});

/** `root|kind;…` */
export const qdiscs = list({
	separators: ';',
	pair: true,
	valid: `root|fq;…, of the kinds ${QDISC_KINDS.join(' ')}`,
	problem(entry) {
		const [parent, kind] = splitEntry(entry, '|') ?? [];
		if (parent === undefined || kind === undefined || !/^(?:root|[\da-fA-F]{1,4}:[\da-fA-F]{1,4})$/.test(parent)) {
			return 'expected entries as root|fq;..., where they go and their kind';
		}
		return QDISC_KINDS.includes(kind) ? undefined : `unknown kind; expected one of ${QDISC_KINDS.join(', ')}`;
	},
});

/** `name=value;…` */
export const sysctls = list({
	separators: ';',
	valid: 'net.ipv4.tcp_wmem=4096 87380 2147483647;…',
	problem(entry) {
		const [name, value] = splitEntry(entry, '=') ?? [];
		return name && value && !name.includes('..') && !BLANK.test(name) ? undefined : 'expected entries as net.ipv4.tcp_sack=1;...';
	},
});

/** The kernel takes names of 15 bytes. */
function isFileSystem(entry: string): boolean {
	return Buffer.byteLength(entry) <= 15 && !entry.startsWith('.') && !entry.includes('/') && !BLANK.test(entry);
}

/** `proc,sysfs` */
export const mounts = list({
	separators: ',',
	valid: 'types of file systems: proc,sysfs',
	problem: (entry) => (isFileSystem(entry) ? undefined : 'expected types of file systems, such as proc,sysfs'),
});

/** `/proc/net/snmp,…` */
export const files = list({
	separators: ',',
	valid: 'absolute names: /proc/net/snmp,/proc/meminfo',
	problem: (entry) => (entry.startsWith('/') && entry.length > 1 ? undefined : 'expected absolute names, such as /proc/net/snmp,/proc/meminfo'),
});

/** `10.0.2.3,fd00::3` */
export const addresses = list({
	separators: ', ;',
	valid: 'addresses: 10.0.2.3,fd00::3',
	problem: (entry) => (hostVersion(entry) ? undefined : 'expected addresses, such as 10.0.2.3,fd00::3'),
});
