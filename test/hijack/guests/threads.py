# SPDX-License-Identifier: GPL-2.0
# threads.py - Children from several threads at once
from common import *

l = server()
def talk():
    with socket.create_connection(l.getsockname()) as c:
        c.sendall(b"x")
def forks():
    for n in range(20): wait(child(talk))
threads = [threading.Thread(target=forks) for n in range(4)]
for t in threads: t.start()
for n in range(80):
    with l.accept()[0] as s:
        assert s.recv(1) == b"x"
for t in threads: t.join()
