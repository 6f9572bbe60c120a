// SPDX-License-Identifier: GPL-2.0
// names.test.ts - Look-ups of names leave through LKL, to the name server that was set; what they give is what libc gives

import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import type { ExecutionContext } from 'ava';

import { start } from '../helpers/background.js';
import { type Command, run, succeed } from '../helpers/command.js';
import { hashFile, makeContent } from '../helpers/files.js';
import { hijacked, TAP } from '../helpers/hijacked.js';
import { HOST, makeNetns, type Netns, netnsProblem } from '../helpers/netns.js';
import { testProgram } from '../helpers/paths.js';
import { missingPrograms, testUnless } from '../helpers/provided.js';
import { fileServer } from '../helpers/servers.js';

const NAME_SERVER = fileURLToPath(new URL('../helpers/name-server.js', import.meta.url));

/** A network with a name server on one of the host's addresses, and how to run a command that asks it. */
async function makeNames(t: ExecutionContext, server: string = HOST.ip): Promise<{ net: Netns; asking: (...command: string[]) => Command }> {
	const net = await makeNetns(t);

	start(t, net.within([process.execPath, NAME_SERVER, server]));
	await net.listening(53);
	return { net, asking: (...command) => net.within(hijacked({ ...TAP, NAMESERVER: server }, command)) };
}

const problems = [await netnsProblem(), missingPrograms('getent', 'curl')];

for (const server of [HOST.ip, HOST.ipv6]) {
	testUnless(problems, `a name has its addresses, asked at ${server}`, async (t) => {
		const { net, asking } = await makeNames(t, server);
		const lines = (await succeed(t, asking('getent', 'ahosts', 'host.test'))).split('\n');

		t.deepEqual(lines.filter((line) => line.includes('STREAM')).map((line) => line.split(' ')[0]).sort(), [HOST.ip, HOST.ipv6]);
		t.not((await run(net.within(['getent', 'ahosts', 'host.test']))).status, 0, 'the host does not know it');
	});
}

testUnless(problems, 'a name that does not exist is not found', async (t) => {
	const { asking } = await makeNames(t);
	t.is((await run(asking('getent', 'ahosts', 'nobody.test'))).status, 2);
});

testUnless(problems, 'a long answer comes over TCP', async (t) => {
	const { asking } = await makeNames(t);
	const lines = (await succeed(t, asking('getent', 'ahostsv4', 'many.test'))).split('\n');
	t.is(new Set(lines.map((line) => line.split(' ')[0])).size, 1000);
});

testUnless(problems, 'gethostbyname() has all addresses of a long answer', async (t) => {
	const { asking } = await makeNames(t);
	t.is(new Set((await succeed(t, asking('getent', 'hosts', 'many.test'))).split('\n')).size, 1000);
});

testUnless(problems, 'an address has its name', async (t) => {
	const { asking } = await makeNames(t);
	t.regex(await succeed(t, asking('getent', 'hosts', HOST.ip)), /^192\.168\.13\.1 +host\.test$/);
});

testUnless(problems, 'curl finds a server by its name', async (t) => {
	const { net, asking } = await makeNames(t);
	const { folder, name, path, hash } = await makeContent(t, 100_000);
	const { port } = await fileServer(t, folder, net);

	await succeed(t, asking('curl', '--silent', '--show-error', '--fail', '--output', path('copy'), `http://host.test:${port}/${name}`));
	t.is(await hashFile(path('copy')), hash);
});

const HOSTS = `127.0.0.1 localhost
::1 localhost ip6-localhost
10.1.1.1 named.example.org named namely
10.1.1.2 named.example.org
fc03::99 named6 ${'x'.repeat(2000)}
`;
const SERVER = `nameserver ${HOST.ip}\n`;

type Wrap = (...command: string[]) => Command;

/** Commands that see files of their own in /etc, in a network with a name server; on the host, and under the library. */
async function makeFiles(t: ExecutionContext, files: Readonly<Record<string, string>>): Promise<{ onHost: Wrap; asking: Wrap; net: Netns }> {
	const { net } = await makeNames(t);
	const { path } = await makeContent(t, 0);
	const mounts: string[] = [];

	for (const [name, text] of Object.entries({ hosts: HOSTS, ...files })) {
		await writeFile(path(name), text);
		mounts.push(`mount --bind ${path(name)} /etc/${name}`);
	}
	const onHost: Wrap = (...command) => net.within(['unshare', '--mount', 'sh', '-c', `${mounts.join(' && ')} && exec "$@"`, 'sh', ...command]);
	return { net, onHost, asking: (...command) => onHost(...hijacked(TAP, command)) };
}

