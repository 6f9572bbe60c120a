// SPDX-License-Identifier: GPL-2.0
// pcap.test.ts - PCAP: all frames of all interfaces, as pcapng that tcpdump reads

import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import test from 'ava';

import { type Frame, parse } from './frames.js';
import { launch, LAUNCHER, run } from './launch.js';

const rootTest = process.getuid?.() === 0 ? test : test.skip;

test('a fetch over slirp is in the file, nanoseconds and directions too', async (t) => {
	const file = join(mkdtempSync(join(tmpdir(), 'lkl-pcap-')), 'out.pcap');
	const server = createServer((_request, response) => response.end('x'.repeat(100_000)));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const before = BigInt(Date.now()) * 1_000_000n;
	const { stdout } = await launch(['--net', 'slirp', '--pcap', file, 'curl', '-s', `http://10.0.2.2:${(server.address() as AddressInfo).port}/`]);
	server.close();

	const { interfaces, frames } = parse(readFileSync(file));
	t.is(stdout.length, 100_000);
	t.deepEqual(interfaces, ['eth0: slirp ']);
	t.true(frames.some(({ data, direction }) => direction === 2 && data.includes('GET / HTTP/1.1')));
	t.true(frames.filter(({ direction }) => direction === 1).reduce((sum, { data }) => sum + data.length, 0) > 100_000);
	t.true(frames.every(({ ns }, index) => ns >= (frames[index - 1]?.ns ?? before)));
	t.true(frames.some(({ ns }) => ns % 1000n !== 0n));

	const { exitCode, stdout: listing, stderr } = await run('tcpdump', ['-nr', file, 'tcp']);
	t.is(exitCode, 0, stderr);
	t.regex(listing, /10\.0\.2\.15\.\d+ > 10\.0\.2\.2\.\d+: Flags \[S\]/);
});

test('every frame is there, many at once, until _exit()', async (t) => {
	const folder = mkdtempSync(join(tmpdir(), 'lkl-pcap-'));
	writeFileSync(join(folder, 'many.py'), `
import os, re, socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for n in range(3000):
    s.sendto(b'%08d' % n + b'.' * 1000, ('10.0.2.2', 9))
# The kernel's own count; what it has dropped before is in neither.
line = re.search(r'eth0:(.*)', open('/proc/net/dev').read()).group(1).split()
os.write(1, line[9].encode())
os._exit(0)`);
	const file = join(folder, 'out.pcap');
	// Known beforehand: the kernel keeps few frames while it asks for an address.
	const neighbour = ['--neigh', '10.0.2.2=52:55:0a:00:02:02'];
	const { stdout } = await launch(['--net', 'slirp', ...neighbour, '--pcap', file, 'python3', join(folder, 'many.py')]);
	const { frames } = parse(readFileSync(file));
	const sent = frames.filter(({ direction }) => direction === 2);
	const numbers = sent.filter(({ data }) => data.length === 1050).map(({ data }) => Number(data.toString('latin1', 42, 50)));

	// A few of its own may have followed: neighbours, routers.
	t.true(sent.length >= Number(stdout) && sent.length < Number(stdout) + 10, `${sent.length} of ${stdout}`);
	t.true(numbers.length > 1000, String(numbers.length));
	t.deepEqual(numbers, [...numbers].sort((a, b) => a - b));
});

rootTest('two taps with offload, one file', async (t) => {
	const file = join(mkdtempSync(join(tmpdir(), 'lkl-pcap-')), 'out.pcap');
	const script = `
		for n in 0 1; do ip tuntap add dev lt$n mode tap; ip addr add 10.0.$n.1/24 dev lt$n; ip link set lt$n up; done
		"$0" --pcap "$1" --tap lt0 --ip 10.0.0.2/24 --offload 0xd983 --tap lt1 --ip 10.0.1.2/24 python3 -c '
import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for host in "10.0.0.1", "10.0.1.1":
    s.sendto(b"over " + host.encode(), (host, 9))
time.sleep(1)'`;
	await run('unshare', ['-n', 'bash', '-ec', script, LAUNCHER, file]);
	const { interfaces, frames } = parse(readFileSync(file));
	t.deepEqual(interfaces, ['eth0: tap lt0', 'eth1: tap lt1']);
	for (const [nr, host] of ['10.0.0.1', '10.0.1.1'].entries()) {
		const own = frames.filter((frame) => frame.nr === nr);
		// 0x806: the host's answer to ARP.
		t.true(own.some(({ direction, data }) => direction === 1 && data.readUInt16BE(12) === 0x806), host);
		t.deepEqual(own.filter(({ data }) => data.includes(`over ${host}`)).map(({ direction }) => direction)[0], 2, host);
	}
});

