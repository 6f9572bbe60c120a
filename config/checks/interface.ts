// SPDX-License-Identifier: GPL-2.0
// interface.ts - Do the settings of the interface fit its type?

import { interfaceType } from '../iftypes.js';
import { hex } from '../kinds/bits.js';
import { offloadProblems } from '../offload.js';
import { setting, settingNames } from '../settings.js';
import type { Context } from './context.js';

/** IPv6 does not exist on links with a smaller MTU. */
const MTU_IPV6 = 1280;

/** Without interface its settings are for nothing. */
function checkTypeless(context: Context): void {
	for (const name of settingNames) {
		const { place } = setting(name);
		if (place !== 'top' && place !== undefined && context.values[name] !== undefined) {
			const type = context.given.get(name)?.origin.spell('ifType') ?? '';
			context.refuse(name, `there is no interface; expected ${type} too`);
		}
	}
}

function checkOffload(context: Context, possible: number): void {
	const { ifType = '', offload = 0 } = context.values;
	const beyond = offload & ~possible;

	if (beyond !== 0) {
		context.refuse('offload', `the type ${ifType} cannot offload ${hex(beyond)}; expected 0 or ${hex(possible)}`);
	}
	for (const message of offloadProblems(offload)) {
		context.refuse('offload', message);
	}
}

/** Checks type, parameter, offload and MTU. */
export function checkInterface(context: Context): void {
	const { ifType, ifParams, ipv6, mtu } = context.values;
	const type = ifType === undefined ? undefined : interfaceType(ifType);

	if (ifType === undefined || !type) {
		if (!context.isBad('ifType')) {
			checkTypeless(context);
		}
		return;
	}
	if (ifParams === undefined && !context.isBad('ifParams') && !type.isParam('')) {
		context.missing('ifParams', 'ifType');
	} else if (ifParams !== undefined && !type.isParam(ifParams)) {
		context.refuse('ifParams', `expected, for type ${ifType}, ${type.param}`);
	}
	checkOffload(context, type.offload);
	if (ipv6 !== undefined && mtu !== undefined && mtu < MTU_IPV6) {
		context.refuse('mtu', `expected ${MTU_IPV6} or more with an IPv6 address`);
	}
}
