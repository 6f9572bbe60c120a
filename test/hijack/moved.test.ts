// SPDX-License-Identifier: GPL-2.0
// moved.test.ts - What is as it was when a program executes another one in its place, and the kernel stays

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import test from 'ava';

import { until } from '../helpers/background.js';
import { run, succeed } from '../helpers/command.js';
import { executes, python } from '../helpers/executes.js';
import { launched, type Settings, slirp, SLIRP_HOST } from '../helpers/hijacked.js';
import { fileServer, PYTHON } from '../helpers/servers.js';

for (const settings of [{}, { MODE: 'trap' }] as readonly Settings[]) {
	const of = (name: string): string => `${settings['MODE'] ?? 'auto'}: ${name}`;

	test(of('process id, parent, exit status, and socket are those of the program before'), async (t) => {
		const show = 'print(os.getpid(), os.getppid(), flush=True)';
		const { status, stdout, report } = await run(launched(settings, executes(`${show}\ntalk(b"over tcp")\nsys.exit(7)`, show)));
		const [before, after, ...rest] = stdout.split('\n');
		t.is(status, 7, report);
		t.is(after, before);
		t.deepEqual(rest, ['over tcp']);
	});

	test(of('what is executed has no child that it does not know of'), async (t) => {
		t.is(await succeed(t, launched(settings, executes(`
try: os.wait()
except ChildProcessError: print("none")`))), 'none');
	});

	test(of('the mask of signals is the same, and one that was sent meanwhile is pending'), async (t) => {
		const masks = 'print(sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])), flush=True)';
		t.is(await succeed(t, launched(settings, executes(`${masks}\nprint(signal.sigpending(), flush=True)`, `
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGHUP, signal.SIGUSR1])
os.kill(os.getpid(), signal.SIGHUP)
${masks}`))), `${'[<Signals.SIGHUP: 1>, <Signals.SIGUSR1: 10>]\n'.repeat(2)}{<Signals.SIGHUP: 1>}`);
	});

	test(of('what cannot be executed: nothing is lost, not even for other threads'), async (t) => {
		t.is(await succeed(t, launched(settings, python(`
import errno, os, socket, threading, time
s = socket.create_server(("127.0.0.1", 8000))
s.set_inheritable(True)
def serve():
    while True: s.accept()[0].sendall(b"thread")
for n in range(3): threading.Thread(target=serve, daemon=True).start()
time.sleep(0.2)
for path, args in [("/none", ["x"]), ("/etc/passwd", ["x"]), ("/bin/sh", ["sh", "x" * 200000])] * 3:
    try: os.execv(path, args)
    except OSError as e: print(errno.errorcode[e.errno], end=" ")
    with socket.create_connection(("127.0.0.1", 8000)) as c: print(c.recv(100).decode(), end=" ")
try: os.wait()
except ChildProcessError: print("no child")
`))), `${'ENOENT thread EACCES thread E2BIG thread '.repeat(3)}no child`);
	});

	test(of('threads that are in calls of the kernel'), async (t) => {
		t.is(await succeed(t, launched(settings, executes('for n in range(3): talk(b"accepted")', `
other = socket.create_server(("127.0.0.1", 8001))
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("127.0.0.1", 8000))
def busy():
    d = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    while True: d.sendto(bytes(1000), ("127.0.0.1", 8000))
def receive():
    while True: udp.recv(2000)
for body in [other.accept, busy, receive, busy, receive, lambda: time.sleep(100)]: threading.Thread(target=body, daemon=True).start()
time.sleep(0.2)`))), 'accepted\naccepted\naccepted');
	});

	test(of('children that use the kernel keep it'), async (t) => {
		const output = await succeed(t, launched(settings, python(`
import os, socket, sys, time
s = socket.create_server(("127.0.0.1", 8000))
r, w = os.pipe()
os.set_inheritable(w, True)
pid = os.fork()
if not pid:
    os.close(w)
    os.read(r, 1)
    c = socket.create_connection(("127.0.0.1", 8000))
    s.accept()[0].sendall(b"of the child")
    print(c.recv(100).decode(), flush=True)
    os.execlp("ip", "ip", "-brief", "link", "show", "lo")
s.close()
os.execv("${PYTHON}", ["${PYTHON}", "-E", "-c", f"import os, sys; os.close({w}); print(os.waitpid({pid}, 0)[1])"])
`)));
		t.regex(output, /^of the child\nlo .*\n0$/);
	});

	test(of('again and again'), async (t) => {
		t.is(await succeed(t, launched(settings, executes(`
s.set_inheritable(True)
n = int(sys.argv[1]) if len(sys.argv) > 1 else 0
talk(str(n).encode())
if n < 5: os.execv(sys.executable, [*sys.orig_argv[:4], str(n + 1)])`))), '0\n1\n2\n3\n4\n5');
	});

	test(of('a wrapper that leaves no socket: the program boots its own kernel'), async (t) => {
		t.is(await succeed(t, launched(settings, python(`
import os, socket
s = socket.create_server(("127.0.0.1", 8000))
open("/proc/sys/net/ipv4/tcp_sack", "w").write("0")
os.execlp("cat", "cat", "/proc/sys/net/ipv4/tcp_sack")
`))), '1');
	});
}

const transfer = (port: number): string => `import urllib.request; print(urllib.request.urlopen("http://${SLIRP_HOST}:${port}/", timeout=15).status, flush=True)`;

test('slirp, and a capture', async (t) => {
	const { port } = await fileServer(t, '/usr/share');
	const folder = await mkdtemp(join(tmpdir(), 'lkl-test-'));
	const file = join(folder, 'pcapng');
	t.teardown(() => rm(folder, { recursive: true, force: true }));

	const output = await succeed(t, launched({ ...slirp(), PCAP: file }, executes(transfer(port), transfer(port))));
	t.is(output, '200\n200');
	let requests = 0;
	await until('both requests in the file', async () => {
		requests = (await readFile(file, 'latin1')).split('GET / HTTP/1.1').length - 1;
		return requests >= 2;
	});
	t.is(requests, 2);
});

test('DUMP: what is printed at the end is what the program leaves', async (t) => {
	const settings = { DUMP: '/proc/sys/net/ipv4/tcp_sack', MOUNT: 'proc' };
	const { stderr, report } = await run(launched(settings, executes('open("/proc/sys/net/ipv4/tcp_sack", "w").write("0")')));

	t.regex(stderr, /^0$/m, report);
});
