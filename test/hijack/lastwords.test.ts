// SPDX-License-Identifier: GPL-2.0
// lastwords.test.ts - What a program has written before it ends arrives, if the peer takes it in time

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ExecutionContext } from 'ava';

import { start, until } from '../helpers/background.js';
import { type Command, run, succeed } from '../helpers/command.js';
import { hijacked, type Settings, slirp, SLIRP_HOST, TAP } from '../helpers/hijacked.js';
import { GUEST, HOST, makeNetns, type Netns, netnsProblem } from '../helpers/netns.js';
import { testProgram } from '../helpers/paths.js';
import { missingPrograms, testUnless } from '../helpers/provided.js';
import { byteCounter, freePort, PYTHON, serve } from '../helpers/servers.js';
import { makeFolder } from '../helpers/user.js';

const BYTES = 3_000_000;

/** More than the peer has room for, less than the program's kernel has. */
const SOME = 30_000;
const WAYS = ['exit', '_exit', 'quick', 'close', 'thread', 'last thread', 'handler', 'handler in a call', 'reader', 'threads, a child', 'sent'];

/** The end takes its time, and threads are not to notice it. */
const SLOW_WAYS = ['exit', 'threads', 'threads, two end', 'library'];

/** Where the program is, and how it reaches the host. */
interface Way {
	readonly settings: Settings;
	readonly address: string;
	readonly net?: Netns;
}

const overTap = async (t: ExecutionContext): Promise<Way> => ({ settings: TAP, address: HOST.ip, net: await makeNetns(t) });
const overSlirp = (): Promise<Way> => Promise.resolve({ settings: slirp(), address: SLIRP_HOST });

const within = ({ net }: Way, command: Command): Command => (net ? net.within(command) : command);

function words(way: Way, port: number, end: string, more: Settings = {}, bytes = BYTES, before: Command = []): Command {
	return within(way, hijacked({ ...way.settings, ...more }, [...before, testProgram('hijack/lastwords'), way.address, String(port), String(bytes), end]));
}

/** Reads slowly, tells how many bytes came, less than 0 if no end did: the program gave up. */
const SLOWLY = `
def read_slowly(c):
    n = 0
    try:
        while b := c.recv(65536):
            n += len(b)
            time.sleep(0.001)
    except OSError:
        n = -n
    print(n)`;

/** Such a server; it begins after some seconds. */
function slowCounter(t: ExecutionContext, { net }: Way, seconds: number): ReturnType<typeof serve> {
	return serve(t, (port) => [PYTHON, '-c', `
import socket, time
${SLOWLY}
with socket.socket() as s:
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("", ${port}))
    s.listen()
    c, peer = s.accept()
    time.sleep(${seconds})
    c.settimeout(3)
    read_slowly(c)`], net);
}

async function arrives(t: ExecutionContext, way: Way, end: string): Promise<void> {
	const counter = await byteCounter(t, way.net);

	await succeed(t, words(way, counter.port, end));
	t.is(await counter.bytes(), BYTES);
}

async function arrivesSlowly(t: ExecutionContext, way: Way, end: string, before?: Command): Promise<void> {
	const counter = await slowCounter(t, way, 1);

	await succeed(t, words(way, counter.port, end, { LINGER: 15_000 }, BYTES, before));
	await counter.status();
	t.is(Number(counter.output()), BYTES);
}

/** The peer does not read: how long the end takes. */
async function endsIn(t: ExecutionContext, way: Way, linger: number): Promise<number> {
	const counter = await slowCounter(t, way, 8);
	const since = performance.now();

	await succeed(t, words(way, counter.port, 'exit', { LINGER: linger }, SOME));
	const took = performance.now() - since;
	await counter.status();
	t.true(Number(counter.output()) < SOME);
	return took;
}

async function datagramArrives(t: ExecutionContext, way: Way): Promise<void> {
	const port = way.net ? 5001 : await freePort();
	const receiver = start(t, within(way, [PYTHON, '-c', `
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", ${port}))
s.settimeout(15)
print("ready", flush=True)
print(len(s.recv(65536)))`]));

	await until('a receiver', () => receiver.output().includes('ready'));
	await succeed(t, words(way, port, 'datagram', {}, 1000));
	await receiver.status();
	t.regex(receiver.output(), /^1000$/m);
}

const problem = await netnsProblem();

for (const [name, make, problems] of [['a tap', overTap, [problem]], ['slirp', overSlirp, []]] as const) {
	for (const end of WAYS) {
		testUnless(problems, `${end} over ${name}`, async (t) => arrives(t, await make(t), end));
	}
	for (const end of SLOW_WAYS) {
		testUnless(problems, `${end} with a reader that is slow over ${name}`, async (t) => arrivesSlowly(t, await make(t), end));
	}
	testUnless(problems, `a child of a program without sockets, with a reader that is slow over ${name}`, async (t) =>
		arrivesSlowly(t, await make(t), 'exit', ['sh', '-c', '"$@"; :', 'sh']));
	testUnless(problems, `a datagram over ${name}`, async (t) => datagramArrives(t, await make(t)));
}

testUnless([problem], 'a peer that does not read is given up', async (t) => {
	const way = await overTap(t);
	const took = await endsIn(t, way, 4000);
	t.true(took >= 4000 && took < 9000, String(took));
	t.true(await endsIn(t, way, 0) + 1000 < took);
});

testUnless([problem, missingPrograms('nc')], 'the answer of nc -N to a client that is slow', async (t) => {
	const net = await makeNetns(t);
	const file = join(await makeFolder(t), 'answer');
	await writeFile(file, Buffer.alloc(BYTES, 'a'));
	const server = start(t, net.within(['sh', '-c', `exec "$@" < ${file}`, 'sh', ...hijacked({ ...TAP, LINGER: 15_000 }, ['nc', '-N', '-l', '7000'])]));

	await net.attached();
	const client = await run(net.within([PYTHON, '-c', `
import socket, time
${SLOWLY}
for attempt in range(200):
    try:
        c = socket.create_connection(("${GUEST.ip}", 7000))
        break
    except OSError:
        time.sleep(0.05)
time.sleep(1)
read_slowly(c)`]));
	t.is(Number(client.stdout), BYTES, client.report);
	t.is(await server.status(), 0);
});
