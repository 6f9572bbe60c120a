// SPDX-License-Identifier: GPL-2.0
// programs.test.ts - Real servers and clients, unmodified, on a tap device

import { writeFile } from 'node:fs/promises';

import type { ExecutionContext } from 'ava';

import { start, until } from '../helpers/background.js';
import { type Command, run, succeed } from '../helpers/command.js';
import { hashFile, makeContent } from '../helpers/files.js';
import { hijacked, TAP } from '../helpers/hijacked.js';
import { GUEST, HOST, makeNetns, netnsProblem } from '../helpers/netns.js';
import { missingPrograms, testUnless } from '../helpers/provided.js';
import { fileServer, reachable } from '../helpers/servers.js';

const SIZE = 5_000_000;
const PORT = 5000;

const OFFLOADED = { ...TAP, OFFLOAD: '0x8883' };
const problem = await netnsProblem();

const download = (url: string, file: string): Command => ['curl', '--silent', '--show-error', '--fail', '--output', file, url];

testUnless([problem, missingPrograms('curl')], 'curl fetches from the host', async (t) => {
	const net = await makeNetns(t);
	const content = await makeContent(t, SIZE);
	const { port } = await fileServer(t, content.folder, net);

	for (const address of [HOST.ip, `[${HOST.ipv6}]`]) {
		await succeed(t, net.within(hijacked(OFFLOADED, download(`http://${address}:${port}/${content.name}`, content.path('copy')))));
		t.is(await hashFile(content.path('copy')), content.hash);
	}
});

const onHost = (command: Command): Command => command;
const onLkl = (command: Command): Command => hijacked(OFFLOADED, command);

/** nc that sends or receives a file; only nc itself is hijacked. */
const send = (wrap: typeof onLkl, file: string, ...args: string[]): Command =>
	['sh', '-c', 'exec "$@" <"$0"', file, ...wrap(['nc', '-N', ...args])];
const receive = (wrap: typeof onLkl, file: string, ...args: string[]): Command =>
	['sh', '-c', 'exec "$@" >"$0"', file, ...wrap(['nc', '-d', ...args])];

const LISTEN = ['-l', '-p', String(PORT)];

for (const [role, wrapServer, wrapClient] of [['server', onLkl, onHost], ['client', onHost, onLkl]] as const) {
	for (const [verb, serve, connect] of [['sends', send, receive], ['receives', receive, send]] as const) {
		testUnless([problem, missingPrograms('nc')], `nc: the server ${verb} a file, the ${role} is hijacked`, async (t) => {
			const net = await makeNetns(t);
			const { path, name, hash } = await makeContent(t, SIZE);
			const [mine, theirs] = verb === 'sends' ? [name, 'copy'] : ['copy', name];
			const server = start(t, net.within(serve(wrapServer, path(mine), ...LISTEN)));

			await (role === 'server' ? net.attached() : net.listening(PORT));
			const client = connect(wrapClient, path(theirs), role === 'server' ? GUEST.ip : HOST.ip, String(PORT));
			await until('a connection', async () => (await run(net.within(client))).status === 0);
			t.is(await server.status(), 0, server.output());
			t.is(await hashFile(path('copy')), hash);
		});
	}
}

/** Lets redis-cli do some work, and checks what it is told. */
async function useRedis(t: ExecutionContext, cli: (...words: string[]) => Command): Promise<void> {
	t.is(await succeed(t, cli('SET', 'key', 'value')), 'OK');
	t.is(await succeed(t, cli('GET', 'key')), 'value');
	t.is(await succeed(t, cli('-r', '200', 'INCR', 'counter')), Array.from({ length: 200 }, (_, nr) => nr + 1).join('\n'));
	t.is(await succeed(t, cli('EVAL', 'return string.rep("x", 1000000)', '0')), 'x'.repeat(1_000_000));
}

const redisServer = (address: string, folder: string): Command =>
	['redis-server', '--bind', address, '--port', String(PORT), '--protected-mode', 'no', '--save', '', '--dir', folder];

const redisCli = (address: string) => (...words: string[]): Command => ['redis-cli', '-h', address, '-p', String(PORT), ...words];

testUnless([problem, missingPrograms('redis-server', 'redis-cli')], 'redis-server', async (t) => {
	const net = await makeNetns(t);
	const { folder } = await makeContent(t, 0);

	start(t, net.within(onLkl(redisServer(GUEST.ip, folder))));
	await net.attached();
	await reachable(GUEST.ip, PORT, net.within);
	await useRedis(t, (...words) => net.within(redisCli(GUEST.ip)(...words)));
});

testUnless([problem, missingPrograms('redis-server', 'redis-cli')], 'redis-cli', async (t) => {
	const net = await makeNetns(t);
	const { folder } = await makeContent(t, 0);

	start(t, net.within(redisServer(HOST.ip, folder)));
	await net.listening(PORT);
	await useRedis(t, (...words) => net.within(onLkl(redisCli(HOST.ip)(...words))));
});

const nginxConf = (folder: string): string => `
user root; daemon off; master_process off; pid ${folder}/pid; error_log stderr;
events { worker_connections 100; }
http {
	access_log off; sendfile on;
	client_body_temp_path ${folder}/t; proxy_temp_path ${folder}/t; fastcgi_temp_path ${folder}/t;
	uwsgi_temp_path ${folder}/t; scgi_temp_path ${folder}/t;
	server { listen ${GUEST.ip}:${PORT}; listen [${GUEST.ipv6}]:${PORT}; root ${folder}; }
}
`;

testUnless([problem, missingPrograms('nginx', 'curl')], 'nginx serves the host', async (t) => {
	const net = await makeNetns(t);
	const { folder, path, name, hash } = await makeContent(t, SIZE);

	await writeFile(path('conf'), nginxConf(folder));
	const serving = start(t, net.within(onLkl(['nginx', '-e', 'stderr', '-p', folder, '-c', path('conf')])));
	await net.attached();
	await reachable(GUEST.ip, PORT, net.within);
	for (const address of [GUEST.ip, `[${GUEST.ipv6}]`]) {
		const url = `http://${address}:${PORT}/${name}`;
		const fetching = Array.from({ length: 4 }, (_, nr) => succeed(t, net.within(download(url, path(`copy${nr}`)))));
		await Promise.all(fetching);
		for (const nr of fetching.keys()) {
			t.is(await hashFile(path(`copy${nr}`)), hash, serving.output());
		}
	}
});
