// SPDX-License-Identifier: GPL-2.0
// single-cpu.test.ts - SINGLE_CPU: which threads stay on one CPU of the host

import { availableParallelism } from 'node:os';

import test, { type ExecutionContext } from 'ava';

import { succeed } from '../helpers/command.js';
import { hijacked, type Settings, slirp } from '../helpers/hijacked.js';
import { PYTHON } from '../helpers/servers.js';

// Elsewhere every thread is on one CPU anyhow.
const onSeveral = availableParallelism() > 1 ? test : test.skip;

/** How many threads of a process may run on one CPU only, and how many on more. */
async function countThreads(t: ExecutionContext, settings: Settings): Promise<{ pinned: number; free: number }> {
	const statuses = await succeed(t, hijacked({ ...slirp(), ...settings }, ['sh', '-c', 'cat /proc/$$/task/*/status']));
	const lists = [...statuses.matchAll(/^Cpus_allowed_list:\t(.*)$/gm)].map(([, list = '']) => list);
	const pinned = lists.filter((list) => /^\d+$/.test(list));

	t.true(new Set(pinned).size <= 1, 'on one and the same CPU');
	return { pinned: pinned.length, free: lists.length - pinned.length };
}

// The program's thread, the helper and that of the user-mode network.
onSeveral('0: no thread is pinned', async (t) => {
	t.deepEqual(await countThreads(t, { SINGLE_CPU: 0 }), { pinned: 0, free: 3 });
});

onSeveral('1: those that run the kernel', async (t) => {
	t.deepEqual(await countThreads(t, { SINGLE_CPU: 1 }), { pinned: 2, free: 1 });
});

onSeveral('2: that of the backend as well', async (t) => {
	t.deepEqual(await countThreads(t, { SINGLE_CPU: 2 }), { pinned: 3, free: 0 });
});

/** A thread that is there before the kernel, and calls it after another has booted it. */
const EARLY = `
import os, threading

go = threading.Event()
cpus = []

def late():
    cpus.append(len(os.sched_getaffinity(0)))
    go.wait()
    cpus.append(len(os.sched_getaffinity(0)))
    socket.socket()
    cpus.append(len(os.sched_getaffinity(0)))

thread = threading.Thread(target=late)
thread.start()
import socket
socket.socket()
go.set()
thread.join()
print([n > 1 for n in cpus])
`;

onSeveral('a thread is pinned with its first call', async (t) => {
	t.is((await succeed(t, hijacked({ SINGLE_CPU: 1 }, [PYTHON, '-c', EARLY]))).trim(), '[True, True, False]');
	t.is((await succeed(t, hijacked({ SINGLE_CPU: 0 }, [PYTHON, '-c', EARLY]))).trim(), '[True, True, True]');
});
