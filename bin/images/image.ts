// SPDX-License-Identifier: GPL-2.0
// image.ts - A file system image, and the work that is done with it

import type { Pointer } from 'ref-napi';

import { Counters, later, lib, WRITE } from './library.js';

/** What the work is to be like; all of it is optional. */
export interface Settings {
	readonly exclude?: readonly string[];
	/** Owners of copies. */
	readonly uid?: number | undefined;
	readonly gid?: number | undefined;
	/** security.selinux of copies. */
	readonly label?: string | undefined;
	/** An archive without names of users and groups. */
	readonly numericOwner?: boolean;
	/** Descriptor that gets the security.selinux of all files. */
	readonly labels?: number | undefined;
	/** Have the kernel print its messages on stderr. */
	readonly kernelLog?: boolean;
	/** Find out the totals first. */
	readonly totals?: boolean;
	/** MiB of memory of the kernel, if it is not running yet. */
	readonly memory?: number | undefined;
}

/** Where the file system is. */
export interface Place {
	readonly image: string;
	/** 0: the whole image. */
	readonly partition: number;
	/** A type of the kernel's, or "auto". */
	readonly type: string;
	/** Mount options. */
	readonly options: string;
}

/** About a file: a failure, something of note, or what the kernel said. */
export interface Message {
	readonly kind: 'failure' | 'notice' | 'kernel';
	readonly text: string;
}

const KINDS: Readonly<Record<string, Message['kind']>> = { E: 'failure', N: 'notice', K: 'kernel' };

/** An image; every function that returns a number returns 0 or a negative error number. */
export class Image {
	readonly counters = new Counters();
	readonly #fs: Pointer<unknown>;

	constructor(settings: Settings) {
		const fs = lib.lkl_fs_new();

		this.#fs = fs;
		lib.lkl_fs_set_progress(fs, this.counters.memory);
		lib.lkl_fs_set_owner(fs, settings.uid ?? -1, settings.gid ?? -1);
		for (const pattern of settings.exclude ?? []) {
			lib.lkl_fs_exclude(fs, pattern);
		}
		if (settings.label !== undefined) {
			lib.lkl_fs_set_label(fs, settings.label);
		}
		if (settings.numericOwner === true) {
			lib.lkl_fs_set_numeric(fs);
		}
		if (settings.labels !== undefined) {
			lib.lkl_fs_set_labels_fd(fs, settings.labels);
		}
		if (settings.kernelLog === true) {
			lib.lkl_fs_set_kernel_log(fs);
		}
		if (settings.totals === true) {
			lib.lkl_fs_set_totals(fs);
		}
		if (settings.memory !== undefined) {
			lib.lkl_fs_set_memory(fs, settings.memory);
		}
	}

	open({ image, partition, type, options }: Place, write: boolean): Promise<number> {
		return later((done) => {
			lib.lkl_fs_open.async(this.#fs, image, partition, type, options, write ? WRITE : 0, done);
		});
	}

	close(): Promise<number> {
		return later((done) => {
			lib.lkl_fs_close.async(this.#fs, done);
		});
	}

	/** Releases the memory; the image is to be closed before. */
	free(): void {
		lib.lkl_fs_free(this.#fs);
	}

	toTar(descriptor: number): Promise<number> {
		return later((done) => {
			lib.lkl_fs_to_tar.async(this.#fs, descriptor, done);
		});
	}

	copyIn(sources: readonly string[], target: string): Promise<number> {
		this.#addSources(sources);
		return later((done) => {
			lib.lkl_fs_copy_in.async(this.#fs, target, done);
		});
	}

	copyOut(sources: readonly string[], target: string): Promise<number> {
		this.#addSources(sources);
		return later((done) => {
			lib.lkl_fs_copy_out.async(this.#fs, target, done);
		});
	}

	/** Writes a file of the image with what comes from a descriptor. */
	put(descriptor: number, target: string): Promise<number> {
		return later((done) => {
			lib.lkl_fs_put.async(this.#fs, descriptor, target, done);
		});
	}

	/** Writes the contents of files to a descriptor. */
	get(sources: readonly string[], descriptor: number): Promise<number> {
		this.#addSources(sources);
		return later((done) => {
			lib.lkl_fs_get.async(this.#fs, descriptor, done);
		});
	}

	/** What there is to say since the last call. */
	messages(): Message[] {
		return (lib.lkl_fs_messages(this.#fs) ?? '').split('\n').slice(0, -1).map((line) => ({
			kind: KINDS[line.charAt(0)] ?? 'failure',
			text: line.slice(1),
		}));
	}

	#addSources(sources: readonly string[]): void {
		for (const source of sources) {
			lib.lkl_fs_add_source(this.#fs, source);
		}
	}
}
