// SPDX-License-Identifier: GPL-2.0
// resolving.ts - Resolve settings without a process around them

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readEnv } from '../../config/read-env.js';
import { readOptions } from '../../config/read-options.js';
import { resolve, type Resolution } from '../../config/resolve.js';

/** Resolves variables, given without LKL_HIJACK_, and options, as "--name=value". */
export function resolving(env: Readonly<Record<string, string>>, ...options: readonly string[]): Promise<Resolution> {
	const variables = Object.fromEntries(Object.entries(env).map(([name, value]) => [`LKL_HIJACK_${name}`, value]));
	const words = options.map((option) => {
		const [, name = '', value] = /^--?([^=]*)(?:=(.*))?$/.exec(option) ?? [];
		return { name, value };
	});
	return resolve(readEnv(variables), readOptions(words));
}

/** Writes a settings file; returns its path. */
export function settingsFile(content: string): string {
	const path = join(mkdtempSync(join(tmpdir(), 'lkl-settings-')), 'settings.json');
	writeFileSync(path, content);
	return path;
}

/** A tap interface with addresses. */
export const TAP = {
	NET_IFTYPE: 'tap',
	NET_IFPARAMS: 'tap0',
	NET_IP: '192.168.13.2',
	NET_NETMASK_LEN: '24',
	NET_IPV6: 'fd00::2',
	NET_NETMASK6_LEN: '64',
};
