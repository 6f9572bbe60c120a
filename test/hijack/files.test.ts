// SPDX-License-Identifier: GPL-2.0
// files.test.ts - Real programs see the files of the LKL kernel that show the network; its only interface is lo

import { type Command, succeed } from '../helpers/command.js';
import { launched } from '../helpers/hijacked.js';
import { missingPrograms, testUnless } from '../helpers/provided.js';

const LISTS: Readonly<Record<string, Command>> = {
	ls: ['ls', '-U', '/sys/class/net'],
	bash: ['bash', '-c', 'cd / && printf "%s\\n" /sys/class/net/*'],
	find: ['find', '/sys/class/net', '-mindepth', '1'],
	python3: ['python3', '-c', 'import os; print(*os.listdir("/sys/class/net"), *(e.path for e in os.scandir("/sys/class/net")), sep="\\n")'],
	perl: ['perl', '-e', 'print join("\\n", glob("/sys/class/net/*"), "")'],
	busybox: ['busybox', 'ls', '/sys/class/net'],
};

for (const [name, command] of Object.entries(LISTS)) {
	testUnless([missingPrograms(name)], `${name} lists the interfaces of the LKL kernel`, async (t) => {
		const lines = (await succeed(t, launched({}, command))).trim().split('\n').map((line) => line.replace('/sys/class/net/', ''));

		t.deepEqual([...new Set(lines.filter((line) => line !== 'bonding_masters'))], ['lo']);
	});
}

testUnless([missingPrograms('find')], 'find walks through /proc/sys/net', async (t) => {
	const paths = (await succeed(t, launched({}, ['find', '/proc/sys/net/ipv4/conf', '-name', 'forwarding']))).trim().split('\n').sort();

	t.deepEqual(paths, ['all', 'default', 'lo'].map((name) => `/proc/sys/net/ipv4/conf/${name}/forwarding`));
});

const FROM_ABOVE: Readonly<Record<string, Command>> = {
	find: ['find', '/sys/class', '-path', '/sys/class/net/*'],
	ls: ['sh', '-c', 'ls -R /sys/class | sed -n "/^.sys.class.net:/,/^$/p" | sed "1d;/^$/d"'],
	python3: ['python3', '-c', 'import os; [print(*dirs, sep="\\n") for path, dirs, _, _ in os.fwalk("/sys/class") if path.endswith("/net")]'],
};

for (const [name, command] of Object.entries(FROM_ABOVE)) {
	testUnless([missingPrograms(name)], `${name} comes to them from /sys/class`, async (t) => {
		const lines = (await succeed(t, launched({}, command))).trim().split('\n').map((line) => line.replace('/sys/class/net/', ''));

		t.deepEqual(lines.filter((line) => line !== 'bonding_masters'), ['lo']);
	});
}
