// SPDX-License-Identifier: GPL-2.0
// programs.test.ts - Which programs are started, how they are found, and which are refused

import { chmodSync, copyFileSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import test, { type ExecutionContext } from 'ava';

import { launch, LAUNCHER, run } from './launch.js';

const folder = mkdtempSync(join(tmpdir(), 'lkl-programs-'));
const nobody = { uid: 65534, gid: 65534 };
const isRoot = process.getuid?.() === 0;
const rootTest = isRoot ? test : test.skip;

chmodSync(folder, 0o755);
test.after.always(() => {
	rmSync(folder, { recursive: true });
});

function script(name: string, content: string, mode = 0o755): string {
	const path = join(folder, name);
	writeFileSync(path, content);
	chmodSync(path, mode);
	return path;
}

/** An executable of another architecture, or a static one: the header is all that is looked at. */
function elf(name: string, machine: number): string {
	const header = Buffer.alloc(64);
	header.write('\x7fELF\x02\x01\x01', 'latin1');
	header.writeUInt16LE(2, 16);
	header.writeUInt16LE(machine, 18);
	const path = script(name, '');
	writeFileSync(path, header);
	return path;
}

test('the exit status is that of the program', async (t) => {
	const { exitCode } = await launch(['sh', '-c', 'exit 7']);
	t.is(exitCode, 7);
});

test('options behind the program are those of the program', async (t) => {
	const { stdout } = await launch(['--debug', '0', 'printf', '%s,', '--help', '-n', '--', '--net-mtu=3']);
	t.is(stdout, '--help,-n,--,--net-mtu=3,');
});

test('-- ends the options', async (t) => {
	const { stdout } = await launch(['--', 'printf', '%s', '--debug']);
	t.is(stdout, '--debug');
});

test('a missing program', async (t) => {
	const { exitCode, stderr } = await launch(['no-such-program']);
	t.is(exitCode, 127);
	t.is(stderr, 'lkl-hijack: no-such-program: program not found in PATH');
});

test('a program that is not executable', async (t) => {
	const path = script('plain', 'text', 0o644);
	const { exitCode, stderr } = await launch([path]);
	t.is(exitCode, 126);
	t.is(stderr, `lkl-hijack: ${path}: not executable (permission denied)`);
});

test('a directory', async (t) => {
	const { exitCode, stderr } = await launch([folder]);
	t.is(exitCode, 126);
	t.is(stderr, `lkl-hijack: ${folder}: is a directory`);
});

test('no program', async (t) => {
	const { exitCode, stderr } = await launch([]);
	t.is(exitCode, 64);
	t.regex(stderr, /expected a program/);
});

test('a script is run by its interpreter', async (t) => {
	const { stdout } = await launch([script('script', '#!/bin/sh -u\necho "$0 $1"\n'), 'one']);
	t.is(stdout, `${join(folder, 'script')} one`);
});

test('a script without #! is run by sh', async (t) => {
	const { stdout } = await launch([script('bare', 'echo "$1"\n'), 'two']);
	t.is(stdout, 'two');
});

test('a script whose interpreter is missing', async (t) => {
	const path = script('orphan', '#!/no/such/interpreter\n');
	const { exitCode, stderr } = await launch([path]);
	t.is(exitCode, 126);
	t.true(stderr.startsWith(`lkl-hijack: /no/such/interpreter (interpreter of ${path}): cannot be examined`));
});

test('a static program', async (t) => {
	const machine = { x64: 62, arm64: 183 }[process.arch as 'x64' | 'arm64'];
	const { exitCode, stderr } = await launch(['--mode', 'preload', elf('static', machine)]);
	t.is(exitCode, 126);
	t.regex(stderr, /is linked statically, so a preloaded library has no effect/);
});

/** hey is written in Go, and linked dynamically. */
test('a Go program', async (t) => {
	const { exitCode, stderr } = await launch(['--mode', 'preload', 'hey']);
	t.is(exitCode, 126);
	t.regex(stderr, /hey: is a Go program, which makes system calls without libc, so a preloaded library has no effect; use --mode trap/);
});

test('a program of another architecture', async (t) => {
	const { exitCode, stderr } = await launch([elf('sparc', 2)]);
	t.is(exitCode, 126);
	t.regex(stderr, /is for another architecture \(machine 2, 64 bits/);
});

/** A program that tells on which kernel it is, and what it is called. */
const TELLING = ['-c', 'import sys; print(open("/proc/self/comm").read(), len(open("/proc/net/dev").readlines()), open("/proc/self/status").read().split("CapEff:")[1].split()[0])'];

/** A copy of Python to which `change` gives rights. */
function privileged(name: string, mode: number): string {
	const path = join(folder, name);
	copyFileSync('/usr/bin/python3', path);
	chmodSync(path, mode);
	return path;
}

async function checkCopy(t: ExecutionContext, path: string): Promise<void> {
	const { exitCode, stdout, stderr } = await launch([path, ...TELLING], nobody);
	t.is(stderr, '');
	t.is(exitCode, 0);
	// Two lines of titles, and lo.
	t.regex(stdout, new RegExp(`^${basename(path)}\n 3 0000000000000000$`));
	t.is((await launch([path, ...TELLING])).exitCode, 0);
}

rootTest('a setuid program is run without its rights', (t) => checkCopy(t, privileged('setuid', 0o4755)));
rootTest('a setgid program is run without its rights', (t) => checkCopy(t, privileged('setgid', 0o2755)));

rootTest('a program with file capabilities is run without them', async (t) => {
	const path = privileged('capable', 0o755);
	const { exitCode } = await run('setcap', ['cap_net_raw+ep', path]);
	if (exitCode !== 0) {
		t.log('setcap does not work here');
		t.pass();
		return;
	}
	await checkCopy(t, path);
});

rootTest('ping as an ordinary user', async (t) => {
	const { exitCode, stdout, stderr } = await launch(['--net', 'slirp', 'ping', '-c1', '-W10', '10.0.2.2'], nobody);
	t.is(exitCode, 0, stdout + stderr);
	t.regex(stdout, /1 received/);
});

rootTest('a setuid program that cannot be read', async (t) => {
	const asNobody = await launch([privileged('unreadable', 0o4711)], nobody);
	t.is(asNobody.exitCode, 126);
	t.regex(asNobody.stderr, /unreadable: is setuid and cannot be read, .*: install -m 755 \/.*\/unreadable \/tmp\/unreadable$/);
});

rootTest('an interpreter with rights', async (t) => {
	const script = join(folder, 'with-rights');
	writeFileSync(script, `#!${privileged('interpreter', 0o4755)}\nprint(1)\n`, { mode: 0o755 });
	const asNobody = await launch([script], nobody);
	t.is(asNobody.exitCode, 126);
	t.regex(asNobody.stderr, /interpreter: is the interpreter of .*with-rights and is setuid, .*run it with a copy/);
});

test('the launcher works through a symbolic link', async (t) => {
	const link = join(folder, 'link');
	symlinkSync(LAUNCHER, link);
	const { stdout } = await run(link, ['echo', 'linked'], { cwd: '/' });
	t.is(stdout, 'linked');
});
