// SPDX-License-Identifier: GPL-2.0
// hijacked.ts - Commands on a kernel of their own

import type { Command } from './command.js';
import { GUEST } from './netns.js';
import { LAUNCHER, PRELOAD_LIBRARY } from './paths.js';

/** LKL_HIJACK_* without the prefix. */
export type Settings = Readonly<Record<string, string | number>>;

/** On tap0 of a test's network. */
export const TAP: Settings = {
	NET_IFTYPE: 'tap', NET_IFPARAMS: 'tap0',
	NET_IP: GUEST.ip, NET_NETMASK_LEN: 24, NET_IPV6: GUEST.ipv6, NET_NETMASK6_LEN: 64,
};

/** On the user-mode network; `forwards` are ports of the host. */
export const slirp = (...forwards: string[]): Settings => ({
	NET_IFTYPE: 'slirp', ...forwards.length > 0 && { NET_IFPARAMS: forwards.join(',') },
});

/** Address of the host's loopback interface on the user-mode network. */
export const SLIRP_HOST = '10.0.2.2';

// env(1) becomes the command: only that is hijacked, and it stays the same process.
function withVariables(settings: Settings, more: readonly string[]): Command {
	return ['env', ...Object.entries(settings).map(([name, value]) => `LKL_HIJACK_${name}=${value}`), ...more];
}

/** A command under the preload library alone. */
export function hijacked(settings: Settings, command: Command): Command {
	return [...withVariables(settings, [`LD_PRELOAD=${PRELOAD_LIBRARY}`]), ...command];
}

/** A command started by the launcher. */
export function launched(settings: Settings, command: Command): Command {
	return [...withVariables(settings, [LAUNCHER]), ...command];
}
