// SPDX-License-Identifier: GPL-2.0
// passed.test.ts - LKL sockets that real programs send from process to process, and where they do not arrive

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import test, { type ExecutionContext } from 'ava';

import { type Command, run, succeed } from '../helpers/command.js';
import { hijacked, launched } from '../helpers/hijacked.js';
import { missingPrograms, testUnless } from '../helpers/provided.js';
import { PYTHON } from '../helpers/servers.js';
import { makeFolder } from '../helpers/user.js';

const noNode = missingPrograms('node');

/** A file in a folder that goes with the test. */
async function fileWith(t: ExecutionContext, name: string, text: string): Promise<string> {
	const file = join(await makeFolder(t), name);

	await writeFile(file, text);
	return file;
}

const python = (code: string): Command => [PYTHON, '-E', '-c', code];

/** A child that receives a descriptor and prints what it reads from it: a name, and the end. */
const RECEIVER = `
import os, signal, socket
a, b = socket.socketpair()
r, w = os.pipe()
s = socket.create_server(("127.0.0.1", 0))
def receive():
    fd = socket.recv_fds(b, 1, 1)[1][0]
    print(os.read(fd, 99).rstrip(b"0123456789abcdef"), os.read(fd, 99), flush=True)
    os._exit(0)
def send():
    socket.send_fds(a, [b"x"], [s.fileno()])
`;

for (const [title, settings, before] of [
	['without a kernel', { ON_FORK: 'closed' }, ''],
	['with a kernel of its own', { ON_FORK: 'fresh' }, 'socket.create_server(("127.0.0.1", 0))'],
] as const) {
	test(`who receives a socket ${title} reads what it was, and its end`, async (t) => {
		t.is(await succeed(t, hijacked(settings, python(`${RECEIVER}
pid = os.fork()
if not pid:
    ${before}
    receive()
send()
assert os.waitpid(pid, 0)[1] == 0
`))), 'b\'lkl-right:\' b\'\'');
	});
}

test('who receives a socket when its kernel has ended reads the same', async (t) => {
	const { stdout } = await run(hijacked({}, python(`${RECEIVER}
if not os.fork():
    os.close(w)
    os.read(r, 1)
    receive()
send()
os.kill(os.getpid(), signal.SIGKILL)
`)));
	t.is(stdout, 'b\'lkl-right:\' b\'\'');
});

/** Accepts connections in one process and has them answered by another. */
const MULTIPROCESSING = `
import multiprocessing, socket, sys
from multiprocessing import reduction
def answer(c): c.sendall(c.recv(100).upper()); c.close()
def by_argument(c): answer(c)
def by_pipe(p): answer(p.recv())
def by_handle(p): answer(socket.socket(fileno=reduction.recv_handle(p)))
def listens(l): answer(l.accept()[0])
def ask(l): c = socket.create_connection(l.getsockname()); c.sendall(b"word"); return c
def end(c, p): print(c.recv(100).decode(), c.recv(1) == b"", end=" ", flush=True); p.join(); assert p.exitcode == 0
if __name__ == "__main__":
    m = multiprocessing.get_context(sys.argv[1])
    l = socket.create_server(("127.0.0.1", 0))
    for body in by_argument, by_pipe, by_handle:
        here, there = m.Pipe()
        c, s = ask(l), l.accept()[0]
        p = m.Process(target=body, args=[s if body == by_argument else there])
        p.start()
        if body == by_pipe: here.send(s)
        if body == by_handle: reduction.send_handle(here, s.fileno(), p.pid)
        s.close()
        end(c, p)
    p = m.Process(target=listens, args=[l])
    p.start()
    end(ask(l), p)
`;

for (const way of ['fork', 'forkserver', 'spawn']) {
	test(`python3: multiprocessing hands on sockets, ${way}`, async (t) => {
		// spawn runs the program again by its name.
		const file = await fileWith(t, 'main.py', MULTIPROCESSING);
		t.is(await succeed(t, launched({}, [PYTHON, '-E', file, way])), 'WORD True WORD True WORD True WORD True ');
	});
}

/** A server of two processes, and a client in the first one that asks it a hundred times. */
const CLUSTER = `
const cluster = require('node:cluster'), http = require('node:http');
if (cluster.isPrimary) {
	const asked = (left, seen) => http.get({ port, agent: false }, (r) => {
		r.on('data', (d) => seen.add(String(d))).on('end', () => left ? asked(left - 1, seen) : done(seen));
	});
	let port, ready = 0;
	const done = (seen) => { console.log(seen.size); for (const w of Object.values(cluster.workers)) w.kill(); };
	cluster.on('listening', (w, at) => { port = at.port; if (++ready === 2) asked(100, new Set()); });
	cluster.fork(); cluster.fork();
} else {
	http.createServer((q, r) => r.end(String(process.pid))).listen(0, '127.0.0.1');
}
`;

for (const [policy, workers] of [['rr', /^2$/], ['none', /^[12]$/]] as const) {
	testUnless([noNode], `node: cluster, NODE_CLUSTER_SCHED_POLICY=${policy}`, async (t) => {
		const file = await fileWith(t, 'main.cjs', CLUSTER);
		t.regex(await succeed(t, ['env', `NODE_CLUSTER_SCHED_POLICY=${policy}`, ...launched({}, ['node', file])], { limit: 60_000 }), workers);
	});
}
