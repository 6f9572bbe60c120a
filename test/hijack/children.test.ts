// SPDX-License-Identifier: GPL-2.0
// children.test.ts - Children of a program that do not use its kernel

import test, { type ExecutionContext } from 'ava';

import { type Command, run, succeed } from '../helpers/command.js';
import { hijacked, type Settings, slirp, SLIRP_HOST, TAP } from '../helpers/hijacked.js';
import { makeNetns, netnsProblem } from '../helpers/netns.js';
import { testProgram } from '../helpers/paths.js';
import { testUnless } from '../helpers/provided.js';
import { fileServer, PYTHON } from '../helpers/servers.js';
import { checkTap } from '../helpers/tap-program.js';

const problem = await netnsProblem();

const FRESH = { ON_FORK: 'fresh' };
/** -E: a line is one write(), whatever PYTHONUNBUFFERED says. */
const python = (code: string): Command => [PYTHON, '-E', '-c', code];

/** Its words, of both processes, in any order. */
async function wordsOf(t: ExecutionContext, settings: Settings, code: string): Promise<string[]> {
	return (await succeed(t, hijacked(settings, python(code)))).split('\n').sort();
}

/** A server and its client, on loopback; the port is free in each kernel. */
const TALK = `
import os, socket, threading
def talk(name):
    with socket.create_server(("127.0.0.1", 8000)) as s:
        threading.Thread(target=lambda: s.accept()[0].sendall(name.encode())).start()
        with socket.create_connection(("127.0.0.1", 8000)) as c:
            print(c.recv(100).decode(), flush=True)
`;

test('os.fork(): each side on its own loopback', async (t) => {
	t.deepEqual(await wordsOf(t, FRESH, `${TALK}
keep = socket.create_server(("127.0.0.1", 8001))
pid = os.fork()
talk("parent" if pid else "child")
if pid:
    assert os.waitpid(pid, 0)[1] == 0
`), ['child', 'parent']);
});

test('multiprocessing: servers that are forked before, all at the same port', async (t) => {
	t.deepEqual(await wordsOf(t, FRESH, `${TALK}
import multiprocessing
def serve(n, barrier):
    with socket.create_server(("127.0.0.1", 8000)) as s:
        barrier.wait()
        threading.Thread(target=lambda: s.accept()[0].sendall(str(n).encode())).start()
        print(socket.create_connection(("127.0.0.1", 8000)).recv(100).decode(), flush=True)
context = multiprocessing.get_context("fork")
barrier = context.Barrier(4)
socket.create_server(("127.0.0.1", 8000))
workers = [context.Process(target=serve, args=(n, barrier)) for n in range(4)]
for w in workers: w.start()
for w in workers:
    w.join()
    assert w.exitcode == 0
`), ['0', '1', '2', '3']);
});

test('each side sees its own files in /proc/net, and its interfaces by any socket', async (t) => {
	t.deepEqual(await wordsOf(t, FRESH, `
import fcntl, os, socket
def show():
    with socket.socket(socket.AF_UNIX) as u:
        print(fcntl.ioctl(u, 0x8933, b"lo".ljust(40, b"\\0"))[16], open("/proc/net/dev").read().count("lo:"), flush=True)
show()
pid = os.fork()
show()
if pid:
    assert os.waitpid(pid, 0)[1] == 0
`), ['1 1', '1 1', '1 1']);
});

for (const settings of [{ ON_FORK: 'closed' }, { ON_FORK: 'fresh' }, { NO_FOLLOW_EXEC: 1 }]) {
	test(`${JSON.stringify(settings)}: what a child of vfork() does with descriptors is its own`, (t) =>
		checkTap(t, hijacked(settings, [testProgram('hijack/borrowed')])));
}

test('ON_FORK=closed: a child has no network', async (t) => {
	t.deepEqual(await wordsOf(t, { ON_FORK: 'closed' }, `
import errno, os, socket
s = socket.socket()
pid = os.fork()
if pid:
    assert os.waitpid(pid, 0)[1] == 0
else:
    for call in (lambda: s.listen(), lambda: socket.socket()):
        try: call()
        except OSError as e: print(errno.errorcode[e.errno], flush=True)
`), ['EBADF', 'ENETDOWN']);
});

test('both sides reach the host over slirp', async (t) => {
	const { port } = await fileServer(t, '/usr/share');
	t.deepEqual(await wordsOf(t, { ...slirp(), ...FRESH }, `
import os, urllib.request
def get(): print(urllib.request.urlopen("http://${SLIRP_HOST}:${port}/", timeout=15).status, flush=True)
get()
pid = os.fork()
get()
if pid:
    assert os.waitpid(pid, 0)[1] == 0
`), ['200', '200', '200']);
});

testUnless([problem], 'a tap that the parent uses is an error in the child, which goes on without network', async (t) => {
	const net = await makeNetns(t);
	const { status, stdout, stderr, report } = await run(net.within(hijacked({ ...TAP, ...FRESH }, python(`
import errno, os, socket
pid = os.fork()
if pid:
    assert os.waitpid(pid, 0)[1] == 0
    print(socket.create_server(("", 80)).getsockname()[1])
else:
    for attempt in range(2):
        try: socket.socket()
        except OSError as e: print(errno.errorcode[e.errno], flush=True)
`))));
	t.is(status, 0, report);
	t.deepEqual(stdout.split('\n'), ['ENETDOWN', 'ENETDOWN', '80']);
	t.regex(stderr, /^lkl-hijack: .*\btap0: .*in use.*$/);
});