const LOOK_UPS = testProgram('hijack/lookups');
const NODES = [
	'host.test', 'host.test.', 'host', 'alias.test', 'order.test', 'four.test', 'six.test', 'late.test', 'many.test', 'nobody.test', 'nobody',
	'named', 'namely', 'named.example.org', 'named6', 'localhost', 'ip6-localhost', 'host.test ', 'a..b',
	'1.2.3.4 x', '1.2.3', '::1', '127.0.0.1', '255.255.255.255', '::ffff:192.168.13.1', 'fe80::1%lo', 'fc03::1%1', 'fc03::99',
	...[1, 7, 8, 99].map((nr) => `192.168.13.${nr}`),
];

/** Where we do it otherwise: an error of a server remains one, where libc may take it for "not found"; no address is given twice. */
const OTHERWISE = [/^gethostbyname2_r\(late.test, 10\)/, /^getaddrinfo\((ip6-)?localhost, 80\) type 1 family 10 flags 0x18/];

testUnless(problems, 'all functions give what they give on the host', async (t) => {
	const { net, onHost, asking } = await makeFiles(t, { 'resolv.conf': `${SERVER}search test\n` });
	const lines = (text: string): string[] => text.split('\n').filter((line) => !OTHERWISE.some((pattern) => pattern.test(line)));
	const holder = start(t, net.within(hijacked(TAP, ['sleep', '100'])));

	// The tap has a carrier for the host, too, while somebody holds it.
	await net.attached();
	const general = await succeed(t, onHost(LOOK_UPS));
	const named = await succeed(t, onHost(LOOK_UPS, ...NODES), { limit: 100_000 });
	await holder.stop();

	t.deepEqual(lines(await succeed(t, asking(LOOK_UPS))), lines(general));
	t.deepEqual(lines(await succeed(t, asking(LOOK_UPS, ...NODES), { limit: 100_000 })), lines(named));
});

testUnless(problems, 'a search domain whose servers fail is passed over', async (t) => {
	const { asking } = await makeFiles(t, { 'resolv.conf': `${SERVER}search failed.test refused.test test\n` });
	t.regex(await succeed(t, asking('getent', 'ahostsv4', 'host')), /^192\.168\.13\.1 /);
});

testUnless(problems, 'an answer that was cut off, and cannot be had over TCP, is none', async (t) => {
	const { asking } = await makeFiles(t, { 'resolv.conf': `${SERVER}options attempts:1\n` });

	for (const name of ['cut.test', 'cut-failed.test']) {
		const lines = (await succeed(t, asking(LOOK_UPS, name))).split('\n').filter((line) => line.startsWith('getaddrinfo') && !line.includes('flags 0x4'));
		t.true(lines.length > 0 && lines.every((line) => line.endsWith(' Temporary failure in name resolution')), lines.join('\n'));
	}
});

testUnless(problems, 'addresses of another name are not taken', async (t) => {
	const { asking } = await makeFiles(t, { 'resolv.conf': SERVER });
	t.is((await run(asking('getent', 'ahosts', 'stray.test'))).status, 2);
});

testUnless(problems, 'names that no host can have are not taken', async (t) => {
	const { asking } = await makeFiles(t, { 'resolv.conf': SERVER });

	for (const last of [66, 67, 68]) {
		const { status, stdout } = await run(asking('getent', 'hosts', `192.168.13.${last}`));
		t.deepEqual([status, stdout], [2, '']);
	}
});

testUnless([], 'damaged answers do no harm', async (t) => {
	t.regex(await succeed(t, [testProgram('hijack/fuzz/dns'), '200000']), /^200000 messages, \d{4,} addresses, \d{4,} names/);
});

testUnless(problems, 'gai.conf decides which addresses come first', async (t) => {
	const { asking } = await makeFiles(t, { 'resolv.conf': SERVER, 'gai.conf': 'precedence ::ffff:0:0/96 100\n' });
	t.regex(await succeed(t, asking('getent', 'ahosts', 'host.test')), /^192\.168\.13\.1 /);
	const { asking: byDefault } = await makeFiles(t, { 'resolv.conf': SERVER, 'gai.conf': '' });
	t.regex(await succeed(t, byDefault('getent', 'ahosts', 'host.test')), /^fc03::1 /);
});

testUnless(problems, 'options use-vc and no-aaaa, in the file and in the environment', async (t) => {
	const { asking } = await makeFiles(t, { 'resolv.conf': `${SERVER}options use-vc\n` });
	t.regex(await succeed(t, asking('env', 'RES_OPTIONS=no-aaaa', 'getent', 'ahosts', 'tcp.test')), /^192\.168\.13\.1 /);
	t.notRegex(await succeed(t, asking('env', 'RES_OPTIONS=no-aaaa', 'getent', 'ahosts', 'host.test')), /fc03/);
});
