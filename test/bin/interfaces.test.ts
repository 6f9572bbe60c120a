// SPDX-License-Identifier: GPL-2.0
// interfaces.test.ts - Several interfaces, end to end: over taps in a network namespace of the test's own

import test from 'ava';

import { LAUNCHER, type Outcome, run } from './launch.js';

const rootTest = process.getuid?.() === 0 ? test : test.skip;

/** Runs a script where `taps` exist, the host being 10.0.N.1. */
function withTaps(taps: number, script: string, env: Record<string, string> = {}): Promise<Outcome> {
	const setup = Array.from({ length: taps }, (_, n) => [
		`ip tuntap add dev lt${n} mode tap`, `ip addr add 10.0.${n}.1/24 dev lt${n}`, `ip link set lt${n} up`,
	]).flat();
	return run('unshare', ['-n', 'bash', '-ec', [...setup, script].join('\n'), LAUNCHER], { env });
}

rootTest('two taps given as options', async (t) => {
	const { stdout, stderr } = await withTaps(2, `
		options="--tap lt0 --ip 10.0.0.2/24 --mac 02:00:00:00:00:0a --tap lt1 --ip 10.0.1.2/24 --ip fd01::2/64 --mtu 1400"
		"$0" $options ip -o addr show
		"$0" $options ip -o link show
		"$0" $options ping -c1 -W2 10.0.0.1
		"$0" $options ping -c1 -W2 10.0.1.1`);
	t.regex(stdout, /eth0 .*10\.0\.0\.2\/24/);
	t.regex(stdout, /eth1 .*10\.0\.1\.2\/24/);
	t.regex(stdout, /eth1 .*fd01::2\/64/);
	t.regex(stdout, /eth0.* mtu 1500 .*02:00:00:00:00:0a/);
	t.regex(stdout, /eth1.* mtu 1400 /);
	t.is(stdout.match(/1 received/g)?.length, 2, stderr);
});

rootTest('sixteen taps given in the environment', async (t) => {
	const env = Object.fromEntries(Array.from({ length: 16 }, (_, n) => Object.entries({
		IFTYPE: 'tap', IFPARAMS: `lt${n}`, IP: `10.0.${n}.2`, NETMASK_LEN: '24',
	}).map(([name, value]) => [`LKL_HIJACK_NET${n === 0 ? '' : n}_${name}`, value])).flat()) as Record<string, string>;
	const { stdout, stderr } = await withTaps(16, '"$0" ip -o addr show; "$0" ping -c1 -W2 10.0.0.1; "$0" ping -c1 -W2 10.0.15.1', env);
	t.is(stdout.match(/eth\d+ +inet /g)?.length, 16);
	t.is(stdout.match(/1 received/g)?.length, 2, stderr);
});
