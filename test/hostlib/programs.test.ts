// SPDX-License-Identifier: GPL-2.0
// programs.test.ts - The C API, the settings and the network backends: each a C program

import test from 'ava';

import { testProgram } from '../helpers/paths.js';
import { checkTap } from '../helpers/tap-program.js';

const program = test.macro({
	exec: (t, name: string, ...args: string[]) => checkTap(t, [testProgram(`hostlib/${name}`), ...args], { limit: 60_000 }),
	title: (what = '') => what,
});

test('a kernel in the process: files, threads, faults, network, halt', program, 'boot');
test('the same, linked statically', program, 'boot-static');
test('panics', program, 'panic');
test('the rest of the C API, and its types', program, 'api');
test('interfaces, routes, neighbours, queues and parameters', program, 'net');
test('disks: images, partitions, discard, journals, block devices', program, 'disk');
test("clocks: the host's, though a boot be disturbed", program, 'clock');
test('memory: pages at second addresses', program, 'memory');
test('settings: read and checked', program, 'settings');
test('settings: put into force', program, 'apply');
test('backend tap', program, 'backend_tap');
test('backend macvtap', program, 'backend_macvtap');
test('backend raw', program, 'backend_raw');
test('backend pipe', program, 'backend_pipe');
test('backend slirp', program, 'backend_slirp');
test('backend vde', program, 'backend_vde');
