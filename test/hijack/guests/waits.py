# SPDX-License-Identifier: GPL-2.0
# waits.py - Poll, select and epoll with sockets and pipes
from common import *

c, s = pair()
r, w = os.pipe()
told, tell = os.pipe()
def body():
    os.close(w)
    ep = reading(select.epoll(), s, r)
    p = reading(select.poll(), s, r)
    waits = {
        "epoll": lambda ms: [fd for fd, events in ep.poll(ms / 1000)],
        "poll": lambda ms: [fd for fd, events in p.poll(ms)],
        "select": lambda ms: select.select([s.fileno(), r], [], [], ms / 1000)[0],
    }
    for name, look in waits.items():
        assert look(0) == [], name
        os.write(tell, b"r")
        assert look(10000) == [r], name
        assert look(0) == [r], name
        os.read(r, 1)
        assert look(0) == [], name
        os.write(tell, b"s")
        assert look(10000) == [s.fileno()], name
        s.recv(1)
    os.write(tell, b"c")
    assert ep.poll(10) == [(r, select.EPOLLHUP)]
    os.close(r)
    assert ep.poll(0) == []
pid = child(body)
os.close(r)
os.close(tell)
while what := os.read(told, 1):
    time.sleep(0.02)
    if what == b"r": os.write(w, b"x")
    if what == b"s": c.sendall(b"x")
    if what == b"c": os.close(w)
wait(pid)
