// SPDX-License-Identifier: GPL-2.0
// pcap.test.ts - PCAP: all frames of all interfaces, as pcapng that tcpdump reads

import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import test from 'ava';

import { launch, LAUNCHER, run } from './launch.js';

const rootTest = process.getuid?.() === 0 ? test : test.skip;

interface Frame {
	readonly nr: number;
	readonly ns: bigint;
	readonly data: Buffer;
	/** 1: received, 2: sent. */
	readonly direction: number;
}

/** The frames of a file; fails if it is malformed. */
function parse(file: Buffer): { interfaces: string[]; frames: Frame[] } {
	const interfaces: string[] = [];
	const frames: Frame[] = [];

	for (let at = 0; at < file.length;) {
		const [type, length] = [file.readUInt32LE(at), file.readUInt32LE(at + 4)];
		const block = file.subarray(at, at + length);
		if (length % 4 !== 0 || block.readUInt32LE(length - 4) !== length) {
			throw new Error(`bad block at ${at}`);
		}
		if (type === 1) {
			interfaces.push(block.toString('utf8', 20, 20 + block.readUInt16LE(18)));
		} else if (type === 6) {
			const captured = block.readUInt32LE(20);
			frames.push({
				nr: block.readUInt32LE(8),
				ns: (BigInt(block.readUInt32LE(12)) << 32n) | BigInt(block.readUInt32LE(16)),
				data: block.subarray(28, 28 + captured),
				direction: block.readUInt32LE(length - 12),
			});
		}
		at += length;
	}
	return { interfaces, frames };
}

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

test('a child that is executed has a file of its own', async (t) => {
	const folder = mkdtempSync(join(tmpdir(), 'lkl-pcap-'));
	await launch(['--net', 'slirp', '--pcap', join(folder, 'out.pcap'), 'sh', '-c', 'ip addr show >/dev/null; true']);
	const files = readdirSync(folder).sort();
	t.is(files.length, 2);
	t.regex(files[1] ?? '', /^out\.pcap\.\d+$/);
});

test('a file that cannot be written', async (t) => {
	const { exitCode, stderr } = await launch(['--net', 'slirp', '--pcap', '/nowhere/out.pcap', 'true']);
	t.is(exitCode, 78);
	t.is(stderr, 'lkl-hijack: pcap: /nowhere/out.pcap: cannot be written: no such file');
});
