// SPDX-License-Identifier: GPL-2.0
// interface.ts - Do the settings of an interface fit its type?

import { type InterfaceType, interfaceType } from '../iftypes.js';
import { hex } from '../kinds/bits.js';
import { OFFLOAD, offloadProblems } from '../offload.js';
import { setting, settingNames } from '../settings.js';
import type { Context } from './context.js';

/** IPv6 does not exist on links with a smaller MTU. */
const MTU_IPV6 = 1280;

/** What the kernel's buffers hold if none of these says otherwise: it drops larger packets. */
const MTU_SMALL = 1500;
const LARGE_BUFFERS = OFFLOAD.names.mrg_rxbuf | OFFLOAD.names.guest_tso4 | OFFLOAD.names.guest_tso6;

/** Without interface its settings are for nothing. */
function checkTypeless(context: Context): void {
	for (const name of settingNames) {
		if (setting(name).place === 'interface' && context.values[name] !== undefined) {
			context.refuse(name, `there is no interface; expected ${context.spell('ifType', name)} too`);
		}
	}
}

function checkParam(context: Context, type: InterfaceType): void {
	const { ifType = '', ifParams } = context.values;

	if (ifParams === undefined && !context.isBad('ifParams') && !type.isParam('')) {
		context.missing('ifParams', 'ifType', `for type ${ifType}, ${type.param}`);
	} else if (ifParams !== undefined && !type.isParam(ifParams)) {
		context.refuse('ifParams', `expected, for type ${ifType}, ${type.param}`);
	}
}

function checkOffload(context: Context, possible: number): void {
	const { ifType = '', offload = 0 } = context.values;
	const beyond = offload & ~possible;

	if (beyond !== 0) {
		context.refuse('offload', `the type ${ifType} cannot offload ${hex(beyond)}; expected 0 or ${hex(possible)}`);
		return;
	}
	for (const message of offloadProblems(offload)) {
		context.refuse('offload', message);
	}
}

function checkMtu(context: Context, type: InterfaceType): void {
	const { ifType = '', ipv6, mtu, offload = 0 } = context.values;

	if (mtu === undefined) {
		return;
	}
	if (mtu > type.mtu) {
		context.refuse('mtu', `expected ${type.mtu} or less for type ${ifType}`);
	} else if (mtu > MTU_SMALL && !context.isBad('offload') && (offload & LARGE_BUFFERS) === 0) {
		context.refuse('mtu', `larger packets than ${MTU_SMALL} would be lost; expected ${context.spell('offload', 'mtu')} with mrg_rxbuf (${hex(OFFLOAD.names.mrg_rxbuf)}) too`);
	}
	if (ipv6 !== undefined && mtu < MTU_IPV6) {
		context.refuse('mtu', `expected ${MTU_IPV6} or more with an IPv6 address`);
	}
}

/** Checks type, parameter, offload and MTU. */
export function checkInterface(context: Context): void {
	const { ifType } = context.values;
	const type = ifType === undefined ? undefined : interfaceType(ifType);

	if (type) {
		checkParam(context, type);
		checkOffload(context, type.offload);
		checkMtu(context, type);
	} else if (!context.isBad('ifType')) {
		checkTypeless(context);
	}
}
