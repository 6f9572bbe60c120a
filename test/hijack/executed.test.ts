// SPDX-License-Identifier: GPL-2.0
// executed.test.ts - Programs that a program executes: whose network they are on

import test from 'ava';

import { type Command, run, succeed } from '../helpers/command.js';
import { launched, slirp, TAP } from '../helpers/hijacked.js';
import { makeNetns, netnsProblem } from '../helpers/netns.js';
import { LAUNCHER } from '../helpers/paths.js';
import { testUnless } from '../helpers/provided.js';
import { PYTHON } from '../helpers/servers.js';

const problem = await netnsProblem();

const python = (code: string): Command => [PYTHON, '-E', '-c', code];

const DEVICES = /^ *(\S+):/gm;
const devicesIn = (table: string): string[] => [...table.matchAll(DEVICES)].map(([, device = '']) => device);

/** Ways to execute a program. */
const EXEC: Readonly<Record<string, Command>> = {
	'sh -c': ['sh', '-c', 'cat /proc/net/dev; :'],
	exec: ['sh', '-c', 'exec cat /proc/net/dev'],
	'system()': python('import os; os.system("cat /proc/net/dev")'),
	'posix_spawn()': python('import os; os.waitpid(os.posix_spawn("/bin/cat", ["cat", "/proc/net/dev"], os.environ), 0)'),
	'a shell in between': ['sh', '-c', 'sh -c "cat /proc/net/dev; :"; :'],
};

for (const [name, command] of Object.entries(EXEC)) {
	test(`NO_FOLLOW_EXEC: ${name} stays on the host`, async (t) => {
		const host = await succeed(t, ['cat', '/proc/net/dev']);
		const settings = { ...slirp(), NO_FOLLOW_EXEC: 1 };

		t.deepEqual(devicesIn(await succeed(t, launched(settings, command))), devicesIn(host));
		t.deepEqual(devicesIn(await succeed(t, launched(slirp(), command))).sort(), ['eth0', 'lo']);
	});
}

for (const [name, command] of Object.entries(EXEC)) {
	testUnless([problem], `${name}: the tap is that of the program that was launched`, async (t) => {
		const net = await makeNetns(t);
		t.regex(await succeed(t, net.within(launched(TAP, command))), /^ *eth0:/m);
	});
}

test('programs of a script talk to each other', async (t) => {
	const script = `nc -l 127.0.0.1 8000 & server=$!
		until ss -tln | grep -q :8000; do :; done
		echo over loopback | nc -N 127.0.0.1 8000; wait $server`;
	t.is(await succeed(t, launched(slirp(), ['sh', '-c', script])), 'over loopback');
});

/** Ways to make children, each of which is to see what the one before it has set up. */
const CHILDREN: Readonly<Record<string, Command>> = {
	'a shell': ['sh', '-c', 'ip link add dummy7 type dummy; ip -oneline link show dummy7'],
	'a wrapper and a shell': ['nice', 'sh', '-c', 'ip link add dummy7 type dummy; ip -oneline link show dummy7'],
	'system()': python('import os\nfor c in ("add dummy7 type dummy", "show dummy7"): os.system("ip -oneline link " + c)'),
	'subprocess': python('import subprocess\nfor c in ("add dummy7 type dummy", "show dummy7"): subprocess.run(["ip", "-oneline", "link", *c.split()])'),
	'posix_spawn()': python(`import os
for c in ("add dummy7 type dummy", "show dummy7"): os.waitpid(os.posix_spawnp("ip", ["ip", "-oneline", "link", *c.split()], os.environ), 0)`),
	'fork()': python(`import os, socket
for change in (lambda: os.execlp("ip", "ip", "link", "add", "dummy7", "type", "dummy"), lambda: print(socket.if_nametoindex("dummy7") and "dummy7:", flush=True)):
    pid = os.fork()
    if not pid: change(); os._exit(0)
    os.waitpid(pid, 0)`),
};

for (const mode of ['auto', 'trap']) {
	for (const [name, command] of Object.entries(CHILDREN)) {
		test(`${mode}: no interface and no call so far: all children of ${name} have one kernel`, async (t) => {
			t.regex(await succeed(t, launched({ MODE: mode }, command)), /\bdummy7:/);
		});
	}
}

