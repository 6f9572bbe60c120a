# SPDX-License-Identifier: GPL-2.0
# common.py - What the programs here have in common: see guests.test.ts
import ctypes, errno, os, select, signal, socket, sys, threading, time, traceback

def child(body):
    pid = os.fork()
    if pid:
        return pid
    try:
        body()
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)

def wait(pid):
    assert os.waitpid(pid, 0)[1] == 0, "child failed"

def pair():
    with socket.create_server(("127.0.0.1", 0)) as l:
        return socket.create_connection(l.getsockname()), l.accept()[0]

def server():
    return socket.create_server(("127.0.0.1", 0))

def reading(waiter, *files):
    for file in files:
        waiter.register(file, select.POLLIN)
    return waiter

def receive_all(s):
    return b"".join(iter(lambda: s.recv(65536), b""))
