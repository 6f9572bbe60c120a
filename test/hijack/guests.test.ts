// SPDX-License-Identifier: GPL-2.0
// guests.test.ts - Children of fork that use their parent's kernel: the programs in guests/, and some more

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import test from 'ava';

import { type Command, succeed } from '../helpers/command.js';
import { hijacked, launched, slirp, SLIRP_HOST } from '../helpers/hijacked.js';
import { sourceFolder, testProgram } from '../helpers/paths.js';
import { missingPrograms, testUnless } from '../helpers/provided.js';
import { fileServer, PYTHON } from '../helpers/servers.js';
import { checkTap } from '../helpers/tap-program.js';
import { rootProblem } from '../helpers/user.js';

const LIMIT = { limit: 60_000 };

const FOLDER = sourceFolder('test/hijack/guests');

const titleOf = (file: string): string => /^# \S+ - (.*)$/m.exec(readFileSync(path.join(FOLDER, file), 'utf8'))?.[1] ?? file;

const python = (code: string): Command => [PYTHON, '-B', '-c', `import sys\nsys.path.insert(0, "${FOLDER}")\nfrom common import *\n${code}`];

for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.py') && name !== 'common.py')) {
	test(titleOf(file), async (t) => {
		await succeed(t, hijacked({}, [PYTHON, '-B', path.join(FOLDER, file)]), LIMIT);
	});
	test(`trapped: ${titleOf(file)}`, async (t) => {
		await succeed(t, launched({ MODE: 'trap' }, [PYTHON, '-B', path.join(FOLDER, file)]), LIMIT);
	});
}

test('the child reaches the host over its parent\'s slirp', async (t) => {
	const { port } = await fileServer(t, '/usr/share');
	t.deepEqual(await succeed(t, hijacked(slirp(), python(`
import urllib.request
def get(): os.write(1, b"%d\\n" % urllib.request.urlopen("http://${SLIRP_HOST}:${port}/", timeout=15).status)
for pid in [child(get) for n in range(3)]: wait(pid)
`))), '200\n200\n200');
});

test('a program that a child executes has the sockets that it is left: stdin and stdout', async (t) => {
	t.is(await succeed(t, launched({}, python(`
c, s = pair()
def body():
    os.dup2(s.fileno(), 0)
    os.dup2(s.fileno(), 1)
    os.execvp("sh", ["sh", "-c", "read line; echo got $line; read line; echo and $line"])
pid = child(body)
s.close()
c.sendall(b"one\\n")
print(c.recv(100).decode(), end="")
c.sendall(b"two\\n")
print(receive_all(c).decode(), end="", flush=True)
wait(pid)
`))), 'got one\nand two');
});

test('and as streams of wide characters: rev', async (t) => {
	t.is(await succeed(t, launched({}, python(`
c, s = pair()
def body():
    os.dup2(s.fileno(), 0)
    os.dup2(s.fileno(), 1)
    os.execvpe("rev", ["rev"], {**os.environ, "LC_ALL": "C.UTF-8"})
pid = child(body)
s.close()
c.sendall("gr\\u00fcn \\u20ac\\n".encode())
c.shutdown(socket.SHUT_WR)
print(receive_all(c).decode() == "\\u20ac n\\u00fcrg\\n", flush=True)
wait(pid)
`))), 'True');
});

test('packet rings that a child maps', async (t) => {
	await checkTap(t, launched(slirp(), ['sh', '-c', `${testProgram('hijack/rings')}; :`]), LIMIT);
});

testUnless([missingPrograms('tshark', 'dumpcap')], 'tshark, whose dumpcap is a child', async (t) => {
	const output = await succeed(t, launched(slirp(), ['sh', '-c', `
ping -c 50 -i 0.1 127.0.0.1 >/dev/null &
tshark -i lo -c 4 -n 2>/dev/null
kill $!
wait`]), LIMIT);
	t.is(output.match(/127\.0\.0\.1 → 127\.0\.0\.1 +ICMP .*Echo \(ping\) re/g)?.length, 4, output);
});

test('bash: /dev/tcp, read by a program', async (t) => {
	t.is(await succeed(t, launched({}, python(`
l = server()
def body():
    os.execvp("bash", ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/%d; cat <&3" % l.getsockname()[1]])
os.set_inheritable(l.fileno(), True)
pid = child(body)
l.accept()[0].sendall(b"over tcp\\n")
wait(pid)
`))), 'over tcp');
});

testUnless([rootProblem], 'a program that changes its user and then becomes a daemon', async (t) => {
	t.is(await succeed(t, launched({}, python(`
c, s = pair()
os.setgid(65534)
os.setuid(65534)
def grandchild(): s.sendall(s.recv(4)[::-1])
def body(): wait(child(grandchild))
pid = child(body)
c.sendall(b"abcd")
print(c.recv(4).decode(), flush=True)
wait(pid)
`))), 'dcba');
});

testUnless([rootProblem], 'a program that has put its rights aside, and a child that has given them up', async (t) => {
	t.is(await succeed(t, launched({}, python(`
c, s = pair()
os.seteuid(1)
def body():
    os.seteuid(0)
    os.setuid(2)
    r, w = os.pipe()
    p = reading(select.poll(), s, r)
    p.poll()
    s.sendall(s.recv(4)[::-1])
pid = child(body)
c.sendall(b"abcd")
print(c.recv(4).decode(), os.geteuid(), flush=True)
wait(pid)
`))), 'dcba 1');
});
