// SPDX-License-Identifier: GPL-2.0
// commands.test.ts - init, setup-tap, teardown-tap, doctor, and what the kernel does not have

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import test from 'ava';

import { launch, LAUNCHER, run } from './launch.js';

const rootTest = process.getuid?.() === 0 ? test : test.skip;
const TAP = ['--tap', 'lkltest0', '--ip', '10.9.0.2/24', '--ip', 'fd09::2/64', '--gateway', '10.9.0.1', '--gateway', 'fd09::1'];

function folder(): string {
	return mkdtempSync(join(tmpdir(), 'lkl-commands-'));
}

test('init writes a file that means what the options say', async (t) => {
	const cwd = folder();
	const { exitCode } = await launch(['init', '--net', 'slirp', '--forward', 'tcp:8080:80', '--forward', 'udp:53:53', '--qdisc', 'root=fq'], { cwd });
	t.is(exitCode, 0);
	t.like(JSON.parse(readFileSync(join(cwd, 'lkl-hijack.json'), 'utf8')), {
		interfaces: [{ type: 'slirp', param: 'tcp:8080:80,udp:53:53', qdisc: 'root|fq' }],
	});
	t.is((await launch(['check'], { cwd })).exitCode, 0);

	const again = await launch(['init', '--net', 'slirp'], { cwd });
	t.is(again.exitCode, 64);
	t.regex(again.stderr, /lkl-hijack\.json exists; expected --force/);
	t.is((await launch(['init', '--net', 'slirp', '--force'], { cwd })).exitCode, 0);
});

test('init writes nothing that is wrong', async (t) => {
	const cwd = folder();
	const { exitCode, stderr } = await launch(['init', '--tap', 'tap0', '--ip', '10.0.0.2'], { cwd });
	t.is(exitCode, 78);
	t.is(stderr, 'lkl-hijack: --ip=10.0.0.2: expected address and prefix length, such as 192.168.13.2/24');
	t.throws(() => readFileSync(join(cwd, 'lkl-hijack.json')));
});

test('init asks on a terminal, again after a bad answer', async (t) => {
	const cwd = folder();
	const answers = ['tap', 'tap7', '10.0.0/24', '10.0.0.2/24', '-'];
	const script = `
import os, pty, sys
pid, fd = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], [sys.argv[1], 'init'])
out = b''
for answer in sys.argv[2:]:
    while not out.endswith(b']: '):
        out += os.read(fd, 4096)
    os.write(fd, answer.encode() + b'\\n')
    out += b'\\n'
os.waitpid(pid, 0)
print(out.decode())`;
	const { stdout } = await run('python3', ['-c', script, LAUNCHER, ...answers], { cwd });
	t.regex(stdout, /--ip=10\.0\.0: expected the IPv4 address of a host/);
	t.like(JSON.parse(readFileSync(join(cwd, 'lkl-hijack.json'), 'utf8')), { interfaces: [{ type: 'tap', param: 'tap7', ip: '10.0.0.2', masklen: 24 }] });
});

test('setup-tap tells what it would do', async (t) => {
	const { stdout } = await launch(['setup-tap', ...TAP, '--owner', 'nobody', '--forwarding', '--dry-run']);
	t.deepEqual(stdout.split('\n'), [
		'ip tuntap add dev lkltest0 mode tap user nobody',
		'ip address add 10.9.0.1/24 dev lkltest0',
		'ip address add fd09::1/64 dev lkltest0 nodad',
		'ip link set dev lkltest0 up',
		'sysctl -q -w net.ipv4.ip_forward=1',
		'sysctl -q -w net.ipv6.conf.all.forwarding=1',
	]);
});

rootTest('setup-tap without privilege says which is missing', async (t) => {
	const { exitCode, stderr } = await launch(['setup-tap', ...TAP], { uid: 65534, gid: 65534 });
	t.is(exitCode, 77);
	t.regex(stderr, /^lkl-hijack: this needs the privilege CAP_NET_ADMIN/);
	t.regex(stderr, /ip tuntap add dev lkltest0 mode tap user 65534/);
});

