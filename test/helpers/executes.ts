// SPDX-License-Identifier: GPL-2.0
// executes.ts - A program that executes another one in its place

import type { Command } from './command.js';
import { PYTHON } from './servers.js';

export const python = (code: string): Command => [PYTHON, '-E', '-c', code];

/** A program that executes `then`, which gets a socket that listens, `s`, and `talk()` on it; `before` comes first. */
export const executes = (then: string, before = ''): Command => python(`
import os, signal, socket, sys, threading, time
s = socket.create_server(("127.0.0.1", 8000))
s.set_inheritable(True)
${before}
sys.stdout.flush()
os.execv("${PYTHON}", ["${PYTHON}", "-E", "-c", """
import os, signal, socket, sys
s = socket.socket(fileno=%d)
def talk(word):
    with socket.create_connection(("127.0.0.1", 8000)) as c:
        s.accept()[0].sendall(word)
        print(c.recv(100).decode(), flush=True)
${then}""" % s.fileno()])`);
