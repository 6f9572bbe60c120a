// SPDX-License-Identifier: GPL-2.0
// sources.test.ts - Where settings come from: precedence, files, unknown names

import test from 'ava';

import { writeEnv } from '../../config/write.js';
import { preloadProblems } from './preload-reader.js';
import { resolving, settingsFile, TAP } from './resolving.js';

const FILE = `{
	// Comments are allowed.
	"interfaces": [{
		"type": "tap", "param": "tap0",
		"ip": "192.168.13.2", "masklen": "24",
		"mtu": 1400,
	}],
	"singlecpu": 1, "debug": "0x1", "keep_going": true
}`;

test('command line wins over environment, environment over file', async (t) => {
	const path = settingsFile(FILE);
	const file = await resolving({ CONFIG_FILE: path });
	const env = await resolving({ CONFIG_FILE: path, NET_MTU: '1401', DEBUG: '0' });
	const options = await resolving({ CONFIG_FILE: '/nowhere', NET_MTU: '1401' }, `--config-file=${path}`, '--net-mtu=1402');

	t.deepEqual([...file.problems, ...env.problems, ...options.problems], []);
	t.like(file.top, { debug: 1, keepGoing: 1 });
	t.like(file.interfaces[0], { mtu: 1400, netmaskLen: 24 });
	t.like(env.top, { debug: 0, singleCpu: 1 });
	t.like(env.interfaces[0], { mtu: 1401 });
	t.like(options.top, { debug: 1 });
	t.like(options.interfaces[0], { mtu: 1402 });
});

test('the preload library reads the file too, and the environment wins', async (t) => {
	const path = settingsFile('{"interfaces": [{"type": "tap", "param": "tap0", "mtu": 20, "ip": "10.0.0.2"}], "debug": 2}');
	const [cured, retyped] = await preloadProblems([
		{ CONFIG_FILE: path, NET_MTU: '1400', NET_NETMASK_LEN: '24', DEBUG: '1' },
		{ CONFIG_FILE: path, NET_IFTYPE: 'macvtap', NET_MTU: '1400', NET_NETMASK_LEN: '24', DEBUG: '1' },
	]);
	t.deepEqual(cured, []);
	// The parameter in the file belongs to its type.
	t.deepEqual(retyped, ['LKL_HIJACK_NET_IFPARAMS: missing; expected for type macvtap, the path of a macvtap device, such as /dev/tap4']);
});

test('addresses may stand at the top of a file', async (t) => {
	const path = settingsFile('{"interfaces": [{"type": "slirp"}], "ip": "10.0.2.20", "masklen": 24}');
	const { interfaces, problems } = await resolving({ CONFIG_FILE: path });
	t.deepEqual(problems, []);
	t.is(interfaces[0]?.ip, '10.0.2.20');
});

const broken = test.macro({
	async exec(t, content: string, ...expected: string[]) {
		const path = settingsFile(content);
		const { problems } = await resolving({ CONFIG_FILE: path });
		t.deepEqual(problems.map((line) => line.replaceAll(path, 'FILE')), expected);
		// The preload library says the same, but for what only a library knows, and what only a table does.
		const [found] = await preloadProblems([{ CONFIG_FILE: path }]);
		const same = (line: string): string => line.replace(/(: not JSON): .*|(: expected text or a number).*/, '$1$2');
		t.deepEqual(found?.map(same), problems.map(same));
	},
	title: (what = '') => `a file with ${what}`,
});

test('bad values', broken, '{\n"debug": 2,\n"interfaces": [{"type": "slirp", "mtu": 20}]}',
	'FILE:2:10: debug=2: has unknown bits 0x2; expected a sum of 0x1 (log), 0x100 (hold_exit), 0x200 (hold_start), or names with commas',
	'FILE:3:41: interfaces[0].mtu=20: expected 68 to 65535');
test('five mistakes, told in the order of the lines', broken, `{
	"debug": 2,
	"interfaces": [{
		"type": "tap", "param": "tap0", "offload": "csum,tso5",
		"mtu": 20,
		"prama": "x"
	}],
	"delay_main": "1s"
}`,
	'FILE:2:11: debug=2: has unknown bits 0x2; expected a sum of 0x1 (log), 0x100 (hold_exit), 0x200 (hold_start), or names with commas',
	'FILE:4:46: interfaces[0].offload=tso5: expected a sum of 0x1 (csum), 0x2 (guest_csum), 0x80 (guest_tso4), 0x100 (guest_tso6), 0x800 (host_tso4), 0x1000 (host_tso6), 0x4000 (host_ufo), 0x8000 (mrg_rxbuf), or names with commas (also tso4, tso6)',
	'FILE:5:10: interfaces[0].mtu=20: expected 68 to 65535',
	'FILE:6:3: interfaces[0].prama: no such setting; did you mean param?',
	'FILE:8:16: delay_main=1s: expected 0 to 600000000');
