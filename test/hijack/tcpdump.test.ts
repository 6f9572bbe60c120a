// SPDX-License-Identifier: GPL-2.0
// tcpdump.test.ts - tcpdump captures a stream: all of it, and in the order in which the host sent it

import { start, until } from '../helpers/background.js';
import { type Command, succeed } from '../helpers/command.js';
import { makeContent } from '../helpers/files.js';
import { hijacked, TAP } from '../helpers/hijacked.js';
import { GUEST, makeNetns, netnsProblem } from '../helpers/netns.js';
import { missingPrograms, testUnless } from '../helpers/provided.js';

const problems = [await netnsProblem(), missingPrograms('tcpdump', 'python3')];
const COUNT = 2000;
const FIRST_PORT = 10_000;
const PORTS = `${FIRST_PORT}-${FIRST_PORT + COUNT - 1}`;

/** Datagrams that differ in their ports. */
const SEND = `
import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for i in range(${COUNT}):
    s.sendto(b'x' * 400, ('${GUEST.ip}', ${FIRST_PORT} + i))
    if i % 20 == 0:
        time.sleep(0.001)
`;

// However late tcpdump is, the tap keeps all datagrams, in order: those that wait for the neighbour's address would be sent
// by whoever learns it, beside the others.
const PREPARE = `ip link set tap0 txqueuelen ${COUNT} && ip neigh replace ${GUEST.ip} lladdr ${GUEST.mac} nud permanent dev tap0`;

for (const device of ['eth0', 'any']) {
	// In immediate mode libpcap has a ring of frames, otherwise one of blocks; a frame is as large as the snapshot.
	for (const mode of [[], ['--immediate-mode', '-s', '512']]) {
		const command = ['tcpdump', '-i', device, ...mode, '-c', String(COUNT), '-w', '-', 'udp', 'dst', 'portrange', PORTS];

		testUnless(problems, `${command.slice(0, -4).join(' ')}: a stream is captured as it was sent`, async (t) => {
			const net = await makeNetns(t);
			const file = (await makeContent(t, 0)).path('capture');
			const into: Command = ['sh', '-c', 'exec "$@" >"$0"', file];
			const capture = start(t, net.within([...into, ...hijacked({ ...TAP, NET_MAC: GUEST.mac }, command)]));

			await succeed(t, net.within(['sh', '-c', PREPARE]));
			await until('tcpdump listens', () => capture.output().includes(`listening on ${device}`));
			await succeed(t, net.within(['python3', '-c', SEND]));
			t.is(await capture.status(), 0, capture.output());
			t.regex(capture.output(), /^0 packets dropped by kernel/m);

			const listing = await succeed(t, ['tcpdump', '-n', '-r', file]);
			const ports = [...listing.matchAll(/\.(\d+): UDP, length 400/g)].map(([, port]) => Number(port));
			t.is(ports.length, COUNT);
			t.is(ports.findIndex((port, i) => port !== FIRST_PORT + i), -1);
		});
	}
}
