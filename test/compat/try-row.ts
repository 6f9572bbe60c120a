// SPDX-License-Identifier: GPL-2.0
// try-row.ts - Try a row of the table: is what comes out what has to?

import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import type { ExecutionContext } from 'ava';

import { type Background, start, until } from '../helpers/background.js';
import { type Command, run } from '../helpers/command.js';
import { type Content, hashFile, makeContent } from '../helpers/files.js';
import { TAP } from '../helpers/hijacked.js';
import { GUEST, makeNetns, type Netns } from '../helpers/netns.js';
import { LAUNCHER } from '../helpers/paths.js';
import { reachable } from '../helpers/servers.js';
import { type ClientRow, expectedOf, type Row, type ServerRow, type Step } from './row.js';

const SIZE = 3_000_000;
const LIMIT = 60_000;
/** What does not work need not be waited for that long. */
const SHORT_LIMIT = 5000;
const COPY_LIMIT = 3000;
const RETRY_STEP = 100;

/** Debian's own programs go first, not those of a version manager. */
const PATH = [dirname(LAUNCHER), '/usr/sbin', '/usr/bin', '/sbin', '/bin', process.env['PATH'] ?? ''].join(':');
const NAME_SERVER = fileURLToPath(new URL('../helpers/name-server.js', import.meta.url));

/** How long what can be is, in seconds. */
const TIME = process.env['LKL_COMPAT_TIME'] ?? '5';

/** Node's pipes are sockets: a server may think that inetd started it. */
const NO_INPUT = 'exec </dev/null;';

/** Where a row is tried. */
interface World {
	readonly t: ExecutionContext;
	readonly net: Netns;
	readonly content: Content;
	readonly limit: number;
}

/** A line for sh in the world; it stays the same process if the line says exec. */
function shell({ net, content: { folder } }: World, line: string, settings: Readonly<Record<string, string | number>> = {}): Command {
	const variables = Object.entries(settings).map(([name, value]) => `LKL_HIJACK_${name}=${value}`);
	return net.within(['env', `--chdir=${folder}`, `PATH=${PATH}`, `TIME=${TIME}`, `NAME_SERVER=${NAME_SERVER}`, ...variables, 'sh', '-c', line]);
}

/** The hijacked command, unless it says itself what of it is. */
function hijackedShell(world: World, line: string, before = ''): Command {
	return shell(world, line.includes('lkl-hijack') ? line : `${before} exec lkl-hijack ${line}`, { ...TAP, OFFLOAD: '0x8883' });
}

/** What is wrong with what a command has written; undefined if nothing. */
async function wrongWith({ content }: World, { shows = [], copies }: Omit<Step, 'run'>, output: string): Promise<string | undefined> {
	const missing = shows.find((pattern) => !pattern.test(output));
	const isCopied = async (): Promise<boolean> => await hashFile(content.path('copy')).catch(() => 'none') === content.hash;

	if (missing) {
		return `nothing like ${String(missing)}`;
	}
	// The other side may still be writing it.
	return copies ? until('a copy of the content', isCopied, COPY_LIMIT).then(() => undefined, String) : undefined;
}

/** Runs a command to its end; what is wrong with it. */
async function tryStep(world: World, step: Omit<Step, 'run'>, command: Command, input?: string): Promise<string | undefined> {
	// Unlike run(), timeout ends what the shell has started too.
	const bounded = ['timeout', '--signal=KILL', String(world.limit / 1000), ...command];
	const { stdout, stderr, report } = await run(bounded, { limit: 2 * world.limit, ...input !== undefined && { input } });
	const wrong = await wrongWith(world, step, `${stdout}\n${stderr}`);

	return wrong === undefined ? undefined : `${wrong}\n${report}`;
}

const tryClient = (world: World, row: ClientRow): Promise<string | undefined> =>
	tryStep(world, row, hijackedShell(world, row.command), row.input);

/** Waits until a server is there, as far as that can be seen without disturbing it. */
async function readyUnlessEnded({ net }: World, port: number | undefined, serving: Background): Promise<void> {
	const ended = serving.status().then((status) => {
		throw new Error(`the server has ended: exit status ${status ?? '?'}`);
	});
	const ready = async (): Promise<void> => {
		await net.attached();
		await (port === undefined ? undefined : reachable(GUEST.ip, port, net.within));
	};

	await Promise.race([ready(), ended]);
}

/** Lets clients of the host talk to the hijacked server. */
async function tryProbes(world: World, { port, probes, shows = [] }: ServerRow, serving: Background): Promise<string | undefined> {
	await readyUnlessEnded(world, port, serving);
	for (const [nr, probe] of probes.entries()) {
		const attempt = (): Promise<string | undefined> => tryStep(world, probe, shell(world, probe.run));
		let wrong = await attempt();

		// Who takes one connection only is not connected to before that; it may take a moment until it listens.
		const mayComeLater = nr === 0 && port === undefined;
		for (const end = Date.now() + SHORT_LIMIT; mayComeLater && wrong !== undefined && !serving.ended() && Date.now() < end;) {
			await sleep(RETRY_STEP);
			wrong = await attempt();
		}
		if (wrong !== undefined) {
			return wrong;
		}
	}
	await until(`${shows.map(String).join(', ')} in what it writes`, () => shows.every((pattern) => pattern.test(serving.output())));
	return undefined;
}

async function tryServer(world: World, row: ServerRow): Promise<string | undefined> {
	const serving = start(world.t, hijackedShell(world, row.command, NO_INPUT), { group: true });
	const wrong = await tryProbes(world, row, serving).catch(String);

	return wrong === undefined ? undefined : `${wrong}\nserver:\n${serving.output()}`;
}

/** What is wrong when a row is tried; undefined if nothing is. */
export async function tryRow(t: ExecutionContext, row: Row): Promise<string | undefined> {
	const limit = expectedOf(row).is === 'works' ? LIMIT : SHORT_LIMIT;
	const world: World = { t, net: await makeNetns(t, { loopback: false }), content: await makeContent(t, SIZE), limit };

	for (const [name, text] of Object.entries(row.files ?? {})) {
		await writeFile(world.content.path(name), text);
	}
	if (row.before !== undefined) {
		const { status, report } = await run(shell(world, `set -e\n${row.before}`), { limit: LIMIT });
		if (status !== 0) {
			return report;
		}
	}
	if (row.peer) {
		start(t, shell(world, `${NO_INPUT} exec ${row.peer.run}`), { group: true });
		await world.net.listening(row.peer.port);
	}
	return row.kind === 'client' ? tryClient(world, row) : tryServer(world, row);
}
