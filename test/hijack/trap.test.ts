// SPDX-License-Identifier: GPL-2.0
// trap.test.ts - Programs that LD_PRELOAD does not work with: static ones, and those that make system calls themselves

import { existsSync } from 'node:fs';
import { copyFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { run, succeed } from '../helpers/command.js';
import { hashFile, makeContent } from '../helpers/files.js';
import { launched, slirp, SLIRP_HOST } from '../helpers/hijacked.js';
import { testProgram } from '../helpers/paths.js';
import { findProgram, missingPrograms, testUnless } from '../helpers/provided.js';
import { fileServer, PYTHON } from '../helpers/servers.js';
import { checkTap } from '../helpers/tap-program.js';

const NOT_EXECUTABLE = 126;
const GO_SOURCE = fileURLToPath(new URL('../../../../test/hijack/trapped.go', import.meta.url));

const otherMachine = process.arch === 'x64' ? undefined : 'system calls are trapped on x86-64 only';
const noBusybox = missingPrograms('busybox');
const noGo = missingPrograms('go');

for (const name of ['descriptors-static', 'readiness-static', 'rings-static', 'signals-static', 'streams-static', 'threads-static', 'threads-musl']) {
	const path = testProgram(`hijack/${name}`);
	testUnless([otherMachine, existsSync(path) ? undefined : 'not built'], `${name}, as the launcher finds it`, (t) => checkTap(t, launched({}, [path])));
}

for (const name of ['descriptors', 'rights', 'lost', 'readiness', 'rings', 'signals', 'streams', 'wide', 'names', 'folders', 'paths', 'threads']) {
	testUnless([otherMachine], `${name}, a dynamic program, in mode trap`, (t) =>
		checkTap(t, launched({ MODE: 'trap' }, [testProgram(`hijack/${name}`)])));
}

for (const name of ['spawns', 'spawns-static']) {
	testUnless([otherMachine], `${name}: programs are left sockets, and signals as they were`, (t) =>
		checkTap(t, launched({ MODE: 'trap' }, [testProgram(`hijack/${name}`), 'trapped'])));
}

for (const name of ['trapped', 'trapped-static']) {
	const path = testProgram(`hijack/${name}`);
	testUnless([otherMachine], `no call gets around LKL: ${name}`, (t) => checkTap(t, launched({ MODE: 'trap' }, [path, path])));
}

testUnless([otherMachine, noBusybox], 'static busybox: wget fetches from the host', async (t) => {
	const { folder, name, path, hash } = await makeContent(t, 1_000_000);
	const { port } = await fileServer(t, folder);

	await succeed(t, launched(slirp(), ['busybox', 'wget', '-q', '-O', path('copy'), `http://${SLIRP_HOST}:${port}/${name}`]));
	t.is(await hashFile(path('copy')), hash);
});

testUnless([otherMachine, noBusybox], 'what a static shell executes is started by the same rules', async (t) => {
	const { path } = await makeContent(t, 0);
	const busybox = findProgram('busybox') ?? '';
	const script = path('script');

	await writeFile(script, `#!${busybox} sh\nbusybox ip link show eth0; exit 3\n`, { mode: 0o755 });
	await copyFile('/bin/true', path('foreign'));
	const bytes = Buffer.from('\x7fELF\x01\x01\x01'.padEnd(64, '\0'), 'latin1');
	bytes.writeUInt16LE(2, 16);
	bytes.writeUInt16LE(3, 18);
	await writeFile(path('foreign'), bytes);

	t.regex(await succeed(t, launched(slirp(), ['busybox', 'sh', '-c', '/sbin/ip -br link show eth0'])), /^eth0 /);
	t.regex(await succeed(t, launched(slirp(), ['busybox', 'sh', '-c', 'env -i /sbin/ip -br link show lo'])), /^lo /);
	const { status, stdout } = await run(launched(slirp(), ['busybox', 'sh', '-c', script]));
	t.is(status, 3);
	t.regex(stdout, /eth0/);

	const refused = await run(launched(slirp(), ['busybox', 'sh', '-c', path('foreign')]));
	t.is(refused.status, NOT_EXECUTABLE);
	t.regex(refused.stderr, /^lkl-hijack: .*foreign: is for another architecture; not executed$/m);
});

testUnless([otherMachine, noBusybox], 'the host shows a trapped program with its own name and arguments', async (t) => {
	const { path } = await makeContent(t, 0);
	const [busybox, script] = [findProgram('busybox') ?? '', path('script')];

	t.is(await succeed(t, launched({}, ['busybox', 'cat', '/proc/self/cmdline', '/proc/self/comm'])),
		'busybox\0cat\0/proc/self/cmdline\0/proc/self/comm\0busybox');
	await writeFile(script, `#!${busybox} sh\ncat /proc/$$/cmdline /proc/$$/comm\n`, { mode: 0o755 });
	t.is(await succeed(t, launched({}, [script, 'two words'])), `${busybox}\0sh\0${script}\0two words\0busybox`);
});

/** Its number on x86-64. */
const SYS_EXECVE = 59;

const EXECUTORS = {
	'a shell': ['sh', '-c', 'exec busybox ip link show eth0'],
	'env, by execvp()': ['/usr/bin/env', 'busybox', 'ip', 'link', 'show', 'eth0'],
	'Python, by posix_spawnp()': [PYTHON, '-c', 'import os; os.waitpid(os.posix_spawnp("busybox", "busybox ip link show eth0".split(), os.environ), 0)'],
	'Python, by fexecve()': [PYTHON, '-c', 'import os, shutil; os.execve(os.open(shutil.which("busybox"), os.O_RDONLY), "busybox ip link show eth0".split(), os.environ)'],
	'Python, by syscall()': [PYTHON, '-c', `import ctypes, os, shutil
words = [b"busybox", b"ip", b"link", b"show", b"eth0", None]
environment = [b"=".join(pair) for pair in os.environb.items()] + [None]
array = lambda texts: (ctypes.c_char_p * len(texts))(*texts)
ctypes.CDLL(None).syscall(ctypes.c_long(${SYS_EXECVE}), shutil.which("busybox").encode(), array(words), array(environment))`],
	'Python, by fork and execve()': [PYTHON, '-c', 'import subprocess; subprocess.run("busybox ip link show eth0".split(), check=True)'],
} as const;

for (const [who, command] of Object.entries(EXECUTORS)) {
	testUnless([otherMachine, noBusybox], `a static program is trapped that is executed by ${who}`, async (t) => {
		t.regex(await succeed(t, launched(slirp(), command)), /eth0: .*qdisc/);
		t.is((await run(launched({}, command))).stdout, '', 'the host has an eth0, LKL has none');
	});
}

testUnless([otherMachine, noBusybox], 'a static program asks the name server that was set', async (t) => {
	const show = launched({ ...slirp(), NAMESERVER: '10.0.2.9,fd00::9' }, ['busybox', 'cat', '/etc/resolv.conf']);
	const text = await succeed(t, ['env', 'RES_OPTIONS=use-vc attempts:3', ...show]);

	t.deepEqual(text.split('\n').filter((line) => line.startsWith('nameserver')), ['nameserver 10.0.2.9', 'nameserver fd00::9']);
	t.regex(text, /^options .*attempts:3 use-vc$/m);
});

testUnless([otherMachine, noGo], 'a static Go program: server and clients, goroutines, children', async (t) => {
	const { path } = await makeContent(t, 0);
	const program = path('program');
	const build = ['env', 'CGO_ENABLED=0', 'GO111MODULE=off', `GOCACHE=${path('cache')}`, 'go', 'build', '-o', program, GO_SOURCE];

	await succeed(t, build, { limit: 100_000 });
	const lines = (await succeed(t, launched(slirp(), [program]))).split('\n');
	t.deepEqual(lines, [
		'responses: 250 of 100000 bytes', 'child: from a child', 'missing: no such file or directory', 'recovered', 'signal: user defined signal 1',
		`executable: ${program}`, 'interfaces: lo eth0',
	]);
});

testUnless([otherMachine], 'mode preload refuses a static program', async (t) => {
	const { status, stdout, stderr } = await run(launched({ MODE: 'preload' }, [testProgram('hijack/threads-static')]));

	t.is(status, NOT_EXECUTABLE);
	t.is(stdout, '');
	t.regex(stderr, /^lkl-hijack: .*threads-static: is linked statically, so a preloaded library has no effect; use --mode trap/);
});
