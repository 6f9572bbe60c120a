// SPDX-License-Identifier: GPL-2.0
// read-file.ts - Read settings from a JSON file, in which comments are allowed

import { readFileSync } from 'node:fs';

import type { Node, ParseError } from 'jsonc-parser';

import type { Given, Origin, Source } from './origin.js';
import { problem } from './problem.js';
import { MAX_INTERFACES, type SettingName, setting, settingNames } from './settings.js';
import { suggestion } from './suggest.js';

type Place = 'interface' | 'top';

/** An object whose keys are settings. */
interface Section {
	readonly place: Place;
	/** Its own key. */
	readonly where: string;
	/** Of the interface that it is, or that keys of interfaces here belong to. */
	readonly index: number;
}

/** Keys that editors and readers of the file are fond of. */
const IGNORED = ['$schema'];

/** Collects what is found in one file. */
class Reader {
	readonly top = new Map<SettingName, Given>();
	readonly interfaces: Map<SettingName, Given>[] = [];
	readonly problems: string[] = [];

	constructor(readonly path: string, readonly content: string) {}

	refuse(node: { offset: number }, key: string, message: string, value?: string): void {
		this.problems.push(problem(this.label(node, key), message, value));
	}

	/** "path:line:column: key" */
	label({ offset }: { offset: number }, key: string): string {
		const lines = this.content.slice(0, offset).split('\n');
		const column = (lines.at(-1)?.length ?? 0) + 1;
		return `${this.path}:${lines.length}:${column}${key === '' ? '' : `: ${key}`}`;
	}

	object(node: Node, section: Section): void {
		if (node.type !== 'object') {
			this.refuse(node, section.where, 'expected an object, {...}');
			return;
		}
		for (const { children: [key, value] = [] } of node.children ?? []) {
			if (key && value) {
				this.property(key, value, section);
			}
		}
	}

	private property(key: Node, value: Node, section: Section): void {
		const { place, where } = section;
		const text = String(key.value);
		const path = where === '' ? text : `${where}.${text}`;
		const keys = keysAt(place);
		const name = keys.get(text);

		if (place === 'top' && text === 'interfaces') {
			this.list(value);
		} else if (name !== undefined) {
			this.value(name, path, value, section.index);
		} else if (place !== 'top' || !IGNORED.includes(text)) {
			const known = [...keys.keys(), ...(place === 'top' ? ['interfaces'] : [])];
			this.refuse(key, path, `no such setting${suggestion(text, known)}`);
		}
	}

	private list(node: Node): void {
		if (node.type !== 'array') {
			this.refuse(node, 'interfaces', 'expected a list of objects, [{...}]');
			return;
		}
		for (const [index, child] of (node.children ?? []).entries()) {
			const where = `interfaces[${index}]`;
			if (index === MAX_INTERFACES) {
				this.refuse(child, where, `more than ${MAX_INTERFACES} interfaces`);
				return;
			}
			this.object(child, { place: 'interface', where, index });
		}
	}

	private value(name: SettingName, path: string, node: Node, index: number): void {
		const text = this.text(node);
		const map = this.mapOf(name, index);
		const earlier = map.get(name);

		if (text === undefined) {
			this.refuse(node, path, `expected text or a number: ${setting(name).kind.valid}`);
		} else if (earlier) {
			this.refuse(node, path, `given before, at ${earlier.label}`, text);
		} else {
			map.set(name, { text, label: this.label(node, path), origin: this.origin });
		}
	}

	/** The text of a value that a setting can have. */
	private text({ type, value, offset, length }: Node): string | undefined {
		if (type === 'number') {
			// As it is written.
			return this.content.slice(offset, offset + length);
		}
		return type === 'boolean' ? String(Number(value)) : type === 'string' ? String(value) : undefined;
	}

	private mapOf(name: SettingName, index: number): Map<SettingName, Given> {
		if (setting(name).place === 'top') {
			return this.top;
		}
		while (this.interfaces.length <= index) {
			this.interfaces.push(new Map());
		}
		return this.interfaces[index] ?? new Map<SettingName, Given>();
	}

	private readonly origin: Origin = {
		spell: (name, index) => {
			const { json = name, place } = setting(name);
			return `${this.path}: ${place === 'top' ? '' : `interfaces[${index}].`}${json}`;
		},
	};
}

function keysAt(place: Place): Map<string, SettingName> {
	return new Map(settingNames.flatMap((name) => {
		const { json, place: its, alsoAtTop } = setting(name);
		return json !== undefined && (its === place || (place === 'top' && alsoAtTop)) ? [[json, name]] : [];
	}));
}

/** Reads the file `path`. */
export async function readFile(path: string): Promise<Source> {
	// The library is CommonJS, and not wanted without a file.
	const { default: jsonc } = await import('jsonc-parser');
	const errors: ParseError[] = [];
	const reader = new Reader(path, readFileSync(path, 'utf8'));
	const root = jsonc.parseTree(reader.content, errors, { allowTrailingComma: true });

	for (const { error, offset } of errors.slice(0, 1)) {
		reader.refuse({ offset }, '', `not JSON: ${jsonc.printParseErrorCode(error)}`);
	}
	if (root && errors.length === 0) {
		reader.object(root, { place: 'top', where: '', index: 0 });
	} else if (errors.length === 0) {
		reader.refuse({ offset: 0 }, '', 'expected an object, {...}');
	}
	return reader;
}
