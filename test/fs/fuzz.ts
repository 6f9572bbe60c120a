// SPDX-License-Identifier: GPL-2.0
// fuzz.ts - Many damaged images, many kills of cptofs, and a table of what came of it
//
// usage: node fuzz.js [--images=500] [--kills=50] [--first=1] [--keep=DIRECTORY] [TYPE...]

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { printLine } from '../../bin/launcher/failure.js';
import { DAMAGEABLE, ENDINGS, makeSubject, tryAll } from './damage.js';
import { KILLABLE, killOften, makeVictim } from './kill.js';

const STDOUT = 1;
const STDERR = 2;

const { values, positionals: types } = parseArgs({
	allowPositionals: true,
	options: {
		images: { type: 'string', default: '500' },
		kills: { type: 'string', default: '50' },
		first: { type: 'string', default: '1' },
		keep: { type: 'string' },
	},
});

const first = Number(values.first);
const folder = mkdtempSync(join(tmpdir(), 'lkl-fuzz-'));
let bad = 0;

const say = (line: string): void => {
	printLine(STDOUT, line);
};

const complain = (line: string): void => {
	printLine(STDERR, line);
};

function isWanted(name: string): boolean {
	return types.length === 0 || types.includes(name);
}

function seeds(count: string): number[] {
	return Array.from({ length: Number(count) }, (_, index) => first + index);
}

async function damageAll(): Promise<void> {
	say(`| damaged images | ${ENDINGS.join(' | ')} |\n| --- |${' --- |'.repeat(ENDINGS.length)}`);
	for (const fileSystem of DAMAGEABLE) {
		const { type, name = type } = fileSystem;
		if (isWanted(name)) {
			const counts = await tryAll(await makeSubject(fileSystem, folder), seeds(values.images), complain, values.keep);
			say(`| ${name} | ${ENDINGS.map((ending) => counts[ending]).join(' | ')} |`);
			bad += counts.crash + counts.hang + counts.changed;
		}
	}
}

async function killAll(): Promise<void> {
	say('\n| cptofs killed | kills | sound after a repair, older files intact |\n| --- | --- | --- |');
	for (const killable of KILLABLE) {
		if (isWanted(killable.type)) {
			const all = seeds(values.kills);
			const sound = await killOften(await makeVictim(killable, join(folder, 'kill')), all, complain);
			say(`| ${killable.type} | ${all.length} | ${sound} |`);
			bad += all.length - sound;
		}
	}
}

try {
	mkdirSync(join(folder, 'kill'));
	if (values.keep !== undefined) {
		mkdirSync(values.keep, { recursive: true });
	}
	if (Number(values.images) > 0) {
		await damageAll();
	}
	if (Number(values.kills) > 0) {
		await killAll();
	}
} finally {
	rmSync(folder, { recursive: true, force: true });
}
process.exitCode = bad > 0 ? 1 : 0;
