// SPDX-License-Identifier: GPL-2.0
// kernel.ts - A Linux kernel in this process

import { callFunction } from './call.js';
import { Disk, type DiskOptions, type Mount } from './disk.js';
import { check } from './errors.js';
import { FileSystem } from './fs/file-system.js';
import { addressOf, library } from './library.js';
import { Network } from './net/network.js';
import { Queue } from './queue.js';
import { type Added, checked, type InterfaceSettings, SettingsError, type SettingsObject, setUp } from './settings.js';
import { OP } from './slot.js';

/** Of Kernel.start(): the settings of docs/settings.md by their JSON keys, and these. */
export interface KernelOptions extends SettingsObject {
	/** MiB of memory of the kernel, at least 32; the host gives it page by page. Default: 256 */
	readonly memory?: number;
	/** Command line of the kernel; the same as `boot_cmdline`. */
	readonly cmdline?: string;
}

const LEAST_MEMORY = 32;

/** There is one kernel in a process, and one queue. */
let queue: Queue | undefined;
let started = false;

/** A network interface. */
export class Interface {
	private gone = false;

	/** @internal */
	constructor(private readonly queue: Queue, private readonly added: Added) {}

	/** Its number in the kernel. */
	get ifindex(): number {
		return this.added.ifindex;
	}

	async remove(): Promise<void> {
		if (!this.gone) {
			const { backend, device } = this.added;
			check(await callFunction(this.queue, 'lkl_setup_remove', [backend, device]), { syscall: 'interface' });
			this.gone = true;
		}
	}
}

function settingsOf({ memory, cmdline, ...settings }: KernelOptions): SettingsObject {
	if (memory !== undefined && !(Number.isInteger(memory) && memory >= LEAST_MEMORY)) {
		throw Object.assign(new RangeError(`memory=${memory}: expected a number of MiB, at least ${LEAST_MEMORY}`), { code: 'ERR_OUT_OF_RANGE' });
	}
	// That it halts is no news.
	const quiet = settings.debug === undefined ? 'loglevel=0' : '';
	const words = [quiet, memory === undefined ? '' : `mem=${memory}M`, cmdline ?? '', settings.boot_cmdline ?? ''].filter((word) => word !== '');
	return { ...settings, boot_cmdline: words.join(' ') };
}

/**
 * The kernel: there is one in a process, which can be started once. It ends with the process, or with halt(); an
 * open socket or a call under way keeps the process, the kernel itself does not.
 */
export class Kernel {
	/** Its files, as node:fs/promises. */
	readonly fs: FileSystem;
	/** Its network, as node:net. */
	readonly net: Network;
	/** The interfaces it was started with. */
	readonly interfaces: readonly Interface[];
	private readonly disks = new Set<Disk>();
	private halted: Promise<void> | undefined;

	private constructor(private readonly queue: Queue, interfaces: readonly Added[]) {
		this.fs = new FileSystem(queue);
		this.net = new Network(queue);
		this.interfaces = interfaces.map((added) => new Interface(queue, added));
		process.on('exit', this.haltNow);
	}

	/** Boots a kernel; a SettingsError tells all settings that are wrong. */
	static async start(options: KernelOptions = {}): Promise<Kernel> {
		const variables = checked(settingsOf(options));
		queue ??= new Queue();
		if (started) {
			throw new Error('There is one kernel in a process: it was started before');
		}
		started = true;
		try {
			return new Kernel(queue, await setUp(queue, variables));
		} catch (error) {
			// The host did not have what the settings ask for: another attempt may.
			started = !(error instanceof SettingsError) || library().lkl_is_running() !== 0;
			throw error;
		}
	}

	/** Adds a network interface. */
	async addInterface(settings: InterfaceSettings): Promise<Interface> {
		const [added] = await setUp(this.queue, checked({ interfaces: [settings] }));
		if (added === undefined) {
			throw new TypeError('expected the type of the interface');
		}
		return new Interface(this.queue, added);
	}

	/** Adds a disk; the image is locked against other users of this library. */
	addDisk(options: DiskOptions): Promise<Disk> {
		return Disk.add(this.queue, this.disks, options);
	}

	/** Unmounts all, and ends the kernel: every later call, and all that waits, fails. */
	halt(): Promise<void> {
		this.halted ??= (async () => {
			process.off('exit', this.haltNow);
			for (const disk of this.disks) {
				await disk.remove().catch(() => undefined);
			}
			check(await callFunction(this.queue, 'lkl_sys_halt', []), { syscall: 'halt' });
		})();
		return this.halted;
	}

	[Symbol.asyncDispose](): Promise<void> {
		return this.halt();
	}

	/** The process ends: nothing that was written shall be lost. */
	private readonly haltNow = (): void => {
		for (const mount of this.mounts()) {
			mount.unmountNow();
		}
		this.queue.wait((slot) => {
			slot.set(OP.call, addressOf('lkl_sys_halt'));
		}, () => undefined);
	};

	private mounts(): Mount[] {
		return [...this.disks].flatMap((disk) => [...disk.mounts]);
	}
}
