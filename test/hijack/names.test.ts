// SPDX-License-Identifier: GPL-2.0
// names.test.ts - Look-ups of names leave through LKL, to the name server that was set

import { fileURLToPath } from 'node:url';

import type { ExecutionContext } from 'ava';

import { start } from '../helpers/background.js';
import { type Command, run, succeed } from '../helpers/command.js';
import { hashFile, makeContent } from '../helpers/files.js';
import { hijacked, TAP } from '../helpers/hijacked.js';
import { HOST, makeNetns, type Netns, netnsProblem } from '../helpers/netns.js';
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
