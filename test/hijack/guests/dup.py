# SPDX-License-Identifier: GPL-2.0
# dup.py - Dup2() over a host descriptor, and back
from common import *

a, b = pair()
def body():
    r, w = os.pipe()
    os.dup2(b.fileno(), r)
    a.sendall(b"1")
    assert os.read(r, 1) == b"1"
    os.dup2(w, r)
    a.sendall(b"2")
    assert b.recv(1) == b"2"
wait(child(body))
