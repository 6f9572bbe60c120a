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

testUnless(problems, 'an address by DHCP', async (t) => {
	const settings = { ...slirp(), BOOT_CMDLINE: 'ip=dhcp' };

	t.regex(await succeed(t, hijacked(settings, ['cat', '/proc/net/pnp'])), /^#PROTO: DHCP\n(?:.*\n)*nameserver 10\.0\.2\.3$/m);
	t.regex(await succeed(t, hijacked(settings, ['ip', '-4', 'address', 'show', 'dev', 'eth0'])), / inet 10\.0\.2\.15\/24 /);
	t.regex(await succeed(t, hijacked(settings, ['ip', '-4', 'route', 'show'])), /^default via 10\.0\.2\.2 /m);
});
