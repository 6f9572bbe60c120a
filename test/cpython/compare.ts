// SPDX-License-Identifier: GPL-2.0
// compare.ts - Does a suite of CPython give the same on LKL as on the host?

import { type Outcome, type Outcomes, runSuite } from './outcomes.js';
import { explanation } from './suites.js';

/** A test that does not give the same. */
export interface Difference {
	readonly test: string;
	readonly host: Outcome | 'missing';
	readonly lkl: Outcome | 'missing';
}

export interface Comparison {
	readonly suite: string;
	/** The host's, the measure of all. */
	readonly host: Outcomes;
	readonly differences: readonly Difference[];
}

/** Tests of time fail by chance on a busy machine: what differs is tried this often again. */
const TRIES = 2;

function differences(host: Outcomes, lkl: Outcomes): Difference[] {
	return [...new Set([...host.keys(), ...lkl.keys()])].sort()
		.map((test) => ({ test, host: host.get(test) ?? 'missing', lkl: lkl.get(test) ?? 'missing' } as const))
		.filter(({ host: one, lkl: other }) => one !== other);
}

const both = (suite: string, tests?: readonly string[]): Promise<[Outcomes, Outcomes]> =>
	Promise.all([runSuite(suite, 'host', tests), runSuite(suite, 'lkl', tests)]);

/** Runs a suite on both; what differs every time, or is explained, is a difference. */
export async function compare(suite: string): Promise<Comparison> {
	const [host, lkl] = await both(suite);
	const found = differences(host, lkl);
	let doubtful = found.filter(({ test }) => explanation(test) === undefined);

	for (let tries = 0; tries < TRIES && doubtful.length > 0; tries++) {
		const again = differences(...await both(suite, doubtful.map(({ test }) => test)));
		doubtful = doubtful.filter(({ test }) => again.some((other) => other.test === test));
	}
	return { suite, host, differences: found.filter((one) => doubtful.includes(one) || explanation(one.test) !== undefined) };
}
