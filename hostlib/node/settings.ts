// SPDX-License-Identifier: GPL-2.0
// settings.ts - Settings of the API: checked as all settings are, and put into force

import { variableOf } from '../../config/origin.js';
import { objectOrigin, readObject, type SettingsAt, type SettingsObject } from '../../config/read-object.js';
import { resolveSources } from '../../config/resolve.js';
import { MAX_INTERFACES, settingNames } from '../../config/settings.js';
import { writeEnv } from '../../config/write.js';
import { KernelError } from './errors.js';
import { addressOf } from './library.js';
import type { Queue } from './queue.js';
import { OP, type Slot } from './slot.js';

export type { SettingsObject } from '../../config/read-object.js';

/** Settings of an interface: type, param, ip, masklen, ...; see docs/settings.md. */
export type InterfaceSettings = SettingsAt<'interface'>;

/** Settings that are wrong, or that the kernel or the host does not take. */
export class SettingsError extends Error {
	readonly code = 'ERR_LKL_SETTINGS';

	/** @param problems - one line each */
	constructor(readonly problems: readonly string[]) {
		super(problems.join('\n'));
	}
}
SettingsError.prototype.name = 'SettingsError';

/** An interface that was added: struct lkl_setup. */
export interface Added {
	/** Address of its backend. */
	readonly backend: number;
	readonly device: number;
	readonly ifindex: number;
}

/** Of struct lkl_setup. */
const INTERFACES_AT = 8;
const INTERFACE_SIZE = 16;
const ERRORS_AT = INTERFACES_AT + 16 * INTERFACE_SIZE;

function readAdded({ data }: Slot): Added[] {
	return Array.from({ length: Number(data.readBigInt64LE(0)) }, (_, index) => {
		const at = INTERFACES_AT + INTERFACE_SIZE * index;
		return { backend: Number(data.readBigUInt64LE(at)), device: data.readInt32LE(at + 8), ifindex: data.readInt32LE(at + 12) };
	});
}

/** A message of the library, about the key in place of the variable. */
function respell(line: string): string {
	return line.replace(/^LKL_HIJACK_\w+/, (variable) => {
		for (const name of settingNames) {
			for (let index = 0; index < MAX_INTERFACES; index++) {
				if (variableOf(name, index) === variable) {
					return objectOrigin.spell(name, index);
				}
			}
		}
		return variable;
	});
}

/** Checks settings; as variables of the library. A SettingsError tells all that is wrong. */
export function checked(settings: SettingsObject): Buffer {
	const resolution = resolveSources(readObject(settings));

	if (resolution.problems.length > 0) {
		throw new SettingsError(resolution.problems);
	}
	return Buffer.from(`${Object.entries(writeEnv(resolution)).map(([name, value]) => `${name}=${value}\0`).join('')}\0`);
}

/** Boots with settings, or adds interfaces to the kernel that runs. */
export async function setUp(queue: Queue, variables: Buffer): Promise<Added[]> {
	return queue.request((slot) => {
		slot.set(OP.call, addressOf('lkl_setup'), variables, slot.address);
	}, (result, slot) => {
		const errors = slot.data.toString('utf8', ERRORS_AT, slot.data.indexOf(0, ERRORS_AT)).split('\n').slice(0, -1);
		if (errors.length > 0 || (result | 0) > 0) {
			throw new SettingsError(errors.length > 0 ? errors.map(respell) : ['out of memory']);
		}
		if ((result | 0) < 0) {
			throw new KernelError(result | 0, { syscall: 'boot' });
		}
		return readAdded(slot);
	});
}
