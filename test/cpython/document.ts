// SPDX-License-Identifier: GPL-2.0
// document.ts - Compare suites and write docs/cpython.md; usage: node document.js FILE [SUITE...]
//
// Without names all suites are compared; with names the lines about others stay as they are in FILE.

import { readFile, writeFile } from 'node:fs/promises';

import { compare, type Comparison } from './compare.js';
import { CORE, explanation, MORE } from './suites.js';

const count = ({ host }: Comparison, outcome: string): number => [...host.values()].filter((one) => one === outcome).length;

const row = (comparison: Comparison): string => `| \`${comparison.suite}\` | ${comparison.host.size} | ${count(comparison, 'passed')} `
	+ `| ${count(comparison, 'skipped')} | ${count(comparison, 'failed')} | ${comparison.differences.length} |`;

const differenceRow = ({ test, host, lkl }: Comparison['differences'][number]): string =>
	`| \`${test.replace(/^test\./, '')}\` | ${host} | ${lkl} | ${explanation(test) ?? 'not known'} |`;

/** The lines about a suite in a page. */
interface Lines {
	readonly suite: string;
	readonly row: string;
	readonly differences: readonly string[];
}

const linesOf = (comparison: Comparison): Lines =>
	({ suite: comparison.suite, row: row(comparison), differences: comparison.differences.map(differenceRow) });

/** What a page written earlier says about a suite; undefined if nothing. */
function earlier(page: string, suite: string): Lines | undefined {
	const lines = page.split('\n');
	const found = lines.find((line) => line.startsWith(`| \`${suite}\` |`));

	return found === undefined ? undefined : { suite, row: found, differences: lines.filter((line) => line.startsWith(`| \`${suite}.`)) };
}

function document(all: readonly Lines[]): string {
	const differences = all.flatMap((lines) => lines.differences);

	return `# CPython's own tests

The suites of CPython 3.11 (Debian's package \`libpython3.11-testsuite\`), on LKL's loopback interface without any other
interface, and on the host in a network namespace with only loopback. Tests are compared one by one, by name; one that
differs is tried twice again. Left out are the tests of VSOCK, which hang on hosts without it. \`make test\` compares the
first six; this page is written by \`node build/js/test/cpython/document.js docs/cpython.md\`.

| Suite | Tests | Pass on the host | Skipped there | Fail there | Different on LKL |
| --- | ---: | ---: | ---: | ---: | ---: |
${all.map((lines) => lines.row).join('\n')}

## Differences

${differences.length === 0 ? 'None.' : `| Test | Host | LKL | Why |\n| --- | --- | --- | --- |\n${differences.join('\n')}`}
`;
}

const SUITES: readonly string[] = [...CORE, ...MORE];
const [file, ...names] = process.argv.slice(2);
const unknown = names.filter((name) => !SUITES.includes(name));

if (file === undefined || unknown.length > 0) {
	process.stderr.write(`usage: node document.js FILE [SUITE...]\nsuites: ${SUITES.join(' ')}\n`);
	process.exitCode = 2;
} else {
	const page = await readFile(file, 'utf8').catch(() => '');
	const all: Lines[] = [];

	for (const suite of SUITES) {
		const lines = names.length === 0 || names.includes(suite) ? linesOf(await compare(suite)) : earlier(page, suite);

		if (lines !== undefined) {
			all.push(lines);
			process.stdout.write(`${[lines.row, ...lines.differences].join('\n')}\n`);
		}
	}
	await writeFile(file, document(all));
}
