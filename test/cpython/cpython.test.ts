// SPDX-License-Identifier: GPL-2.0
// cpython.test.ts - CPython's own suites about sockets, on LKL's loopback interface and on the host's

import test from 'ava';

import { missingPrograms, testUnless } from '../helpers/provided.js';
import { compare } from './compare.js';
import { readReport, suitesProblem } from './outcomes.js';
import { CORE, explanation } from './suites.js';

const LIMIT = 600_000;
const problems = [missingPrograms('ip'), await suitesProblem()];

for (const suite of CORE) {
	testUnless(problems, `${suite}: the same tests pass as on the host`, async (t) => {
		t.timeout(LIMIT);
		const { host, differences } = await compare(suite);
		const passed = [...host.values()].filter((outcome) => outcome === 'passed').length;

		t.log(`${host.size} tests, ${passed} pass on the host, ${differences.length} differ`);
		t.true(passed > host.size / 2);
		t.deepEqual(differences.filter(({ test: name }) => explanation(name) === undefined), []);
	});
}

test('a report is read', (t) => {
	t.deepEqual([...readReport('<testsuite><testcase name="a" /><testcase name="b"><failure>x\n</failure></testcase>'
		+ '<testcase name="c"><skipped>&lt;error</skipped></testcase></testsuite>')], [['a', 'passed'], ['b', 'failed'], ['c', 'skipped']]);
});