/** Frames of a stream with segmentation offload, captured with these options. */
async function capturedStream(...options: string[]): Promise<{ frames: Frame[]; listing: string }> {
	const file = join(mkdtempSync(join(tmpdir(), 'lkl-pcap-')), 'out.pcap');
	const script = `
		ip tuntap add dev lt0 mode tap; ip addr add 10.0.0.1/24 dev lt0; ip link set lt0 up
		python3 -c '
import socket
s = socket.create_server(("10.0.0.1", 5001))
s.listen()
print("listening", flush=True)
c = s.accept()[0]
while c.recv(1 << 20):
    pass
' | (read line; launcher="$0"; file="$1"; shift; "$launcher" --pcap "$file" "$@" --tap lt0 --ip 10.0.0.2/24 --offload 0x8883 python3 -c '
import socket
socket.create_connection(("10.0.0.1", 5001)).sendall(bytes(range(256)) * (1 << 16))')`;
	const { exitCode, stderr } = await run('unshare', ['-n', 'bash', '-ec', script, LAUNCHER, file, ...options]);

	if (exitCode !== 0) {
		throw new Error(stderr);
	}
	return { frames: parse(readFileSync(file)).frames, listing: (await run('tcpdump', ['-nr', file, 'tcp'])).stdout };
}

/** Bytes behind the headers of Ethernet, IP and TCP of what is sent. */
function payload(frames: readonly Frame[]): number {
	return frames.filter(({ data, direction }) => direction === 2 && data.readUInt16BE(12) === 0x800 && data[23] === 6)
		.reduce((sum, { data, length }) => sum + length - 34 - ((data[46] ?? 0) >> 4) * 4, 0);
}

rootTest('of long frames the beginning, and how long they were', async (t) => {
	const { frames, listing } = await capturedStream();
	t.true(frames.some(({ length }) => length > 16_384));
	t.true(frames.every(({ data, length }) => data.length === Math.min(length, 2048)));
	t.true(payload(frames) >= 1 << 24, String(payload(frames)));
	t.regex(listing, /length [1-9]\d{4}\n/);
});

rootTest('PCAP_SNAPLEN: all of them, or less', async (t) => {
	const whole = await capturedStream('--pcap-snaplen', '262144');
	t.true(whole.frames.some(({ data }) => data.length > 16_384));
	t.true(whole.frames.every(({ data, length }) => data.length === length));
	const few = await capturedStream('--pcap-snaplen', '96');
	t.true(few.frames.every(({ data, length }) => data.length === Math.min(length, 96)));
});

test('a child with a kernel of its own has a file of its own', async (t) => {
	for (const [onFork, expected] of [['shared', /^out\.pcap$/], ['fresh', /^out\.pcap,out\.pcap\.\d+$/]] as const) {
		const folder = mkdtempSync(join(tmpdir(), 'lkl-pcap-'));
		await launch(['--net', 'slirp', '--on-fork', onFork, '--pcap', join(folder, 'out.pcap'), 'sh', '-c', 'ip addr show >/dev/null; true']);
		t.regex(readdirSync(folder).sort().join(','), expected);
	}
});

test('a file that cannot be written', async (t) => {
	const { exitCode, stderr } = await launch(['--net', 'slirp', '--pcap', '/nowhere/out.pcap', 'true']);
	t.is(exitCode, 78);
	t.is(stderr, 'lkl-hijack: pcap: /nowhere/out.pcap: cannot be written: no such file');
});