for (const settings of [{ NO_FOLLOW_EXEC: 1 }, { ON_FORK: 'fresh' }, { ON_FORK: 'closed' }]) {
	test(`${JSON.stringify(settings)}: no kernel boots for the sake of children`, async (t) => {
		const code = 'import os; os.system(":"); pid = os.fork(); print(open("/proc/self/status").read()) if pid else os._exit(0)';
		t.regex(await succeed(t, launched(settings, python(code))), /^Threads:\s+1$/m);
	});
}

test('a script that goes on after its last line: the kernel stays for what it has started', async (t) => {
	const script = '(sleep 1; exec ip -brief link show lo) & exit';
	t.regex(await succeed(t, launched(slirp(), ['sh', '-c', script])), /^lo /);
});

test('a program that is executed when the kernel has been killed: ENODEV', async (t) => {
	const code = 'import errno, socket\ntry: socket.socket()\nexcept OSError as e: print(errno.errorcode[e.errno])';
	const script = `(sleep 1; exec ${PYTHON} -c '${code}') & kill -9 $$`;
	t.is((await run(launched(slirp(), ['sh', '-c', script]))).stdout, 'ENODEV');
});

test('a program that is launched by a program has settings of its own', async (t) => {
	const inner = `${LAUNCHER} --net slirp --mtu 1400 ip -oneline link show eth0`;
	const output = await succeed(t, launched(slirp(), ['sh', '-c', `${inner}; ip -oneline link show eth0`]));
	t.deepEqual([...output.matchAll(/mtu (\d+)/g)].map(([, mtu]) => mtu), ['1400', '1500']);
});

/** What programs make of the environment of those that they execute. */
const ENVIRONMENTS: Readonly<Record<string, string>> = {
	'of its own': 'env -i /bin/cat /proc/net/dev; :',
	'without LD_PRELOAD': 'env -u LD_PRELOAD cat /proc/net/dev; :',
	'with another LD_PRELOAD': 'LD_PRELOAD=/lib/x86_64-linux-gnu/libm.so.6 cat /proc/net/dev; :',
	'of its own, two in turn': 'env -i /bin/sh -c "/usr/bin/env -i /bin/cat /proc/net/dev; :"; :',
	'of its own, by posix_spawn()': `${PYTHON} -c 'import os; os.waitpid(os.posix_spawn("/bin/cat", ["cat", "/proc/net/dev"], {}), 0)'`,
};

for (const mode of ['auto', 'trap']) {
	for (const [name, script] of Object.entries(ENVIRONMENTS)) {
		test(`${mode}: an environment ${name} does not put a program on the host's network`, async (t) => {
			const output = await succeed(t, launched({ ...slirp(), MODE: mode }, ['sh', '-c', script]));
			t.deepEqual(devicesIn(output).sort(), ['eth0', 'lo']);
		});
		test(`${mode}: an environment ${name}, and no kernel yet: it boots one with the settings`, async (t) => {
			const output = await succeed(t, launched({ ...slirp(), ON_FORK: 'closed', MODE: mode }, ['sh', '-c', script]));
			t.deepEqual(devicesIn(output).sort(), ['eth0', 'lo']);
		});
	}
}

test('NO_FOLLOW_EXEC: the program itself is on its own kernel, with no trace of us in the environment', async (t) => {
	const own = await succeed(t, launched({ ...slirp(), NO_FOLLOW_EXEC: 1 }, python('print(open("/proc/net/dev").read())')));
	t.regex(own, /eth0/);
	const env = await succeed(t, launched({ ...slirp(), NO_FOLLOW_EXEC: 1 }, ['sh', '-c', 'env -u LKL_BUILD; :']));
	t.notRegex(env, /LKL|LD_PRELOAD/);
});

test('NO_FOLLOW_EXEC: other libraries to preload stay', async (t) => {
	const other = '/lib/x86_64-linux-gnu/libm.so.6';
	const command = launched({ NO_FOLLOW_EXEC: 1 }, ['sh', '-c', 'env; :']);
	t.regex(await succeed(t, ['env', `LD_PRELOAD=${other}`, ...command]), new RegExp(`^LD_PRELOAD=${other}$`, 'm'));
});