test('unknown keys', broken, '{"sysctrl": "a=b", "interfaces": [{"type": "slirp", "prama": ""}]}',
	'FILE:1:2: sysctrl: no such setting; did you mean sysctl?',
	'FILE:1:53: interfaces[0].prama: no such setting; did you mean param?');
test('a syntax error', broken, '{\n"debug": 1,,\n}', 'FILE:2:12: not JSON: PropertyNameExpected');
test('an object for a value', broken, '{"mount": {}}', 'FILE:1:11: mount: expected text or a number: types of file systems: proc,sysfs');
test('a comment without end', broken, '{\n"debug": 1 /* log', 'FILE:2:12: not JSON: UnexpectedEndOfComment');
test('letters of UTF-8 and escapes', broken, '{"boot_cmdline": "ü\\u20ac\\ud83d\\ude00", /* ö */ "mount": "/\\u00fc"}',
	'FILE:1:58: mount=/ü: expected types of file systems, such as proc,sysfs');
test('numbers of every form', broken, '{"delay_main": 1e3, "debug": -1}',
	'FILE:1:16: delay_main=1e3: expected 0 to 600000000',
	'FILE:1:30: debug=-1: expected a sum of 0x1 (log), 0x100 (hold_exit), 0x200 (hold_start), or names with commas');
test('a list', broken, '[]', 'FILE:1:1: expected an object, {...}');
test('nothing in it', broken, '', 'FILE:1:1: not JSON: ValueExpected');
test('seventeen interfaces', broken, `{"interfaces": [${'{"type": "slirp"}, '.repeat(16)}{}]}`, 'FILE:1:321: interfaces[16]: more than 16 interfaces');
test('a key twice', broken, '{"debug": 1, "debug": 0}', 'FILE:1:23: debug=0: given before, at FILE:1:11: debug');
test('an address without prefix length', broken, '{"interfaces": [{"type": "slirp", "ip": "10.0.2.7"}]}', 'FILE: interfaces[0].masklen: missing; expected with FILE: interfaces[0].ip=10.0.2.7');

test('a file that is missing', async (t) => {
	const { problems } = await resolving({ CONFIG_FILE: '/nowhere/file' });
	t.is(problems.length, 1);
	t.regex(problems[0] ?? '', /^LKL_HIJACK_CONFIG_FILE=\/nowhere\/file: cannot be read: ENOENT/);
	t.deepEqual(await preloadProblems([{ CONFIG_FILE: '/nowhere/file' }]), [['LKL_HIJACK_CONFIG_FILE=/nowhere/file: cannot be read: No such file or directory']]);
});

test('unknown names come with a suggestion, if one is near', async (t) => {
	const { problems } = await resolving({ NET_IFTPYE: 'tap', ZZZZZZZZZZZZZZZZZZZZ: '1' }, '--net-gatway=1', '-q');
	t.deepEqual(problems, [
		'LKL_HIJACK_NET_IFTPYE=tap: no such setting; did you mean LKL_HIJACK_NET_IFTYPE?',
		'LKL_HIJACK_ZZZZZZZZZZZZZZZZZZZZ=1: no such setting',
		'--net-gatway: no such option; did you mean --net-gateway?',
		'-q: no such option',
	]);
});

test('a message is one short line, whatever the value', async (t) => {
	const { problems } = await resolving({ NET_IFTYPE: `a\nb\x1b${'x'.repeat(500)}` });
	t.regex(problems[0] ?? '', /^LKL_HIJACK_NET_IFTYPE=a\?b\?x{156}\.\.\.: expected/);
});

test('the preload library is told canonical values', async (t) => {
	const settings = await resolving({ ...TAP, OFFLOAD: 'csum,guest_csum', NET_MTU: '0x5dc' });
	t.deepEqual(writeEnv(settings), {
		LKL_HIJACK_NET_IFTYPE: 'tap',
		LKL_HIJACK_NET_IFPARAMS: 'tap0',
		LKL_HIJACK_NET_IP: '192.168.13.2',
		LKL_HIJACK_NET_NETMASK_LEN: '24',
		LKL_HIJACK_NET_IPV6: 'fd00::2',
		LKL_HIJACK_NET_NETMASK6_LEN: '64',
		LKL_HIJACK_NET_MTU: '1500',
		LKL_HIJACK_OFFLOAD: '0x3',
	});
});
