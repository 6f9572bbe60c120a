// SPDX-License-Identifier: GPL-2.0
// iftypes.ts - The types of interfaces: what their parameter is and what they can offload

import { type Kind, textKind } from './kinds/kind.js';
import { allBits } from './kinds/bits.js';
import { BLANK } from './kinds/list.js';
import { OFFLOAD } from './offload.js';

/** A type of interface. */
export interface InterfaceType {
	/** What NET_IFPARAMS has to be, completes "expected ". */
	readonly param: string;
	readonly isParam: (param: string) => boolean;
	/** Bits of OFFLOAD that the backend can have. */
	readonly offload: number;
	/** Largest packet it takes. */
	readonly mtu: number;
	/** Can a parameter be used by one interface only? */
	readonly exclusive?: true;
}

const EVERYTHING = allBits(OFFLOAD);
const MAX_MTU = 65535;
const NO_SEGMENTATION = OFFLOAD.names.mrg_rxbuf;

/** Linux takes 15 bytes of anything but these. */
function isInterfaceName(param: string): boolean {
	return /^[^/:]{1,15}$/.test(param) && Buffer.byteLength(param) <= 15 && !BLANK.test(param) && param !== '.' && param !== '..';
}

/** As libslirp's own list: no blanks, decimal ports. */
function isForward(entry: string): boolean {
	const ports = /^(?:tcp|udp):(\d+):(\d+)$/.exec(entry)?.slice(1).map(Number) ?? [];
	return ports.length > 0 && ports.every((port) => port >= 1 && port <= 65535);
}

export const INTERFACE_TYPES = {
	tap: {
		param: 'the name of a tap device, 1 to 15 bytes, such as tap0',
		isParam: isInterfaceName,
		offload: EVERYTHING,
		mtu: MAX_MTU,
		exclusive: true,
	},
	macvtap: {
		param: 'the path of a macvtap device, such as /dev/tap4',
		isParam: (param) => param.startsWith('/') && param.length > 1,
		offload: EVERYTHING,
		mtu: MAX_MTU,
		exclusive: true,
	},
	raw: {
		param: 'the name of an interface of the host, such as eth0',
		isParam: isInterfaceName,
		offload: NO_SEGMENTATION,
		mtu: MAX_MTU,
	},
	pipe: {
		param: 'two fifos, to read and to write, such as /tmp/a|/tmp/b',
		isParam: (param) => /^[^|]+\|[^|]+$/.test(param),
		offload: EVERYTHING,
		mtu: MAX_MTU,
		exclusive: true,
	},
	vde: {
		param: 'the path of a VDE switch, such as /run/vde/switch',
		isParam: (param) => param !== '',
		offload: NO_SEGMENTATION,
		mtu: MAX_MTU,
	},
	slirp: {
		param: 'a list of ports to forward, tcp:HOSTPORT:GUESTPORT or udp:HOSTPORT:GUESTPORT,...',
		isParam: (param) => param === '' || param.split(',').every(isForward),
		offload: NO_SEGMENTATION,
		mtu: 1500,
	},
} as const satisfies Record<string, InterfaceType>;

const NAMES = Object.keys(INTERFACE_TYPES).join(', ');

/** Finds a type by its name. */
export function interfaceType(name: string): InterfaceType | undefined {
	return new Map<string, InterfaceType>(Object.entries(INTERFACE_TYPES)).get(name);
}

/** NET_IFTYPE. */
export const ifType: Kind<string> = {
	...textKind(NAMES, (name) => {
		if (interfaceType(name)) {
			return undefined;
		}
		return `${name === 'dpdk' ? 'not built in; ' : ''}expected one of ${NAMES}`;
	}),
	json: { enum: Object.keys(INTERFACE_TYPES) },
};
