// SPDX-License-Identifier: GPL-2.0
// examples.test.ts - Settings as users of LKL spell them in their environment, over a tap

import test from 'ava';

import { LAUNCHER, type Outcome, run } from './launch.js';

const rootTest = process.getuid?.() === 0 ? test : test.skip;

/** The environment of the well-known examples. */
const BASE = {
	LKL_HIJACK_NET_IFTYPE: 'tap',
	LKL_HIJACK_NET_IFPARAMS: 'lkl_test_tap0',
	LKL_HIJACK_NET_IP: '192.168.13.2',
	LKL_HIJACK_NET_NETMASK_LEN: '24',
	LKL_HIJACK_NET_IPV6: 'fc03::2',
	LKL_HIJACK_NET_NETMASK6_LEN: '64',
};

/** Runs a script in a namespace where the tap is, the host being 192.168.13.1 and fc03::1. */
function onTap(script: string, env: Record<string, string> = {}, base: Record<string, string> = BASE): Promise<Outcome> {
	const setup = `
		ip link set lo up
		ip tuntap add dev lkl_test_tap0 mode tap
		ip link set dev lkl_test_tap0 up
		ip addr add dev lkl_test_tap0 192.168.13.1/24
		ip -6 addr add dev lkl_test_tap0 fc03::1/64 nodad`;
	// A process namespace of its own: what the script leaves behind ends with it.
	return run('unshare', ['-n', '-p', '-f', 'bash', '-ec', `${setup}\n${script}`, LAUNCHER], { env: { ...base, ...env } });
}

const shows = test.macro({
	async exec(t, env: Record<string, string>, program: string, ...expected: RegExp[]) {
		const { stdout, stderr } = await onTap(`"$0" ${program}`, env);
		for (const pattern of expected) {
			t.regex(stdout, pattern, stderr);
		}
	},
	title: (what = '') => `example: ${what}`,
});

const env = (name: string, value: string): Record<string, string> => ({ [`LKL_HIJACK_${name}`]: value });

rootTest('ip address', shows, {}, 'ip address show', /eth0/, /inet 192\.168\.13\.2\/24/, /inet6 fc03::2\/64/);
rootTest('MAC', shows, env('NET_MAC', 'aa:bb:cc:dd:ee:ff'), 'ip link show eth0', /link\/ether aa:bb:cc:dd:ee:ff/);
rootTest('MTU', shows, env('NET_MTU', '1280'), 'ip link show eth0', /mtu 1280/);
rootTest('NEIGHBOR', shows, env('NET_NEIGHBOR', '192.168.13.100|12:34:56:78:9a:bc;fc03::100|12:34:56:78:9a:be'), 'ip neighbor show',
	/192\.168\.13\.100 dev eth0 lladdr 12:34:56:78:9a:bc PERMANENT/, /fc03::100 dev eth0 lladdr 12:34:56:78:9a:be PERMANENT/);
rootTest('QDISC', shows, env('NET_QDISC', 'root|fq'), 'tc qdisc show', /qdisc fq .*dev eth0 root/);
rootTest('SYSCTL', shows, env('SYSCTL', 'net.ipv4.tcp_wmem=4096 87380 2147483647'), 'cat /proc/sys/net/ipv4/tcp_wmem', /4096\s+87380\s+2147483647/);
rootTest('SINGLE_CPU', shows, env('SINGLE_CPU', '1'), 'ping -c1 -W5 192.168.13.1', /1 received/);
rootTest('MOUNT', shows, env('MOUNT', 'proc,sysfs'), 'ls /sys/class/net', /eth0/);
rootTest('GATEWAY', shows, { ...env('NET_GATEWAY', '192.168.13.1'), ...env('NET_GATEWAY6', 'fc03::1') }, 'ip route show', /default via 192\.168\.13\.1 dev eth0/);
rootTest('ping6', shows, {}, 'ping -6 -c1 -W5 fc03::1', /1 received/);

rootTest('example: DEBUG=1 logs to stderr', async (t) => {
	const { stdout, stderr } = await onTap('"$0" ip link', env('DEBUG', '1'));
	t.regex(stderr, /Linux version 6\.12/);
	t.notRegex(stdout, /Linux version/);
});

rootTest('example: NET_TAP alone', async (t) => {
	const { LKL_HIJACK_NET_IFTYPE: type, LKL_HIJACK_NET_IFPARAMS: params, ...rest } = BASE;
	t.is(type, 'tap');
	const { stdout, stderr } = await onTap('"$0" ip address show', env('NET_TAP', params), rest);
	t.regex(stdout, /inet 192\.168\.13\.2\/24/);
	t.regex(stderr, /NET_TAP=lkl_test_tap0: obsolete/);
});

rootTest('example: netserver -D -f with OFFLOAD=0x8002', async (t) => {
	if ((await run('sh', ['-c', 'command -v netperf netserver'])).exitCode !== 0) {
		t.log('netperf is not installed');
		t.pass();
		return;
	}
	const { stdout, stderr } = await onTap(`
		"$0" netserver -D -f -L 192.168.13.2 -4 >/dev/null 2>&1 &
		for try in $(seq 50); do ping -c1 -W1 192.168.13.2 >/dev/null && break; sleep .1; done
		sleep .5
		netperf -4 -H 192.168.13.2 -t TCP_STREAM -l 1 -P 0`, env('OFFLOAD', '0x8002'));
	t.true(Number(stdout.trim().split(/\s+/)[4]) > 10, stdout + stderr);
});

rootTest('example: ip=dhcp against dnsmasq', async (t) => {
	const { stdout, stderr } = await onTap(`
		dnsmasq --no-daemon --conf-file=/dev/null --port=0 --interface=lkl_test_tap0 --bind-interfaces --leasefile-ro --no-ping \\
			--dhcp-range=192.168.13.50,192.168.13.60,60 --dhcp-option=3,192.168.13.1 2>/dev/null &
		sleep 1
		"$0" ip address show; "$0" ip route show; "$0" ping -c1 -W5 192.168.13.1`,
	env('BOOT_CMDLINE', 'ip=dhcp'), { LKL_HIJACK_NET_IFTYPE: 'tap', LKL_HIJACK_NET_IFPARAMS: 'lkl_test_tap0' });
	t.regex(stdout, /inet 192\.168\.13\.(?:5\d|60)\/24/, stderr);
	t.regex(stdout, /default via 192\.168\.13\.1 dev eth0/, stderr);
	t.regex(stdout, /1 received/, stderr);
});

test('example: ip=dhcp against slirp', async (t) => {
	const { stdout, stderr } = await run(LAUNCHER, ['ip', 'address', 'show'], { env: { ...env('NET_IFTYPE', 'slirp'), ...env('BOOT_CMDLINE', 'ip=dhcp') } });
	t.regex(stdout, /inet 10\.0\.2\.15\/24/, stderr);
});
