// SPDX-License-Identifier: GPL-2.0
// deaths.test.ts - Children of fork that are killed leave nothing in the kernel that they used

import test, { type ExecutionContext } from 'ava';

import { run } from '../helpers/command.js';
import { launched } from '../helpers/hijacked.js';
import { sourceFolder } from '../helpers/paths.js';
import { PYTHON } from '../helpers/servers.js';

const KINDS = ['receives', 'waits', 'waits_for_signals', 'captures', 'reads_names', 'executes'] as const;

const FEW = 50;
const MANY = 250;

// A connection that was closed is remembered for a minute: half a KiB each.
const MOST_KIB = MANY - FEW;

/** KiB that the kernel uses at the end of a program. */
async function used(t: ExecutionContext, kind: string, rounds: number): Promise<number> {
	const { status, stderr, report } = await run(launched({ MOUNT: 'proc', DUMP: '/proc/meminfo' }, [
		PYTHON, '-B', `${sourceFolder('test/hijack/deaths')}/rounds.py`, kind, String(rounds),
	]), { limit: 120_000 });
	const kib = (name: string): number => Number(new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(stderr)?.[1]);

	t.is(status, 0, report);
	return kib('MemTotal') - kib('MemFree');
}

for (const kind of KINDS) {
	test.serial(`a child that ${kind.replaceAll('_', ' ')} and is killed`, async (t) => {
		const few = await used(t, kind, FEW);
		const many = await used(t, kind, MANY);

		t.log(`${few} KiB after ${FEW}, ${many - few} KiB more after ${MANY}`);
		t.true(many - few <= MOST_KIB);
	});
}
