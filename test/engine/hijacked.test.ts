// SPDX-License-Identifier: GPL-2.0
// hijacked.test.ts - Signals, cancellation and forks of programs under the preload library

import test from 'ava';

import { hijacked } from '../helpers/hijacked.js';
import { testProgram } from '../helpers/paths.js';
import { checkTap } from '../helpers/tap-program.js';

for (const name of ['cancel', 'signals2', 'order']) {
	test.serial(name, (t) => checkTap(t, hijacked({}, [testProgram(`engine/${name}`)])));
}

test.serial('fork', (t) => checkTap(t, hijacked({ ON_FORK: 'closed' }, [testProgram('engine/fork')])));

// It forks: the kernel is that of each child, or the parent's.
for (const mode of ['fresh', 'shared']) {
	test.serial(`endings, ${mode}`, (t) => checkTap(t, hijacked({ ON_FORK: mode }, [testProgram('engine/endings')]), { limit: 90_000 }));
}

test.serial('fresh', (t) =>
	checkTap(t, hijacked({ ON_FORK: 'fresh', SYSCTL: 'net.ipv4.tcp_sack=0' }, [testProgram('engine/fresh')]), { limit: 90_000 }));
