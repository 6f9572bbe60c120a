// SPDX-License-Identifier: GPL-2.0
// page.ts - docs/compatibility.md of what came out

import { GUEST, HOST } from '../helpers/netns.js';
import type { Result } from './results.js';
import { type Group, otherSide, type Row } from './row.js';

/** How many seconds $TIME is when the page is made. */
export const PAGE_TIME = '30';

const INTRODUCTION = `# Compatibility

Written by \`make compat\`, which tries every row; \`make test\` tries them too, and fails if one comes out differently.

Each command runs under \`lkl-hijack\` on a tap device with all offloads, as ${GUEST.ip} and ${GUEST.ipv6}; the program on the
other side is on the host's stack, as ${HOST.ip} and ${HOST.ipv6}. What counts is what arrives: the contents of the file that
was carried, the answer to the question, the datagrams counted; not an exit status. A command that would be on the host's
stack by mistake reaches nobody: the host's loopback interface is down. How a row is tried, and what configuration files
contain, is in [test/compat/rows/](../test/compat/rows/).
`;

const code = (text: string): string => `\`\`${text.replaceAll('|', '\\|')}\`\``;

/** The line of a row. */
export function tableLine(row: Row, { is, why }: Result): string {
	const command = row.command.replace('$TIME', PAGE_TIME);
	const result = why === '' ? is : `${is}: ${why}`;
	return `| ${row.program} | ${row.kind} | ${code(command)} | ${otherSide(row).join(', ') || '–'} | ${result} |`;
}

/** The page. */
export function compatibilityPage(groups: readonly Group[], resultOf: (row: Row) => Result | undefined): string {
	const tables = groups.map(({ title, rows }) => [
		`## ${title}`,
		'',
		'| Program | Role | Command | Other side | Result |',
		'| --- | --- | --- | --- | --- |',
		...rows.map((row) => tableLine(row, resultOf(row) ?? { is: 'skipped', why: 'not tried' })),
		'',
	].join('\n'));

	return [INTRODUCTION, ...tables].join('\n');
}
