// SPDX-License-Identifier: GPL-2.0
// exec.test.ts - lkl-hijack-exec: the launcher without Node, for settings checked before

import { chmodSync, copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import test from 'ava';

import { launch, LAUNCHER, run } from './launch.js';

const EXEC = `${LAUNCHER}-exec`;
const folder = mkdtempSync(join(tmpdir(), 'lkl-exec-'));
const settings = join(folder, 'settings');
const rootTest = process.getuid?.() === 0 ? test : test.skip;

test.before(async () => {
	chmodSync(folder, 0o755);
	const { stdout } = await launch(['env', '--null', '--net', 'slirp', '--mtu', '1400', '--sysctl', 'net.ipv4.tcp_sack=0']);
	writeFileSync(settings, stdout);
});

test('the program runs on a kernel with the settings', async (t) => {
	const { stdout } = await run(EXEC, [settings, 'ip', 'link', 'show', 'eth0'], { env: { LKL_HIJACK_NET_MTU: '1300', LKL_HIJACK_NOSUCH: '1' } });
	t.regex(stdout, /mtu 1400/);
});

test('arguments, name, status and other variables', async (t) => {
	const script = 'echo "$0,$1,$2"; echo $OTHER $LKL_HIJACK_SYSCTL; exit 7';
	const { exitCode, stdout } = await run(EXEC, [settings, 'sh', '-c', script, 'a', 'b c', '--net'], { env: { OTHER: 'x' } });
	t.is(exitCode, 7);
	t.is(stdout, 'a,b c,--net\nx net.ipv4.tcp_sack=0');
});

test('other libraries to preload stay', async (t) => {
	const { stdout } = await run(EXEC, [settings, 'sh', '-c', 'echo $LD_PRELOAD'], { env: { LD_PRELOAD: '/lib/x86_64-linux-gnu/libm.so.6' } });
	t.regex(stdout, /^\/.*\/liblkl-hijack\.so:\/lib\/x86_64-linux-gnu\/libm\.so\.6$/);
});

const refused = test.macro({
	async exec(t, status: number, expected: RegExp, ...args: string[]) {
		const { exitCode, stdout, stderr } = await run(EXEC, args);
		t.is(exitCode, status);
		t.is(stdout, '');
		t.regex(stderr, expected);
	},
	title: (what = '') => `refuses ${what}`,
});

test('no program', refused, 64, /^lkl-hijack-exec: usage: /, settings);
test('settings that are missing', refused, 78, /\/nowhere: No such file/, '/nowhere', 'true');
test('a file that is something else', refused, 78, /expected what 'lkl-hijack env --null' prints$/, '/etc/passwd', 'true');
test('a program that is missing', refused, 127, /no-such-program: program not found in PATH$/, settings, 'no-such-program');
test('a path that is missing', refused, 127, /\/no\/such: program not found$/, settings, '/no/such');
test('what is no program', refused, 126, /passwd: is no ELF file/, settings, '/etc/passwd');

rootTest('a copy of a program that gains rights is run', async (t) => {
	const path = join(folder, 'setuid');
	copyFileSync('/bin/ip', path);
	chmodSync(path, 0o4755);
	const { exitCode, stdout } = await run(EXEC, [settings, path, 'link', 'show', 'eth0'], { uid: 65534, gid: 65534 });
	t.is(exitCode, 0);
	t.regex(stdout, /mtu 1400/);
});

rootTest('refuses a program that gains rights and cannot be copied', async (t) => {
	const path = join(folder, 'unreadable');
	copyFileSync('/bin/true', path);
	chmodSync(path, 0o4711);
	const { exitCode, stderr } = await run(EXEC, [settings, path], { uid: 65534, gid: 65534 });
	t.is(exitCode, 126);
	t.regex(stderr, /unreadable: gains rights, and may not be copied .*install -m 755/);
});

test('a static program is trapped, or refused if that is not wanted', async (t) => {
	const [source, program] = [join(folder, 'static.c'), join(folder, 'static')];
	writeFileSync(source, '#include <fcntl.h>\n#include <unistd.h>\nint main(void) { char b[4096]; return write(1, b, read(open("/proc/net/dev", O_RDONLY), b, 4096)) < 0; }\n');
	await run('gcc', ['-static', source, '-o', program]);
	t.regex((await run(EXEC, [settings, program])).stdout, /^ *eth0:/m);

	const { stdout } = await launch(['env', '--null', '--mode', 'preload', '--net', 'slirp']);
	writeFileSync(`${settings}2`, stdout);
	const { exitCode, stderr } = await run(EXEC, [`${settings}2`, program]);
	t.is(exitCode, 126);
	t.regex(stderr, /is linked statically, so a preloaded library has no effect; mode trap would do$/);
	t.regex((await run(EXEC, [`${settings}2`, '/usr/bin/hey'])).stderr, /is a Go program, .* mode trap would do$/);
});

test('a script is run by its interpreter', async (t) => {
	const path = join(folder, 'script');
	writeFileSync(path, '#!/bin/sh -u\nip link show eth0\n', { mode: 0o755 });
	const { stdout } = await run(EXEC, [settings, path]);
	t.regex(stdout, /mtu 1400/);
});
