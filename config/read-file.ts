// SPDX-License-Identifier: GPL-2.0
// read-file.ts - Read settings from a JSON file, in which comments are allowed

import { readFileSync } from 'node:fs';

import type { Node, ParseError } from 'jsonc-parser';

import type { Given, Origin, Source } from './origin.js';
import { problem } from './problem.js';
import { type SettingName, setting, settingNames } from './settings.js';
import { suggestion } from './suggest.js';

type Place = 'interface' | 'top';

/** Collects what is found in one file. */
class Reader {
	readonly given = new Map<SettingName, Given>();
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

	/** Reads an object whose keys are settings; `where` is its own key. */
	object(node: Node, place: Place, where: string): void {
		if (node.type !== 'object') {
			this.refuse(node, where, 'expected an object, {...}');
			return;
		}
		for (const { children: [key, value] = [] } of node.children ?? []) {
			if (key && value) {
				this.property(String(key.value), value, place, where);
			}
		}
	}

	private property(key: string, value: Node, place: Place, where: string): void {
		const path = where === '' ? key : `${where}.${key}`;
		const keys = keysAt(place);
		const name = keys.get(key);

		if (place === 'top' && key === 'interfaces') {
			this.interfaces(value);
		} else if (name === undefined) {
			const known = [...keys.keys(), ...(place === 'top' ? ['interfaces'] : [])];
			this.refuse(value, path, `no such setting${suggestion(key, known)}`);
		} else {
			this.value(name, path, value);
		}
	}

	private interfaces(node: Node): void {
		const [first, second] = node.children ?? [];

		if (node.type !== 'array') {
			this.refuse(node, 'interfaces', 'expected a list of objects, [{...}]');
		} else if (second) {
			this.refuse(second, 'interfaces[1]', 'more than one interface: not supported yet');
		} else if (first) {
			this.object(first, 'interface', 'interfaces[0]');
		}
	}

	private value(name: SettingName, path: string, node: Node): void {
		const value: unknown = node.value;
		const earlier = this.given.get(name);

		if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
			this.refuse(node, path, `expected text or a number: ${setting(name).kind.valid}`);
		} else if (earlier) {
			this.refuse(node, path, `given before, at ${earlier.label}`, String(value));
		} else {
			const text = typeof value === 'boolean' ? String(Number(value)) : String(value);
			this.given.set(name, { text, label: this.label(node, path), origin: fileOrigin(this.path) });
		}
	}
}

function keysAt(place: Place): Map<string, SettingName> {
	return new Map(settingNames.flatMap((name) => {
		const { json, place: its } = setting(name);
		return json !== undefined && (its === place || its === 'either') ? [[json, name]] : [];
	}));
}

function fileOrigin(path: string): Origin {
	return {
		spell(name) {
			const { json = name, place } = setting(name);
			return `${path}: ${place === 'top' ? '' : 'interfaces[0].'}${json}`;
		},
	};
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
		reader.object(root, 'top', '');
	} else if (errors.length === 0) {
		reader.refuse({ offset: 0 }, '', 'expected an object, {...}');
	}
	return reader;
}