rootTest('setup-tap makes what a program then uses, teardown-tap deletes it', async (t) => {
	const cwd = folder();
	await launch(['init', ...TAP], { cwd });
	const script = '"$0" setup-tap; "$0" setup-tap; "$0" ping -c1 -W2 10.9.0.1; "$0" ping -c1 -W2 fd09::1; "$0" teardown-tap; ip link show lkltest0';
	const { stdout, stderr } = await run('unshare', ['-n', 'bash', '-c', script, LAUNCHER], { cwd });
	t.is(stdout.match(/1 received/g)?.length, 2, stderr);
	t.regex(stdout, /^# lkltest0 exists already$/m);
	t.regex(stderr, /"lkltest0" does not exist/);
});

test('setup-tap without tap', async (t) => {
	const { exitCode, stderr } = await launch(['setup-tap', '--net', 'slirp']);
	t.is(exitCode, 78);
	t.regex(stderr, /the settings have no tap/);
});

test('doctor boots the kernel and lists what it has', async (t) => {
	const { exitCode, stdout } = await launch(['doctor']);
	t.is(exitCode, 0);
	t.regex(stdout, /^ok {2}kernel +Linux version 6\.12\.\d+, boots/m);
	t.regex(stdout, /^ok {2}congestion control +.*\bcubic\b/m);
	t.regex(stdout, /^ok {2}qdiscs +.*\bfq\b/m);
	t.regex(stdout, /^ok {2}file systems +.*\bext4\b/m);
	t.regex(stdout, process.arch === 'x64' ? /^ok {2}mode trap +static programs/m : /^no {2}mode trap +\S/m);
	const { features } = JSON.parse((await launch(['doctor', '--json'])).stdout) as { features: { sysctls: string[] } };
	t.true(features.sysctls.includes('net/ipv4/tcp_wmem'));
});

test('names that the kernel does not know', async (t) => {
	const { exitCode, stderr } = await launch([
		'check', '--sysctl', 'net.ipv4.tcp_wnem=1 2 3', '--sysctl', 'net.ipv4.tcp_congestion_control=bbrr', '--mount', 'proc,sysfss',
		'--sysctl', 'net.ipv4.conf.eth0.rp_filter=0', '--sysctl', 'net/ipv6/conf/eth0/accept_ra=0',
	]);
	t.is(exitCode, 78);
	const lines = stderr.split('\n');
	t.is(lines[0], 'lkl-hijack: --sysctl=net.ipv4.tcp_wnem=1 2 3: the kernel has no such parameter; did you mean net.ipv4.tcp_wmem?');
	t.regex(lines[1] ?? '', /^lkl-hijack: --sysctl=net\.ipv4\.tcp_congestion_control=bbrr: "bbrr" is not built in; expected one of reno, /);
	t.regex(lines[2] ?? '', /^lkl-hijack: --mount=sysfss: the kernel has no such file system; expected one of /);
	t.is(lines.length, 3);
	t.is((await launch(['check', '--keep-going', '--mount', 'sysfss'])).exitCode, 0);
});

test('options in groups: what is wrong is told with its interface', async (t) => {
	const { stderr } = await launch(['check', '--net', 'slirp', '--mtu', '1400', '--mtu', '1300', '--tap', 'tap1', '--mtu', '20', '--net=pipe']);
	t.deepEqual(stderr.split('\n'), [
		'lkl-hijack: --mtu=1300: given before, as --mtu=1400',
		'lkl-hijack: --tap tap1 --mtu=20: expected 68 to 65535',
		'lkl-hijack: --net pipe --param: missing; expected for type pipe, two fifos, to read and to write, such as /tmp/a|/tmp/b',
	]);
});

test('the completion script asks us', async (t) => {
	const script = join(folder(), 'complete');
	writeFileSync(script, (await launch(['completion'])).stdout);
	const { stdout } = await run('bash', ['-c', `
		lkl-hijack() { "$launcher" "$@"; }; source ${script}
		COMP_WORDS=(lkl-hijack --sys); COMP_CWORD=1; _lkl-hijack_yargs_completions; echo "$COMPREPLY"
		COMP_WORDS=(lkl-hijack setup); COMP_CWORD=1; _lkl-hijack_yargs_completions; echo "$COMPREPLY"`], { env: { launcher: LAUNCHER } });
	t.is(stdout, '--sysctl\nsetup-tap');
});
