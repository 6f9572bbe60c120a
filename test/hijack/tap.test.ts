// SPDX-License-Identifier: GPL-2.0
// tap.test.ts - A program on a tap device: it is reached, it reaches the host, and all is as configured

import { start, until } from '../helpers/background.js';
import { run, succeed } from '../helpers/command.js';
import { hijacked, launched, TAP } from '../helpers/hijacked.js';
import { GUEST, HOST, makeNetns, netnsProblem } from '../helpers/netns.js';
import { missingPrograms, testUnless } from '../helpers/provided.js';

const problems = [await netnsProblem(), missingPrograms('ping', 'tc', 'ip', 'python3')];

const ping = (address: string): readonly string[] => ['ping', '-n', '-c', '5', '-i', '0.05', '-W', '5', address];
const ALL_CAME = /\b5 received, 0% packet loss/;

for (const [family, address] of [['IPv4', HOST.ip], ['IPv6', HOST.ipv6]] as const) {
	testUnless(problems, `a program pings the host, ${family}`, async (t) => {
		const net = await makeNetns(t);
		for (const command of [hijacked, launched]) {
			const { stdout, stderr } = await run(net.within(command(TAP, ping(address))));
			t.regex(stdout, ALL_CAME);
			// Neither do we print anything, nor does ping find fault with the clock.
			t.is(stderr, '');
		}
	});
}

testUnless(problems, 'the host pings a program that computes', async (t) => {
	const net = await makeNetns(t);
	const spinning = start(t, net.within(hijacked(TAP, ['sh', '-c', 'while :; do :; done'])));

	await net.attached();
	for (const address of [GUEST.ip, GUEST.ipv6]) {
		t.regex(await succeed(t, net.within(ping(address))), ALL_CAME);
	}
	t.false(spinning.ended());
});

/** A setting, a command of the program, and what it has to tell. */
const SHOWN: readonly (readonly [title: string, settings: typeof TAP, command: string, expected: RegExp])[] = [
	['queueing discipline', { NET_QDISC: 'root|fq' }, 'tc qdisc show dev eth0', /^qdisc fq \w+: root refcnt/],
	['another one', { NET_QDISC: 'root|fq_codel' }, 'tc qdisc show dev eth0', /^qdisc fq_codel \w+: root refcnt/],
	['IPv4 address', {}, 'ip -4 address show dev eth0', / inet 192\.168\.13\.2\/24 /],
	['IPv6 address', {}, 'ip -6 address show dev eth0', / inet6 fc03::2\/64 scope global/],
	['MAC address', { NET_MAC: GUEST.mac }, 'ip link show dev eth0', /link\/ether 02:00:00:00:00:02 /],
	['MTU', { NET_MTU: 1400 }, 'ip link show dev eth0', / mtu 1400 /],
	['default route', { NET_GATEWAY: HOST.ip }, 'ip -4 route show', /^default via 192\.168\.13\.1 dev eth0/m],
	['IPv6 default route', { NET_GATEWAY6: HOST.ipv6 }, 'ip -6 route show', /^default via fc03::1 dev eth0/m],
	['IPv4 neighbour', { NET_NEIGHBOR: '192.168.13.9|02:00:00:00:00:09' }, 'ip -4 neigh show', /^192\.168\.13\.9 dev eth0 lladdr 02:00:00:00:00:09 PERMANENT/m],
	['IPv6 neighbour', { NET_NEIGHBOR: 'fc03::9|02:00:00:00:00:09' }, 'ip -6 neigh show', /^fc03::9 dev eth0 lladdr 02:00:00:00:00:09 PERMANENT/m],
	['rule of a gateway of its own', { NET_IFGATEWAY: HOST.ip }, 'ip -4 rule show', /from 192\.168\.13\.2 lookup 4/],
	['table of a gateway of its own', { NET_IFGATEWAY: HOST.ip }, 'ip -4 route show table 4', /^default via 192\.168\.13\.1 dev eth0/m],
	['kernel parameter', { SYSCTL: 'net.ipv4.tcp_wmem=4096 87380 2147483647' }, 'cat /proc/sys/net/ipv4/tcp_wmem', /^4096\t87380\t2147483647$/],
	['two kernel parameters', { SYSCTL: 'net.ipv4.tcp_sack=0;net.ipv4.tcp_timestamps=0' }, 'cat /proc/sys/net/ipv4/tcp_sack /proc/sys/net/ipv4/tcp_timestamps', /^0\n0$/],
	['obsolete spelling of the tap', { NET_TAP: 'tap0', NET_IFTYPE: '', NET_IFPARAMS: '' }, 'ip -4 address show dev eth0', / inet 192\.168\.13\.2\/24 /],
];

for (const [title, settings, command, expected] of SHOWN) {
	testUnless(problems, `as configured: ${title}`, async (t) => {
		const net = await makeNetns(t);
		const all = Object.fromEntries(Object.entries({ ...TAP, ...settings }).filter(([, value]) => value !== ''));
		t.regex(await succeed(t, net.within(hijacked(all, command.split(' ')))), expected);
	});
}

testUnless(problems, 'a program changes its own kernel, not the host\'s', async (t) => {
	const net = await makeNetns(t);
	const input = 'link add dummy7 type dummy\nlink show dummy7\n';

	t.regex(await succeed(t, net.within(hijacked(TAP, ['ip', '-batch', '-'])), { input }), /dummy7: /);
	t.notRegex(await succeed(t, net.within(['ip', 'link', 'show'])), /dummy7/);
});

testUnless(problems, 'a stream of small writes goes out in long frames', async (t) => {
	const net = await makeNetns(t);
	const sink = `import socket
from_them, _ = socket.create_server(("", 7000)).accept()
while from_them.recv(1 << 20):
	pass
`;
	const stream = `import socket
to_host = socket.create_connection(("${HOST.ip}", 7000))
for _ in range(4000):
	to_host.sendall(bytes(16384))
`;

	start(t, net.within(['python3', '-c', sink]));
	await net.listening(7000);
	await succeed(t, net.within(hijacked({ ...TAP, OFFLOAD: '0x8883' }, ['python3', '-c', stream])));
	const statistics = await succeed(t, net.within(['ip', '-s', 'link', 'show', 'tap0']));
	const [bytes = 0, frames = 0] = /RX:.*\n\s*(\d+)\s+(\d+)/.exec(statistics)?.slice(1).map(Number) ?? [];

	t.true(bytes > 4000 * 16_384 && bytes / frames > 40_000, `${bytes} bytes in ${frames} frames`);
});

testUnless(problems, 'a tap that is gone costs nothing', async (t) => {
	const net = await makeNetns(t);
	const script = `import socket, time
waiting = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
waiting.settimeout(4)
print("waiting", flush=True)
try:
	waiting.recv(1)
except TimeoutError:
	print("used", time.process_time())`;
	const program = start(t, net.within(hijacked(TAP, ['python3', '-c', script])));

	await until('the program', () => program.output().includes('waiting'));
	await succeed(t, net.within(['ip', 'link', 'delete', 'tap0']));
	t.is(await program.status(), 0);
	t.true(Number(/used ([\d.]+)/.exec(program.output())?.[1]) < 1.5, program.output());
});
