// SPDX-License-Identifier: GPL-2.0
// wrk.test.ts - wrk against nginx, either hijacked: no second without answers, and two worker processes share them

import { mkdir, readFile, writeFile } from 'node:fs/promises';

import type { ExecutionContext } from 'ava';

import { start } from '../helpers/background.js';
import { type Command, succeed } from '../helpers/command.js';
import { makeContent } from '../helpers/files.js';
import { hijacked, TAP } from '../helpers/hijacked.js';
import { GUEST, HOST, makeNetns, netnsProblem } from '../helpers/netns.js';
import { missingPrograms, testUnless } from '../helpers/provided.js';
import { reachable } from '../helpers/servers.js';

const problems = [await netnsProblem(), missingPrograms('nginx', 'wrk', 'nc')];
const PORT = 5000;
const SECONDS = 5;
const SIZE = 600;

const onHost = (command: Command): Command => command;
const onLkl = (command: Command): Command => hijacked(TAP, command);

interface Web {
	readonly server: typeof onLkl;
	readonly client: typeof onLkl;
	readonly address: string;
	/** Worker processes; 0: the master does their work. */
	readonly workers: number;
}

const nginxConf = ({ address, workers }: Web, folder: string): string => `
user root; daemon off; pid ${folder}/pid; error_log stderr;
master_process ${workers > 0 ? 'on' : 'off'}; worker_processes ${Math.max(1, workers)};
events { worker_connections 300; }
http {
	log_format answers '$pid $msec $status'; access_log ${folder}/log answers;
	${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/t;`).join(' ')}
	server { listen ${address}:${PORT}; root ${folder}; }
}
`;

/** An answer of nginx, in its log. */
interface Answer {
	readonly worker: string;
	readonly second: number;
	readonly status: string;
}

function readAnswer(line: string): Answer {
	const [worker = '', time = '', status = ''] = line.split(' ');
	return { worker, second: Math.floor(Number(time)), status };
}

/** Runs wrk; what nginx has answered. */
async function load(t: ExecutionContext, web: Web): Promise<Answer[]> {
	const net = await makeNetns(t);
	const { folder, path, name } = await makeContent(t, SIZE);

	await mkdir(path('t'));
	await writeFile(path('conf'), nginxConf(web, folder));
	const serving = start(t, net.within(web.server(['nginx', '-e', 'stderr', '-p', folder, '-c', path('conf')])));
	await reachable(web.address, PORT, net.within);

	const url = `http://${web.address}:${PORT}/${name}`;
	const report = await succeed(t, net.within(web.client(['wrk', '-t', '2', '-c', '50', '-d', String(SECONDS), '--timeout', '5s', url])));
	t.notRegex(report, /Socket errors|Non-2xx/);
	await serving.stop('SIGQUIT');
	return (await readFile(path('log'), 'latin1')).trimEnd().split('\n').map(readAnswer);
}

const WEBS: Readonly<Record<string, Web>> = {
	'hijacked nginx': { server: onLkl, client: onHost, address: GUEST.ip, workers: 0 },
	'hijacked nginx with two worker processes': { server: onLkl, client: onHost, address: GUEST.ip, workers: 2 },
	'hijacked wrk': { server: onHost, client: onLkl, address: HOST.ip, workers: 0 },
};

for (const [what, web] of Object.entries(WEBS)) {
	testUnless(problems, `${what}: no second without answers, none is wrong`, async (t) => {
		const answers = await load(t, web);
		const seconds = [...new Set(answers.map(({ second }) => second))].sort((one, other) => one - other);
		const [first = 0] = seconds;

		t.log(`${answers.length} answers in ${SECONDS} s`);
		t.true(seconds.length >= SECONDS);
		t.deepEqual(seconds, seconds.map((_, i) => first + i));
		t.deepEqual([...new Set(answers.map(({ status }) => status))], ['200']);
		t.is(new Set(answers.map(({ worker }) => worker)).size, Math.max(1, web.workers));
	});
}
