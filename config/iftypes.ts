// SPDX-License-Identifier: GPL-2.0
// iftypes.ts - The types of interfaces: what their parameter is and what they can offload

import { textKind } from './kinds/kind.js';
import { allBits } from './kinds/bits.js';
import { splitList } from './kinds/list.js';
import { OFFLOAD } from './offload.js';

/** A type of interface. */
export interface InterfaceType {
	/** What NET_IFPARAMS has to be, completes "expected ". */
	readonly param: string;
	readonly isParam: (param: string) => boolean;
	/** Bits of OFFLOAD that the backend can have. */
	readonly offload: number;
}

const EVERYTHING = allBits(OFFLOAD);
const NO_SEGMENTATION = OFFLOAD.names.mrg_rxbuf;

/** Linux takes 15 bytes of anything but these. */
function isInterfaceName(param: string): boolean {
	return /^[^\s/:]+$/.test(param) && Buffer.byteLength(param) <= 15 && param !== '.' && param !== '..';
}

function isPort(text = ''): boolean {
	return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65535;
}

function isForward(entry: string): boolean {
	const [protocol, host, guest, ...rest] = entry.split(':');
	return (protocol === 'tcp' || protocol === 'udp') && isPort(host) && isPort(guest) && rest.length === 0;
}

export const INTERFACE_TYPES = {
	tap: {
		param: 'the name of a tap device, 1 to 15 bytes, such as tap0',
		isParam: isInterfaceName,
		offload: EVERYTHING,
	},
	macvtap: {
		param: 'the path of a macvtap device, such as /dev/tap4',
		isParam: (param) => /^\/./.test(param),
		offload: EVERYTHING,
	},
	raw: {
		param: 'the name of an interface of the host, such as eth0',
		isParam: isInterfaceName,
		offload: NO_SEGMENTATION,
	},
	pipe: {
		param: 'two fifos, to read and to write, such as /tmp/a|/tmp/b',
		isParam: (param) => /^[^|]+\|[^|]+$/.test(param),
		offload: EVERYTHING,
	},
	vde: {
		param: 'the path of a VDE switch, such as /run/vde/switch',
		isParam: (param) => param !== '',
		offload: NO_SEGMENTATION,
	},
	slirp: {
		param: 'a list of ports to forward, tcp:HOSTPORT:GUESTPORT or udp:HOSTPORT:GUESTPORT,...',
		isParam: (param) => splitList(param, ',').every(isForward),
		offload: NO_SEGMENTATION,
	},
} as const satisfies Record<string, InterfaceType>;

const NAMES = Object.keys(INTERFACE_TYPES).join(', ');

/** Finds a type by its name. */
export function interfaceType(name: string): InterfaceType | undefined {
	return new Map<string, InterfaceType>(Object.entries(INTERFACE_TYPES)).get(name);
}

/** NET_IFTYPE. */
export const ifType = textKind(NAMES, (name) => {
	if (interfaceType(name)) {
		return undefined;
	}
	return `${name === 'dpdk' ? 'not built in; ' : ''}expected one of ${NAMES}`;
});
