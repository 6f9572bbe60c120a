// SPDX-License-Identifier: GPL-2.0
// settings-file.test.ts - LKL_HIJACK_CONFIG_FILE with the preload library alone

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { ExecutionContext } from 'ava';

import { run, type Outcome } from '../helpers/command.js';
import { hijacked, type Settings } from '../helpers/hijacked.js';
import { testUnless } from '../helpers/provided.js';
import { makeFolder } from '../helpers/user.js';

/** Runs a script in the folder of a file, whose name is not absolute. */
async function withFile(t: ExecutionContext, content: string, settings: Settings, script: string): Promise<Outcome> {
	const folder = await makeFolder(t);
	writeFileSync(join(folder, 'settings.json'), content);
	return run(hijacked({ CONFIG_FILE: 'settings.json', ...settings }, ['sh', '-c', script]), { cwd: folder });
}

const SLIRP = `// A user-mode network.
{ "interfaces": [{ "type": "slirp", "ip": "10.0.2.77", "masklen": 24, "mtu": 1400 }] }`;

testUnless([], 'programs that are executed elsewhere read the same file', async (t) => {
	const { stdout, report } = await withFile(t, SLIRP, {}, 'cd /; ip address show dev eth0');
	t.regex(stdout, /mtu 1400/, report);
	t.regex(stdout, /inet 10\.0\.2\.77\/24/, report);
});

testUnless([], 'the environment wins', async (t) => {
	const { stdout, report } = await withFile(t, SLIRP, { NET_MTU: 1300 }, 'ip address show dev eth0');
	t.regex(stdout, /mtu 1300/, report);
	t.regex(stdout, /inet 10\.0\.2\.77\/24/, report);
});

testUnless([], 'a file with mistakes: all are told, with their places, and nothing starts', async (t) => {
	const { status, stdout, stderr } = await withFile(t, '{\n\t"interfaces": [{ "type": "slirp", "mtu": 20 }],\n\t"sysctrl": "a=1"\n}', {}, 'echo started');
	t.is(status, 78);
	t.is(stdout, '');
	t.deepEqual(stderr.split('\n'), [
		'lkl-hijack: settings.json:2:43: interfaces[0].mtu=20: expected 68 to 65535',
		'lkl-hijack: settings.json:3:2: sysctrl: no such setting; did you mean sysctl?',
	]);
});

testUnless([], 'what fails after the boot is told with its place', async (t) => {
	const { status, stdout, stderr } = await withFile(t, '{ "sysctl": "net.ipv4.no_such=1", "interfaces": [{ "type": "slirp" }] }', {}, 'echo started');
	t.is(status, 78);
	t.is(stdout, '');
	t.regex(stderr, /^lkl-hijack: settings\.json:1:13: sysctl=net\.ipv4\.no_such(?:=1)?: /);
});
