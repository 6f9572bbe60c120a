// SPDX-License-Identifier: GPL-2.0
// moves.test.ts - Servers that execute another program in their place, which is to have their sockets

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { start, until } from '../helpers/background.js';
import { type Command, run } from '../helpers/command.js';
import { executes, python } from '../helpers/executes.js';
import { launched, TAP } from '../helpers/hijacked.js';
import { GUEST, makeNetns, type Netns, netnsProblem } from '../helpers/netns.js';
import { missingPrograms, testUnless } from '../helpers/provided.js';

const problem = await netnsProblem();

/** Waits until nobody has the tap any more. */
const released = (net: Netns): Promise<void> => until('nobody on tap0', async () =>
	!(await run(net.within(['ip', 'link', 'show', 'tap0']))).stdout.includes('LOWER_UP'));

/** What a server on the tap answers, when it listens. */
async function answer(net: Netns, text: string, port = 80): Promise<string> {
	let answered = '';

	await until(`an answer of port ${port}`, async () => {
		answered = (await run(net.within(['nc.openbsd', '-N', '-w', '15', GUEST.ip, String(port)]), { input: text })).stdout;
		return answered !== '';
	});
	return answered;
}

const UPPER = 'import os, socket; s = socket.socket(fileno=3); assert os.environ["LISTEN_PID"] == str(os.getpid()); a = s.accept()[0]; a.sendall(a.recv(100).upper())';

/** Servers that execute what serves, and what it makes of "hello". */
const SERVERS: readonly (readonly [command: Command, text: string, status: number])[] = [
	[['nc.traditional', '-l', '-p', '80', '-e', '/bin/cat'], 'hello', 0],
	[['nc.traditional', '-l', '-p', '80', '-c', 'read line; echo $line, $line; exit 7'], 'hello, hello', 7],
	[['busybox', 'nc', '-l', '-p', '80', '-e', '/bin/cat'], 'hello', 0],
	[['systemd-socket-activate', '-l', '80', ...python(UPPER)], 'HELLO', 0],
];

for (const mode of ['auto', 'trap']) {
	for (const [command, text, status] of SERVERS) {
		testUnless([problem, missingPrograms(command[0] ?? '', 'nc.openbsd')], `${mode}: ${command.slice(0, 7).join(' ')}`, async (t) => {
			const net = await makeNetns(t);
			const server = start(t, net.within(launched({ ...TAP, MODE: mode }, command)));

			t.is((await answer(net, 'hello\n')).trim(), text, server.output());
			t.is(await server.status(), status, server.output());
			await released(net);
		});
	}
}

const HAPROXY = `
global
	log stderr local0
defaults
	mode http
	timeout connect 5s
	timeout client 5s
	timeout server 5s
listen www
	bind :80
	http-request return status 200 content-type text/plain string "of haproxy"
`;

/** In looks of until(). */
const SIGNAL_EVERY = 300;

testUnless([problem, missingPrograms('haproxy', 'nc.openbsd')], 'haproxy -W executes itself anew', async (t) => {
	const net = await makeNetns(t);
	const folder = await mkdtemp(join(tmpdir(), 'lkl-test-'));
	t.teardown(() => rm(folder, { recursive: true, force: true }));
	await writeFile(join(folder, 'cfg'), HAPROXY);
	const server = start(t, net.within(launched(TAP, ['haproxy', '-W', '-f', join(folder, 'cfg')])));
	const ask = (): Promise<string> => answer(net, 'GET / HTTP/1.0\r\n\r\n');

	t.regex(await ask(), /of haproxy/);
	for (let reload = 1; reload <= 2; reload++) {
		let looks = 0;
		// Before it says so the master is not ready, and may miss a signal; on the host as well.
		await until('haproxy has reloaded', () => {
			if (looks++ % SIGNAL_EVERY === 0) {
				process.kill(server.pid, 'SIGUSR2');
			}
			return server.output().split('Former worker').length > reload;
		});
		t.regex(await ask(), /of haproxy/);
	}
	process.kill(server.pid, 'SIGTERM');
	t.is(await server.status(), 0, server.output());
	await released(net);
});

testUnless([problem], 'a program that is killed, and its keeper with it', async (t) => {
	const net = await makeNetns(t);
	const server = start(t, net.within(launched(TAP, executes('talk(b"up"); s.accept()'))));

	await until('the program', () => server.output().includes('up'));
	await server.stop('SIGKILL');
	await t.notThrowsAsync(released(net));
});

testUnless([problem], 'signals of the terminal are for the program', async (t) => {
	const net = await makeNetns(t);
	const server = start(t, net.within(launched(TAP, executes(`
signal.signal(signal.SIGINT, lambda *x: talk(b"interrupted") or sys.exit(3))
os.write(1, b"up ")
while True: signal.pause()`))), { group: true });

	await until('the program', () => server.output().includes('up'));
	process.kill(-server.pid, 'SIGINT');
	t.is(await server.status(), 3, server.output());
	t.is(server.output(), 'up interrupted\n');
	await released(net);
});

/** What is sent at the end arrives: the program itself is gone by then. */
testUnless([problem, missingPrograms('nc.traditional')], 'the last words of the program', async (t) => {
	const net = await makeNetns(t);
	const size = 300_000;
	const server = start(t, net.within(launched(TAP, ['nc.traditional', '-l', '-p', '80', '-c', `head -c ${size} /dev/zero`])));
	const text = await answer(net, '');

	t.is(text.length, size);
	t.is(await server.status(), 0);
	await released(net);
});
