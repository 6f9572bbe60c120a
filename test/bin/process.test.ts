// SPDX-License-Identifier: GPL-2.0
// process.test.ts - The program gets the process as the caller of the launcher made it

import test from 'ava';

import { launch, LAUNCHER, run } from './launch.js';

const FLAGS = 'import fcntl, os; print([(fcntl.fcntl(f, fcntl.F_GETFL), fcntl.fcntl(f, fcntl.F_GETFD), os.isatty(f) and os.ttyname(f)) for f in range(3)])';

/** What a shell sees after `prepare`, directly and below the launcher. */
async function compare(prepare: string, program: string): Promise<[direct: string, launched: string]> {
	const [direct, launched] = await Promise.all([
		run('bash', ['-c', `${prepare}\nexec ${program}`]),
		run('bash', ['-c', `${prepare}\nexec "$0" ${program}`, LAUNCHER]),
	]);
	return [direct.stdout, launched.stdout];
}

const same = test.macro({
	async exec(t, prepare: string, program: string) {
		const [direct, launched] = await compare(prepare, program);
		t.is(launched, direct);
		t.not(direct, '');
	},
	title: (what = '') => `the program gets the same ${what}`,
});

test('ignored signals', same, 'trap "" HUP', 'grep -E "Sig(Ign|Blk)" /proc/self/status');
test('SIGPIPE, not ignored', same, '', 'grep SigIgn /proc/self/status');
test('SIGPIPE, ignored', same, 'trap "" PIPE', 'grep SigIgn /proc/self/status');
test('limit of open files', same, 'ulimit -Sn 500', 'sh -c "ulimit -Sn; ulimit -Hn"');
test('descriptors', same, 'exec 3</etc/passwd 7</etc/group', 'sh -c "readlink /proc/self/fd/3 /proc/self/fd/7"');
test('flags of standard descriptors', same, '', `python3 -c "${FLAGS}"`);
test('flags of a pipe', same, 'exec > >(cat)', `python3 -c "${FLAGS}"`);
test('umask and directory', same, 'umask 031; cd /usr', 'sh -c "umask; pwd -P"');

test('blocked signals', async (t) => {
	const block = 'import os, signal, sys; signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2]); os.execvp(sys.argv[1], sys.argv[1:])';
	const { stdout } = await run('python3', ['-c', block, LAUNCHER, 'grep', 'SigBlk', '/proc/self/status']);
	t.regex(stdout, /800$/);
});

test('a terminal stays as it is', async (t) => {
	const onTerminal = 'import pty, sys; pty.spawn(sys.argv[1:])';
	const [direct, launched] = await Promise.all([[], [LAUNCHER]].map((prefix) =>
		run('python3', ['-c', onTerminal, ...prefix, 'python3', '-c', FLAGS])));
	t.regex(String(direct?.stdout), /\/dev\/pts/);
	t.is(String(launched?.stdout).replaceAll(/pts\/\d+/g, 'pts'), String(direct?.stdout).replaceAll(/pts\/\d+/g, 'pts'));
});

test('the process stays the same', async (t) => {
	const { stdout } = await run('sh', ['-c', 'echo $$; exec "$0" sh -c \'echo $$\'', LAUNCHER]);
	const [before, after] = stdout.split('\n');
	t.is(after, before);
});

test('arguments need not be UTF-8', async (t) => {
	const { stdout } = await run('bash', ['-c', '"$0" printf %s $\'\\xff\\x80x\' | od -An -tx1', LAUNCHER]);
	t.is(stdout.trim(), 'ff 80 78');
});

test('the environment is the old one, with the settings and the library', async (t) => {
	const { stdout } = await launch(['--debug', '0', '/usr/bin/env'], {
		env: { OTHER: 'a b', LD_PRELOAD: '', LKL_HIJACK_SINGLE_CPU: '0x1', LKL_HIJACKED_BY: 'another' },
	});
	const lines = stdout.split('\n');

	t.true(lines.includes('OTHER=a b'));
	t.true(lines.includes('LKL_HIJACK_DEBUG=0x0'));
	t.true(lines.includes('LKL_HIJACK_SINGLE_CPU=1'));
	t.true(lines.some((line) => /^LD_PRELOAD=\/.*\/liblkl-hijack\.so$/.test(line)));
	t.false(stdout.includes('LKL_LAUNCHER'));
	t.false(stdout.includes('another'));
});

test('variables need not have names that sh knows', async (t) => {
	const { stdout } = await run('bash', ['-c', 'f() { echo a function; }; export -f f; exec env "A.b=c" "$0" bash -c \'env | grep A.b; f\'', LAUNCHER]);
	t.is(stdout, 'A.b=c\na function');
});
