// SPDX-License-Identifier: GPL-2.0
// slirp.test.ts - The user-mode network, as an ordinary user: out, in, and an address by DHCP

import { chmod } from 'node:fs/promises';

import { start, until } from '../helpers/background.js';
import { run, succeed } from '../helpers/command.js';
import { hash, hashFile, makeContent } from '../helpers/files.js';
import { hijacked, launched, slirp, SLIRP_HOST } from '../helpers/hijacked.js';
import { missingPrograms, testUnless } from '../helpers/provided.js';
import { fileServer, freePort, PYTHON } from '../helpers/servers.js';
import { asUser, makeFolder, userProblem } from '../helpers/user.js';

const DOWNLOAD = 5_000_000;
const GUEST_PORT = 8000;

const get = (url: string): Promise<Response> => fetch(url, { signal: AbortSignal.timeout(10_000) });

const problems = [await userProblem(), missingPrograms('curl', 'ip')];

for (const [way, command] of Object.entries({ 'the library alone': hijacked, 'the launcher': launched })) {
	testUnless(problems, `a download from the loopback interface of the host, under ${way}`, async (t) => {
		const content = await makeContent(t, DOWNLOAD);
		const { port } = await fileServer(t, content.folder);
		const copy = `${await makeFolder(t)}/copy`;
		const curl = ['curl', '--silent', '--show-error', '--fail', '--output', copy, `http://${SLIRP_HOST}:${port}/${content.name}`];

		t.is(await succeed(t, asUser(command(slirp(), curl))), '');
		t.is(await hashFile(copy), content.hash);
	});
}

testUnless(problems, 'connections to a forwarded port of the host reach the program', async (t) => {
	const content = await makeContent(t, DOWNLOAD);
	const port = await freePort();
	const settings = slirp(`tcp:${port}:${GUEST_PORT}`);
	const url = `http://127.0.0.1:${port}/`;

	await chmod(content.folder, 0o755);
	start(t, asUser(hijacked(settings, [PYTHON, '-m', 'http.server', String(GUEST_PORT), '--directory', content.folder])));
	await until('an answer', () => get(url).then(({ ok }) => ok, () => false));

	const copies = await Promise.all(Array.from({ length: 4 }, async () =>
		hash(Buffer.from(await (await get(`${url}${content.name}`)).arrayBuffer()))));
	t.deepEqual(copies, copies.map(() => content.hash));
});

testUnless(problems, 'a port of the host that is in use is an error', async (t) => {
	const { port } = await fileServer(t, '/usr/share');
	const { status, stdout, stderr } = await run(hijacked(slirp(`tcp:${port}:80`), ['echo', 'started']));

	t.is(status, 78);
	t.is(stdout, '');
	t.regex(stderr, new RegExp(`^lkl-hijack: .*${port}.*in use`));
});

/** Opens files and sockets in turn, closes all it has, and goes on; prints the numbers. */
const NUMBERS = `
import os, socket, sys
null = lambda: os.open('/dev/null', os.O_RDONLY)
connect = lambda: socket.create_connection((sys.argv[1], int(sys.argv[2])))
def get():
    s = connect()
    s.sendall(b'GET / HTTP/1.0\\r\\n\\r\\n')
    while s.recv(65536):
        pass
    return s
numbers = [null(), socket.socket().detach(), get().detach(), connect().detach(), null()]
for _ in range(70):
    get().close()
numbers.append(null())
os.closerange(3, 1024)
numbers += [get().detach(), null()]
print(numbers)
`;

testUnless(problems, 'descriptors have the numbers that they have on the host', async (t) => {
	const { port } = await fileServer(t, '/usr/share/doc');
	const settings = slirp(`tcp:${await freePort()}:${GUEST_PORT},udp:${await freePort()}:${GUEST_PORT}`);
	const command = (server: string): string[] => [PYTHON, '-c', NUMBERS, server, String(port)];

	t.is(await succeed(t, hijacked(settings, command(SLIRP_HOST))), await succeed(t, command('127.0.0.1')));
});

testUnless([...problems, missingPrograms('systemd-socket-activate')], 'a server that is started by socket activation', async (t) => {
	const port = await freePort();
	const server = 'import os, socket; s = socket.socket(fileno=3); c = s.accept()[0]; c.sendall(os.environ["LISTEN_FDS"].encode())';

	start(t, hijacked(slirp(`tcp:${port}:${GUEST_PORT}`), ['systemd-socket-activate', '--listen', `0.0.0.0:${GUEST_PORT}`, PYTHON, '-c', server]));
	await until('an answer', () => run([PYTHON, '-c', `import socket; print(socket.create_connection(('127.0.0.1', ${port})).recv(9))`])
		.then(({ stdout }) => stdout === 'b\'1\''));
	t.pass();
});

testUnless(problems, 'an address by DHCP', async (t) => {
	const settings = { ...slirp(), BOOT_CMDLINE: 'ip=dhcp' };

	t.regex(await succeed(t, hijacked(settings, ['cat', '/proc/net/pnp'])), /^#PROTO: DHCP\n(?:.*\n)*nameserver 10\.0\.2\.3$/m);
	t.regex(await succeed(t, hijacked(settings, ['ip', '-4', 'address', 'show', 'dev', 'eth0'])), / inet 10\.0\.2\.15\/24 /);
	t.regex(await succeed(t, hijacked(settings, ['ip', '-4', 'route', 'show'])), /^default via 10\.0\.2\.2 /m);
});
