# SPDX-License-Identifier: GPL-2.0
# pipe_end.py - The child closes a pipe that it has waited for: the other side sees the end
from common import *

c, s = pair()
r, w = os.pipe()
def body():
    os.close(r)
    p = reading(select.poll(), s)
    p.register(w, select.POLLOUT)
    assert p.poll(10000) == [(w, select.POLLOUT)]
    os.close(w)
    s.recv(1)
pid = child(body)
os.close(w)
assert os.read(r, 1) == b""
c.sendall(b"x")
wait(pid)
